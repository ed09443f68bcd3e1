"""A month of a clinic with six staff: people answer, forget, take back and fall silent; patients move, stay
away and have complications; the roster has holes, and what waits is handed on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random

from bot.clock import VirtualClock
from bot.core.actions import Button
from bot.core.case import Outcome, Task
from bot.core.course import Course
from bot.core.errors import BookendError
from bot.core.kinds import FieldKind, Phase
from bot.core.outgoing import Entry
from bot.core.people import Clinic, Duty, Person, Role, Shift
from bot.core.replies import Pressed, Reply, Typed
from bot.core.times import Closed
from bot.core.usual import usual_values
from bot.service import cases
from bot.service.answer import Given, undo
from bot.service.deliver import delivered
from bot.service.desk import ClinicDesk
from bot.service.practice import Practice
from bot.service.tick import tick
from tests.noise.clinic import (
    CALENDAR,
    DAY,
    ROOMS,
    SECOND_NURSE,
    STAFF,
    Bookings,
    at,
    books,
    clinic,
    practice,
)
from tests.noise.figures import Figure, figures
from tests.noise.rules import Rules
from tests.noise.staff import Staff
from tests.service.clinic import awaited, here
from tests.service.seen import buttons_of
from tests.service.workspace import PLATFORM, Workspace, WorkspaceChat
from tests.store.memory import memory_store

CHANNEL = "#clinic"
#: Of a hundred answers so many are not the usual one, and so many are taken back.
ODD: Mapping[Outcome, int] = {Outcome.PROBLEM: 2, Outcome.NOT_APPLICABLE: 2, Outcome.CAUGHT: 4}
STOPS, TAKEN_BACK = 3, 3
#: When people look at what they have, though no telephone buzzed.
GLANCES = (time(10, 30), time(13, 30), time(16, 30))
#: Of a hundred cases so many are moved, cancelled, not attended, or have a complication.
FATES: Mapping[str, int] = {"move": 20, "cancel": 8, "away": 5, "event": 15}


class People(Staff):
    """Staff of a whole month: not always there, not always right, not always quick."""

    forgets, again = 5, timedelta(hours=5)

    def __init__(self, practice: Practice, workspace: Workspace, random: Random) -> None:
        super().__init__(practice, workspace, random)
        self.desk = ClinicDesk(practice=practice)
        self.did = 0

    def habits(self, days: int) -> None:
        """Let everybody glance at their lists three times a day: an edit buzzes nobody."""
        for number in range(days):
            for wall in GLANCES:
                moment = at(DAY + timedelta(days=number), wall)
                there = {who for role in Role for who in self.clinic.on_duty(role, moment)}
                for who in sorted(there):
                    self._means(moment, "look", who)

    def fate(self, code: str, booked: datetime, start: datetime) -> None:
        """Let something happen to a case, or nothing."""
        for doing, often in FATES.items():
            if self.random.randrange(100) < often:
                before = booked + (start - booked) * self.random.random()
                when = {"away": start, "event": start + timedelta(hours=self.random.choice([3, 20, 50]))}
                self._means(when.get(doing, before), doing, code)

    def records(self, opened: Course) -> None:
        """Let the desk record the booking with the button that stands under its code."""
        fran = self.clinic.person("fran")
        for task in opened.tasks:
            if opened.step(task).phase is Phase.BOOKING:
                with self.practice.store.writing() as tx:
                    self._answer(tx, fran, task)

    def _happens(self, doing: str, what: str, now: datetime) -> None:
        try:
            self._does(doing, what, now)
        except BookendError:
            # too late, too early or not theirs: people are told so, and go on
            return

    def _does(self, doing: str, what: str, now: datetime) -> None:
        if doing == "claim":
            self._claim()
        elif doing == "hand":
            self._hand_on(what)
        else:
            self._changes(doing, what, now)

    def _changes(self, doing: str, what: str, now: datetime) -> None:
        house = self.practice
        with house.store.writing() as tx:
            if doing == "move":
                ahead = CALENDAR.day(now) + timedelta(days=self.random.randint(3, 9))
                start = at(CALENDAR.open_day(ahead, Closed.NEXT), time(self.random.randint(9, 16)))
                cases.move(house, tx, what, start, by="fran")
                self._means(start - timedelta(minutes=45), "arrived", what)
            elif doing in ("cancel", "away"):
                cases.may_still_change(house, tx, what)
                cases.cancel(house, tx, what, by="fran", reason=doing)
            elif doing == "event":
                urgency = self.random.choice(["routine", "routine", "urgent", "emergency"])
                cases.report_event(house, tx, what, urgency, by="jo")
            else:
                key, who = what.split("@")
                undo(house, tx, self.clinic.person(who), key)

    def _heard(self, to: str, text: str) -> None:
        super()._heard(to, text)
        now = self.practice.clock.now()
        if to == CHANNEL:
            self._means(now + timedelta(minutes=9), "claim", "")
        elif to in ("jo", "sam") and self.random.randrange(100) < 2:
            self._means(now + timedelta(minutes=1), "hand", to)

    def _given(self, course: Course, task: Task) -> Given:
        step, values = course.step(task), usual_values(course, task)
        drawn = self.random.randrange(100)
        for outcome, often in ODD.items():
            drawn -= often
            if drawn < 0:
                told = values if outcome is Outcome.CAUGHT else {}
                return Given(task=task.key, outcome=outcome, values=told, note="seen and said")
        if drawn < STOPS:
            words = [each for each in step.ask if each.kind is FieldKind.CHOICE and not each.sets]
            values |= {each.name: self.random.choice(each.choices) for each in words[:1]}
        return Given(task=task.key, values=values)

    def _thinks_again(self, person: Person, task: Task) -> None:
        if self.random.randrange(100) < TAKEN_BACK:
            self._means(self.practice.clock.now() + timedelta(minutes=5), "undo", f"{task.key}@{person.id}")

    def _claim(self) -> None:
        found = [b for m in self.workspace.of(CHANNEL) for b in buttons_of(m) if b.label == "Claim"]
        for button in found:
            everybody = self.random.sample(sorted(self.clinic.people), len(self.clinic.people))
            any(self._replied(self._button(who, button)) for who in everybody)

    def _hand_on(self, who: str) -> None:
        having = [each for each in self.workspace.of(who) if any(True for _ in buttons_of(each))]
        if not having:
            return
        message = having[-1]
        to = "sam" if who == "jo" else "jo"
        typed = Typed(
            platform=PLATFORM, account=who, once=self._once(), text=f"to @{to}", message=message.ref
        )
        if self._replied(typed):
            for button in buttons_of(self.workspace.of(to)[-1]):
                if button.label == self.random.choice(["Accept", "Decline"]):
                    self._replied(self._button(to, button))
                    return

    def _once(self) -> str:
        self.did += 1
        return f"delivery {self.did}"

    def _button(self, who: str, button: Button) -> Pressed:
        return Pressed(
            platform=PLATFORM,
            account=who,
            once=self._once(),
            action=button.action,
            tasks=button.tasks,
            revision=button.revision,
            value=button.value,
        )

    def _replied(self, reply: Reply) -> bool:
        try:
            self.desk.reply(reply)
        except BookendError:
            return False
        return True


class Month:
    """A clinic with so many cases over some weeks; whatever breaks a rule is in `wrong`, with its moment."""

    def __init__(self, seed: int, *, cases: int, days: int) -> None:
        self.random = Random(seed)
        self.days = days
        self.clinic = self._with_holes(clinic({**STAFF, **SECOND_NURSE}))
        self.clock = VirtualClock(at(DAY, time(6)))
        self.store = memory_store()
        self.practice = practice(self.store, self.clock, self.clinic)
        self.workspace = Workspace()
        self.chat = WorkspaceChat(self.workspace, self.clock)
        self.people = People(self.practice, self.workspace, self.random)
        self.rules = Rules(self.practice, self.store, self.clinic)
        self.wrong: list[str] = []
        self._bookings = self._drawn(cases)
        self.people.habits(days)

    def _with_holes(self, whole: Clinic) -> Clinic:
        days = self.random.sample(range(1, self.days), 4)
        nobody, alone, morning, away = (DAY + timedelta(days=day) for day in days)
        half = Shift(person="jo", starts=time(8), ends=time(13))
        changes: dict[date, Duty] = {
            nobody: {Role.NURSE: ()},
            alone: {Role.NURSE: ("sam",)},
            morning: {Role.NURSE: (half,)},
            away: {Role.PHYSICIAN: ()},
        }
        channels = {PLATFORM: {"board": CHANNEL, "escalations": CHANNEL}}
        return replace(whole, roster_changes=changes, channels=channels)

    def _drawn(self, many: int) -> list[tuple[datetime, str, datetime, int]]:
        drawn = []
        for number in range(many):
            day = CALENDAR.open_day(DAY + timedelta(days=self.random.randrange(self.days - 7)), Closed.NEXT)
            consult = at(day, time(self.random.randint(9, 15)))
            after = CALENDAR.open_day(day + timedelta(days=self.random.randint(3, 12)), Closed.NEXT)
            drawn.append((consult, f"M{100 + number}", at(after, time(self.random.randint(9, 16))), number))
        return sorted(drawn, reverse=True)

    def play(self) -> None:
        """Let the month pass, and hold every step against the rules."""
        end = at(DAY, time(18)) + timedelta(days=self.days)
        while (moment := self._next()) <= end:
            self.clock.advance(moment)
            self._book(moment)
            self.people.work()
            self._speak()
            self.wrong += [f"{CALENDAR.local(moment):%d %b %H:%M}: {each}" for each in self.rules.broken()]

    def _next(self) -> datetime:
        with self.store.reading() as reading:
            coming = [reading.next_prompt(), self.people.next_moment]
        booked = self._bookings[-1][0] if self._bookings else None
        return min(filter(None, [*coming, booked]), default=at(DAY + timedelta(days=999), time(9)))

    def _book(self, now: datetime) -> None:
        while self._bookings and self._bookings[-1][0] <= now:
            consult, code, start, number = self._bookings.pop()
            playbook = books()[number % len(books())]
            drawn = Bookings(self.random).booking(playbook, start, consult, ROOMS[number % 2])
            with self.store.writing() as tx:
                opened = cases.open_case(
                    self.practice, tx, drawn, clinic=self.clinic.id, by="fran", code=code
                )
            self.people.records(opened)
            (session,) = opened.case.sessions
            self.people.expect(code, session, opened.arrival(session))
            self.people.fate(code, now, start)

    def _speak(self) -> None:
        tick(self.practice)
        awaited(delivered(self.practice, {PLATFORM: self.chat}, here))

    @property
    def codes(self) -> frozenset[str]:
        """Return the codes of all cases."""
        with self.store.reading() as reading:
            return reading.codes()

    def history(self, code: str) -> tuple[Entry, ...]:
        """Return what happened to a case."""
        with self.store.reading() as reading:
            return reading.history(code)

    def figures(self) -> list[Figure]:
        """Return what each person heard in all these weeks."""
        with self.store.reading() as reading:
            heard = reading.heard(self.clinic.id, at(DAY, time(0)), self.clock.now() + timedelta(days=1))
        return figures(self.store, self.clinic, heard)
