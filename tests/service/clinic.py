"""Riverside, a clinic at work: invented staff, the real store and service, and a clock that tests move.

Cases are of the shipped playbook for ablative lasers, or of a few of its steps: fewer steps make a transcript
that can be read and a test that takes milliseconds.
"""

import asyncio
import hashlib
import itertools
import weakref
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from bot.clock import VirtualClock
from bot.core import wording
from bot.core.case import Booking, Choice, Outcome, Task, TaskStatus
from bot.core.conditions import Value, shown
from bot.core.course import Course
from bot.core.errors import NotFound, Refused
from bot.core.messages import (
    Action,
    Button,
    DecisionCard,
    Form,
    FormField,
    FormPart,
    Notice,
    Response,
    TaskCard,
)
from bot.core.people import Clinic, Person, Role
from bot.core.playbook import FieldKind, Playbook, Review
from bot.core.readiness import Gate, Ready, readiness
from bot.core.replies import Command, Filled, Pressed, Reply, Typed
from bot.core.times import Calendar
from bot.core.usual import usual_values
from bot.files.playbooks import load_playbooks
from bot.paths import shipped_playbooks
from bot.ports import Entry, Posting, Store
from bot.service import cases
from bot.service.deliver import deliver
from bot.service.desk import ClinicDesk
from bot.service.practice import Practice
from bot.service.tick import tick
from bot.store.store import open_store
from tests.service.workspace import PLATFORM, Message, Workspace, WorkspaceChat

KEY = b"an invented key, long enough"
CODE = "K7Q2"
CALENDAR = Calendar(zone=ZoneInfo("Europe/London"), holidays=frozenset({date(2027, 2, 15)}))

ALI = "ali"  # physician and medical director
PIA = "pia"  # a second physician
JO = "jo"  # nurse
SAM = "sam"  # a second nurse
MAX = "max"  # laser operator
FRAN = "fran"  # front desk
KIT = "kit"  # manager
_STAFF = {
    ALI: ("Dr Ali", Role.PHYSICIAN, Role.MEDICAL_DIRECTOR),
    PIA: ("Dr Pia", Role.PHYSICIAN),
    JO: ("Jo Sample", Role.NURSE),
    SAM: ("Sam Specimen", Role.NURSE),
    MAX: ("Max Model", Role.OPERATOR),
    FRAN: ("Fran Draft", Role.FRONT_DESK),
    KIT: ("Kit Pattern", Role.MANAGER),
}
_DUTY = {
    Role.PHYSICIAN: (ALI,),
    Role.NURSE: (JO, SAM),
    Role.OPERATOR: (MAX,),
    Role.FRONT_DESK: (FRAN,),
    Role.MANAGER: (KIT,),
}
RIVERSIDE = Clinic(
    id="riverside",
    title="Riverside",
    calendar=CALENDAR,
    people={
        id: Person(id=id, name=name, roles=frozenset(roles), accounts={PLATFORM: id})
        for id, (name, *roles) in _STAFF.items()
    },
    roster=dict.fromkeys(range(5), _DUTY),
    on_call={Role.NURSE: (SAM,), Role.PHYSICIAN: (PIA,)},
)
WITH_BOARD = replace(RIVERSIDE, channels={PLATFORM: {"board": "#procedures"}})
SIGNED = Review(medical_director="Dr Ali", reviewed_on=date(2027, 1, 4), next_review=date(2028, 1, 4))


@cache
def shipped() -> Playbook:
    """The shipped playbook for ablative lasers, signed by Dr Ali."""
    return replace(load_playbooks(shipped_playbooks())["abl"], review=SIGNED)


@cache
def abl(*steps: str) -> Playbook:
    """The shipped playbook, or only these steps of it, signed by Dr Ali."""
    whole = shipped()
    chosen = tuple(whole.step(step) for step in steps) or whole.steps
    return replace(whole, steps=chosen, digest=hashlib.sha256(" ".join(steps).encode()).hexdigest())


def london(text: str) -> datetime:
    """A moment written as London's wall time: "2027-02-18 09:30"."""
    return datetime.fromisoformat(text).replace(tzinfo=CALENDAR.zone).astimezone(UTC)


#: A Tuesday, five weeks before the Thursday of most procedures.
OPENED = london("2027-01-12 13:45")
START = london("2027-02-18 09:30")


def booking(*starts: datetime, **facts: Value) -> Booking:
    """A booking made on Tuesday 12 January 2027 with a consultation the same day."""
    return Booking(
        playbook="abl",
        calendar=CALENDAR,
        opened=OPENED,
        starts=starts or (START,),
        consult=OPENED + timedelta(minutes=15),
        booked=OPENED + timedelta(minutes=85),
        minutes=60,
        facts=facts,
    )


@dataclass(frozen=True, slots=True)
class Shelf:
    """The playbooks of a test; the first is the current one."""

    books: tuple[Playbook, ...]

    def current(self, playbook: str) -> Playbook:
        for book in self.books:
            if book.id == playbook:
                return book
        raise NotFound("playbook", playbook, [book.id for book in self.books])

    def version(self, digest: str) -> Playbook:
        return next(book for book in self.books if book.digest == digest)

    def texts(self, digest: str) -> Mapping[str, str]:
        return {}


def practice(
    store: Store, clock: VirtualClock, *books: Playbook, clinic: Clinic = RIVERSIDE, **changes: Any
) -> Practice:
    """An installation with one clinic on one platform."""
    return Practice(
        store=store,
        shelf=Shelf(books or (abl(),)),
        clock=clock,
        clinics={clinic.id: clinic},
        platforms=(PLATFORM,),
        **changes,
    )


async def here(function: Callable[..., Any], *args: Any) -> Any:
    """Run a function where we are: tests need no threads."""
    return function(*args)


class Riverside:
    """The clinic at work: book, let time pass, press, fill and type; `story` is what everybody saw."""

    def __init__(
        self,
        *steps: str,
        store: Store | None = None,
        clinic: Clinic = RIVERSIDE,
        workspace: Workspace | None = None,
        now: datetime = OPENED,
        signed: bool = True,
        **changes: Any,
    ) -> None:
        self.store = store or open_store("sqlite://", history_key=KEY)
        if store is None:
            weakref.finalize(self, self.store.close)
        self.clock = VirtualClock(now)
        self.clinic = clinic
        book = abl(*steps) if signed else replace(abl(*steps), review=Review())
        self.practice = practice(self.store, self.clock, book, clinic=clinic, **changes)
        self.woken = 0
        self.desk = ClinicDesk(practice=self.practice, wake=self._wake)
        self.workspace = workspace or Workspace()
        self.workspace.heard = self._heard
        self.chat = WorkspaceChat(self.workspace, self.clock)
        self.lines: list[str] = []
        self._day = ""
        self._buzzes: list[tuple[datetime, str, str]] = []
        self._numbers = itertools.count(1)

    # what happens

    def book(
        self, *starts: str, code: str = CODE, operator: str | None = None, **facts: Value
    ) -> "Riverside":
        """Open a case as `bookend new` would."""
        wanted = replace(booking(*map(london, starts), **facts), operator=operator)
        with self.store.writing() as tx:
            cases.open_case(self.practice, tx, wanted, clinic=self.clinic.id, by=FRAN, code=code)
        return self

    def until(self, wall: str) -> "Riverside":
        """Let time pass up to a moment; what falls due on the way is asked and sent."""
        end, last = london(wall), None
        self.speak()
        while (moment := self.next_moment()) is not None and moment <= end:
            assert moment != last, f"stuck at {moment}: something stays due for ever"
            last = moment
            self.clock.advance(moment)
            self.speak()
        self.clock.advance(end)
        return self

    def speak(self) -> int:
        """Ask and deliver what is due now."""
        return tick(self.practice) + asyncio.run(self.deliver())

    async def deliver(self) -> int:
        total = 0
        while sent := await deliver(self.practice, {PLATFORM: self.chat}, here):
            total += sent
        return total

    def press(self, who: str, label: str, line: str = "", *, on: Message | None = None) -> Response:
        """Press a button that stands on a message of that person, the newest that has it."""
        button = self.button(who, label, line, on=on)
        doing = f"presses {label}{f' on {line}' if line else ''}"
        return self.reply(self._pressed(who, button), doing)

    def fill(
        self, who: str, form: Form, note: str = "", how: Outcome = Outcome.CONFIRMED, **values: Value
    ) -> Response:
        """Send a form in: what is not named gets the usual answer."""
        return self.reply(self.filled(who, form, note, how, **values), "sends the form in", **values)

    def filled(
        self, who: str, form: Form, note: str = "", how: Outcome = Outcome.CONFIRMED, **values: Value
    ) -> Filled:
        """What a person sends in: the usual answers, but for those that are named."""
        return Filled(
            platform=PLATFORM,
            account=who,
            once=self.once(),
            entries={part.task: self._typed_in(part, values) for part in form.parts},
            revisions={part.task: part.revision for part in form.parts},
            action=form.action,
            outcome=how,
            note=note,
            value=form.value,
        )

    def answer(self, who: str, line: str, **values: Value) -> Response:
        """Press Answer on a line of one's newest card and send its form in."""
        form = self.form(who, line)
        return self.reply(self.filled(who, form, **values), f"answers {line}", **values)

    def form(self, who: str, line: str = "", *, label: str = "Answer") -> Form:
        """The form that a button opens."""
        button = self.button(who, label, line)
        found = self.desk.reply(self._pressed(who, button))
        assert isinstance(found, Form), found
        return found

    def early(self, who: str, step: str, **values: Value) -> Response:
        """Answer a step before it is asked, as one can from the view of a case."""
        return self.fill(who, self.form_of(who, step), **values)

    def form_of(self, who: str, step: str) -> Form:
        """The form of a step, on whatever card it stands."""
        button = Button(action=Action.FORM, label="", tasks=(self.task(step).key,))
        form = self.desk.reply(self._pressed(who, button))
        assert isinstance(form, Form), form
        return form

    def mark(self, moment: str, who: str = FRAN) -> Response:
        """Press Arrived, Started or Finish."""
        button = Button(action=Action.MARK, label="", tasks=(f"{CODE}:1",), value=moment)
        return self.reply(self._pressed(who, button), f"presses {moment.capitalize()}")

    def undo(self, who: str, step: str) -> Response:
        """Press the Undo that stood under one's answer."""
        task = self.task(step)
        button = Button(action=Action.UNDO, label="", tasks=(task.key,), revision=task.asking)
        return self.reply(self._pressed(who, button), f"takes back {self.course().step(task).title}")

    def decide(self, who: str, choice: Choice, reason: str, *, on: Message | None = None) -> Response:
        """Press a choice on one's newest decision card and give the reason."""
        button = self.button(who, wording.CHOICES[choice], on=on)
        form = self.desk.reply(self._pressed(who, button))
        assert isinstance(form, Form), form
        return self.reply(self.filled(who, form, reason=reason), f"decides {choice.value}", reason=reason)

    def type(self, who: str, text: str, *, under: Message | None = None) -> Response:
        """Reply under a message, the newest unless another is named."""
        message = under or self.workspace.of(who)[-1]
        typed = Typed(platform=PLATFORM, account=who, once=self.once(), text=text, message=message.ref)
        return self.reply(typed, f"types {text!r}")

    def command(self, who: str, text: str) -> Response:
        """Give a command."""
        words = tuple(text.split())
        return self._said(
            who,
            f"/bookend {text}",
            lambda: self.desk.command(Command(platform=PLATFORM, account=who, once=self.once(), words=words)),
        )

    def reply(self, reply: Reply, doing: str = "replies", **values: Value) -> Response:
        """Hand a reply in; a refusal is written into the story and raised."""
        told = ", ".join(f"{name.replace('_', ' ')} {shown(value)}" for name, value in values.items())
        doing = f"{doing}: {told}" if told else doing
        return self._said(reply.account, doing, lambda: self.desk.reply(reply))

    def everything_as_usual(self, wall: str) -> "Riverside":
        """Let time pass while everybody answers every card as usual the moment it comes."""
        end = london(wall)
        self.speak()
        while True:
            for message in list(self.workspace.messages):
                self._answer_all(message)
            self.speak()
            coming = [*self._dues(), *filter(None, [self.next_moment()])]
            if not coming or min(coming) > end:
                break
            self.clock.advance(min(coming))
            self.speak()
        self.clock.advance(end)
        return self

    def with_another_clinic(self, account: str) -> ClinicDesk:
        """The desk of the same installation when it serves a second clinic, where this physician works."""
        roles = frozenset({Role.PHYSICIAN, Role.MANAGER})
        person = Person(id=account, name="Dr Lena", roles=roles, accounts={PLATFORM: account})
        other = replace(RIVERSIDE, id="hillside", title="Hillside", people={account: person}, roster={})
        clinics = {**self.practice.clinics, other.id: other}
        return ClinicDesk(practice=replace(self.practice, clinics=clinics))

    # what can be seen

    def course(self, code: str = CODE) -> Course:
        with self.store.reading() as reading:
            return self.practice.course(reading, code)

    def task(self, step: str, session: int = 1, occurrence: int = 1) -> Task:
        found = self.course().task(step, session, occurrence)
        assert found is not None, f"no {step}"
        return found

    def statuses(self, *steps: str) -> dict[str, str]:
        tasks = self.course().tasks
        return {task.step: task.status.value for task in tasks if task.step in steps or not steps}

    def late(self) -> set[str]:
        """The steps that are due at once because their time had passed before they were asked for."""
        return {task.step for task in self.course().tasks if task.late}

    def ready(self, gate: Gate) -> Ready:
        course = self.course()
        with self.store.reading() as reading:
            overrides = reading.overrides([CODE])[CODE]
        return readiness(gate, course, course.case.sessions[0], overrides).state

    def card(self, who: str, heading: str = "") -> TaskCard:
        """The newest list or stage card of a person."""
        cards = [message.card for message in self.workspace.of(who)]
        found = [c for c in cards if isinstance(c, TaskCard) and c.heading.startswith(heading)]
        assert found, f"{who} has no {heading}: {[c.heading for c in cards]}"
        return found[-1]

    def decision(self, who: str = ALI) -> DecisionCard:
        """The newest decision card of a physician."""
        cards = [message.card for message in self.workspace.of(who)]
        return [card for card in cards if isinstance(card, DecisionCard)][-1]

    def button(self, who: str, label: str, line: str = "", *, on: Message | None = None) -> Button:
        messages = [on] if on else list(reversed(self.workspace.of(who)))
        for message in messages:
            for button in _buttons(message, line):
                if button.label == label:
                    return button
        seen = [message.card.text for message in messages]
        raise AssertionError(f"{who} sees no {label!r} {line!r}: {seen}")

    def history(self, code: str = CODE) -> tuple[Entry, ...]:
        with self.store.reading() as reading:
            return reading.history(code)

    def sent(self, who: str) -> list[str]:
        """What was said to a person, first messages and thread lines, in order."""
        return [text for to, text in self.told if to == who]

    @property
    def told(self) -> list[tuple[str, str]]:
        return [
            (message.to, line or message.drawings[0].text)
            for message in self.workspace.messages
            for line in ("", *message.thread)
        ]

    @property
    def story(self) -> str:
        return "\n".join(self.lines)

    @property
    def buzzes(self) -> list[tuple[datetime, str, str]]:
        """When whose telephone buzzed, and for what, in order."""
        return self._buzzes

    def postings(self, step: str) -> tuple[Posting, ...]:
        key = self.task(step).key
        with self.store.reading() as reading:
            return reading.postings_of([key])[key]

    def next_moment(self) -> datetime | None:
        with self.store.reading() as reading:
            return reading.next_moment()

    def once(self) -> str:
        return f"delivery {next(self._numbers)}"

    def _pressed(self, who: str, button: Button) -> Pressed:
        return Pressed(
            platform=PLATFORM,
            account=who,
            once=self.once(),
            action=button.action,
            tasks=button.tasks,
            revision=button.revision,
            value=button.value,
        )

    def _wake(self) -> None:
        self.woken += 1

    def _heard(self, to: str, text: str) -> None:
        self._buzzes.append((self.clock.now(), to, text))
        person = self.clinic.people.get(to)
        self._write(f"-> {person.name if person else to}: {text}")

    def _said(self, who: str, doing: str, do: Callable[[], Response]) -> Response:
        person = self.clinic.people.get(who)
        self._write(f"{person.name if person else who} {doing}")
        try:
            found = do()
        except Refused as refusal:
            self._write(f"   refused: {refusal}")
            raise
        said = found.text if isinstance(found, Notice) else found.heading
        self.lines += [f"         {line}" for line in said.splitlines()]
        return found

    def _write(self, text: str) -> None:
        now = self.clock.now()
        day = wording.moment(now, CALENDAR).rsplit(" ", 1)[0]
        if day != self._day:
            self.lines.append(day)
            self._day = day
        self.lines.append(f"  {wording.clock(now, CALENDAR)}  {text}")

    def _typed_in(self, part: FormPart, values: Mapping[str, Value]) -> dict[str, str | tuple[str, ...]]:
        with self.store.reading() as reading:
            task = reading.task(part.task)
            course = self.practice.course(reading, task.case)
        usual = usual_values(course, task)
        harmless = {field.name: _harmless(field) for field in part.fields}
        chosen = {name: values.get(name, usual.get(name, harmless[name])) for name in harmless}
        return {name: _raw(value) for name, value in chosen.items() if value is not None}

    def _dues(self) -> list[datetime]:
        open_now = [task for task in self.course().tasks if task.status is TaskStatus.OPEN]
        return [task.due for task in open_now if task.due > self.clock.now()]

    def _answer_all(self, message: Message) -> None:
        for button in [*_buttons(message)]:
            if button.label == "Arrived" or button.action is Action.MARK:
                continue
            with self.store.reading() as reading:
                tasks = [reading.task(key) for key in button.tasks]
            if any(task.status is not TaskStatus.OPEN or task.due > self.clock.now() for task in tasks):
                continue
            self.answer_with(message.to, button)

    def answer_with(self, who: str, button: Button) -> Response:
        """Press a button and send in, with the usual answers, what it opens."""
        found = self.desk.reply(self._pressed(who, button))
        return self.desk.reply(self.filled(who, found)) if isinstance(found, Form) else found


def _buttons(message: Message, line: str = "") -> Iterator[Button]:
    card = message.card
    if message.over or not isinstance(card, TaskCard | DecisionCard):
        return
    if not line:
        yield from card.buttons
    if isinstance(card, TaskCard):
        for each in card.lines:
            if not line or each.title == line:
                yield from each.buttons


def _harmless(field: FormField) -> Value:
    words = dict(field.options).keys()
    return "yes" if field.kind is FieldKind.CHOICE and words == {"yes", "no"} else None


def _raw(value: Value) -> str | tuple[str, ...]:
    match value:
        case tuple():
            return value
        case time():
            return value.strftime("%H:%M")
        case date():
            return value.isoformat()
        case float() | int():
            return f"{value:g}"
        case _:
            return str(value)
