"""Riverside at work: the real store, service and desk, and hands that press, fill in and type.

Cases are of the shipped playbook for ablative lasers, or of a few of its steps: fewer steps make a transcript
that can be read and a test that takes milliseconds.
"""

import itertools
import weakref
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

from bot.clock import VirtualClock
from bot.core import huddle, wording
from bot.core.actions import Action, Button
from bot.core.case import Choice, Outcome, TaskStatus
from bot.core.conditions import Value, shown
from bot.core.kinds import Catch, FieldKind
from bot.core.messages import Form, FormField, FormPart, Notice, Response
from bot.core.people import Clinic, Person, Role
from bot.core.playbook import Playbook
from bot.core.replies import Command, Filled, MessageRef, Pointed, Pressed, Reply, Typed
from bot.core.staffing import Look, wanted
from bot.core.usual import usual_values
from bot.ports import Store
from bot.service import cases
from bot.service.deliver import delivered
from bot.service.desk import ClinicDesk
from bot.service.here import take_in
from bot.service.office import ClinicOffice
from bot.service.player import coming_moments
from bot.service.staff import Staff
from bot.service.tick import tick
from tests.service.beginning import Beginning
from tests.service.clinic import (
    CODE,
    FRAN,
    OPENED,
    RIVERSIDE,
    abl,
    awaited,
    booking,
    here,
    london,
    practice,
    sign,
)
from tests.service.seen import Seen, buttons_of
from tests.service.workspace import PLATFORM, Message, Workspace, WorkspaceChat
from tests.store.memory import memory_store

#: Buttons that answer nothing.
_ABOUT_NO_ANSWER = (
    *(Action.MARK, Action.ON_IT, Action.LATER, Action.CLAIM, Action.WHO, Action.WHICH),
    Action.HAND_OFF,
)


class Riverside(Seen):
    """The clinic at work: book, let time pass, press, fill and type."""

    def __init__(
        self,
        *steps: str,
        store: Store | None = None,
        clinic: Clinic = RIVERSIDE,
        workspace: Workspace | None = None,
        now: datetime = OPENED,
        signed: bool = True,
        book: Playbook | None = None,
        twins: tuple[Clinic, ...] = (),
        **changes: Any,
    ) -> None:
        kept = store or memory_store()
        if store is None:
            weakref.finalize(self, kept.close)
        clock = VirtualClock(now)
        works = practice(kept, clock, book or abl(*steps), clinic=clinic, signed=signed, **changes)
        for twin in twins:
            works = replace(works, clinics={**works.clinics, twin.id: twin})
            sign(works, twin, book or abl(*steps))
        staff = Staff(works.clinics)
        works = replace(works, clinics=staff)
        self.office = ClinicOffice(practice=works, staff=staff, wake=self._wake)
        super().__init__(works, clock, clinic, workspace or Workspace())
        self.woken = 0
        self.desk = ClinicDesk(practice=works, wake=self._wake)
        self.chat = WorkspaceChat(self.workspace, clock)
        self._numbers = itertools.count(1)
        alike = type(self) is Riverside and store is None and workspace is None and book is None
        opened = repr((steps, clinic, now, signed, twins, sorted(changes.items())))
        self.beginning = Beginning(self, opened) if alike else None

    def book(
        self,
        *starts: str,
        code: str = CODE,
        operator: str | None = None,
        room: str = "",
        device: str = "",
        **facts: Value,
    ) -> "Riverside":
        """Open a case as `bookend new` would."""
        made = booking(*map(london, starts), **facts)
        wanted = replace(made, operator=operator, room=room, device=device)

        def opens() -> None:
            with self.store.writing() as tx:
                cases.open_case(self.practice, tx, wanted, clinic=self.clinic.id, by=FRAN, code=code)

        return self._goes_on(f"{code} is booked: {wanted}", opens)

    def look(self, **said: Any) -> "Riverside":
        """Let the platform say who is there; all are, but for what is said."""
        named = wanted(self.office.staff.written.values(), PLATFORM)
        there = {each: each for each in named.accounts - {*said.get("refused", ())}}
        usable = named.channels - {*said.get("lost", ())}
        self.office.look(Look(**{"platform": PLATFORM, "accounts": there, "usable": usable, **said}))
        return self

    def until(self, wall: str) -> "Riverside":
        """Let time pass up to a moment; what falls due on the way is asked and sent."""
        return self._goes_on(f"until {wall}", lambda: self._until(london(wall)))

    def _goes_on(self, deed: str, play: Callable[[], object]) -> "Riverside":
        """Do what can be part of a beginning; what others played already is not played again."""
        if self.beginning is None:
            play()
        else:
            self.beginning.goes_on(self, deed, play)
        return self

    def visited(self) -> "Riverside":
        """Let time pass while Arrived, Started and Finish are pressed in time, and no more is said of it."""
        while coming := [*coming_moments(self.course())]:
            self._until(min(coming)[0])._press_moments()
        return self

    def _press_moments(self) -> None:
        while due := [each for each in coming_moments(self.course()) if each[0] <= self.clock.now()]:
            at, number, moment = due[0]
            with self.store.writing() as tx:
                cases.mark(self.practice, tx, CODE, number, moment, by=FRAN, gates=False, at=at)

    def _until(self, end: datetime) -> "Riverside":
        last = None
        self.speak()
        while (moment := self._coming()) is not None and moment <= end:
            assert moment != last, f"stuck at {moment}: something stays due for ever"
            last = moment
            self.clock.advance(moment)
            self.speak()
        self.clock.advance(end)
        return self

    def _coming(self) -> datetime | None:
        """When something falls due next: a prompt, or a huddle where there is a channel for it."""
        having = (each for each in self.practice.clinics.values() if each.channels)
        huddles = [huddle.next_moment(each, self.clock.now()) for each in having]
        moment = self.next_moment()
        # who has no case left has no day left to tell of
        return min([moment, *huddles]) if moment else None

    def speak(self) -> int:
        """Ask and deliver what is due now, as the service does at each turn."""
        take_in(self.practice, self.office.staff)
        return tick(self.practice) + awaited(self.deliver())

    async def deliver(self) -> int:
        return await delivered(self.practice, {PLATFORM: self.chat}, here)

    def press(self, who: str, label: str, line: str = "", *, on: Message | None = None) -> Response:
        """Press a button that stands on a message of that person, the newest that has it."""
        button = self.button(who, label, line, on=on)
        doing = f"presses {label}{f' on {line}' if line else ''}"
        return self.reply(self.pressed(who, button), doing)

    def press_on(self, who: str, notice: Response, label: str = "") -> Notice:
        """Press a button of an answer that one got, the first one unless it is named."""
        assert isinstance(notice, Notice), notice
        button = next(each for each in notice.buttons if label in ("", each.label))
        said = self.reply(self.pressed(who, button), f"presses {button.label}")
        assert isinstance(said, Notice), said
        return said

    def fill(
        self, who: str, form: Form, note: str = "", how: Outcome = Outcome.CONFIRMED, **values: Value
    ) -> Response:
        """Send a form in: what is not named gets the usual answer."""
        return self.reply(self.filled(who, form, note, how, **values), "sends the form in", **values)

    def filled(
        self, who: str, form: Form, note: str = "", how: Outcome = Outcome.CONFIRMED, **values: Value
    ) -> Filled:
        """What a person sends in: the usual answers, but for those that are named; a catch is of a device."""
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
            caught=Catch.DEVICE if how is Outcome.CAUGHT else None,
        )

    def send(self, who: str, form: Form, **values: str | tuple[str, ...]) -> Response:
        """Send in a form that is about no task, each part with what is named."""
        filled = Filled(
            platform=PLATFORM,
            account=who,
            once=self.once(),
            entries={
                part.task: {each.name: values[each.name] for each in part.fields if each.name in values}
                for part in form.parts
            },
            revisions={part.task: part.revision for part in form.parts},
            action=form.action,
            value=form.value,
        )
        return self.reply(filled, f"sends in {form.heading}", **values)

    def answer(self, who: str, line: str, **values: Value) -> Response:
        """Press Answer on a line of one's newest card and send its form in."""
        form = self.form(who, line)
        return self.reply(self.filled(who, form, **values), f"answers {line}", **values)

    def form(self, who: str, line: str = "", *, label: str = "Answer") -> Form:
        """The form that a button of one's messages opens."""
        return self.opened(who, self.button(who, label, line))

    def opened(self, who: str, button: Button) -> Form:
        """The form that a button opens, wherever it stands."""
        found = self.desk.reply(self.pressed(who, button))
        assert isinstance(found, Form), found
        return found

    def early(self, who: str, step: str, **values: Value) -> Response:
        """Answer a step before it is asked, as one can from the view of a case."""
        return self.fill(who, self.form_of(who, step), **values)

    def form_of(self, who: str, step: str) -> Form:
        """The form of a step, on whatever card it stands."""
        return self.opened(who, Button(action=Action.FORM, label="", tasks=(self.task(step).key,)))

    def mark(self, moment: str, who: str = FRAN) -> Response:
        """Press Arrived, Started or Finish."""
        button = Button(action=Action.MARK, label="", tasks=(f"{CODE}:1",), value=moment)
        return self.reply(self.pressed(who, button), f"presses {moment.capitalize()}")

    def undo(self, who: str, step: str) -> Response:
        """Press the Undo that stood under one's answer."""
        task = self.task(step)
        button = Button(action=Action.UNDO, label="", tasks=(task.key,), revision=task.asking)
        return self.reply(self.pressed(who, button), f"takes back {self.course().step(task).title}")

    def decide(self, who: str, choice: Choice, reason: str, *, on: Message | None = None) -> Response:
        """Press a choice on one's newest decision card and give the reason."""
        button = self.button(who, wording.CHOICES[choice], on=on)
        form = self.desk.reply(self.pressed(who, button))
        assert isinstance(form, Form), form
        return self.reply(self.filled(who, form, reason=reason), f"decides {choice.value}", reason=reason)

    def type(self, who: str, text: str, *, under: Message | None = None) -> Response:
        """Reply under a message, the newest unless another is named."""
        message = under or self.workspace.of(who)[-1]
        typed = Typed(platform=PLATFORM, account=who, once=self.once(), text=text, message=message.ref)
        return self.reply(typed, f"types {text!r}")

    def point(
        self, who: str, at: Message | MessageRef, *, text: str = "", under: MessageRef | None = None
    ) -> Response:
        """Report a problem from the menu of a message."""
        ref = at.ref if isinstance(at, Message) else at
        pointed = Pointed(
            platform=PLATFORM, account=who, once=self.once(), message=ref, under=under, text=text
        )
        return self.reply(pointed, "reports a problem from a message")

    def command(self, who: str, text: str, *, channel: str = "") -> Response:
        """Give a command, in a channel or alone with the bot."""
        words = tuple(text.split())
        command = Command(platform=PLATFORM, account=who, once=self.once(), words=words, channel=channel)
        where = f" in {channel}" if channel else ""
        return self.said(who, f"/bookend {text}{where}", lambda: self.desk.command(command))

    def reply(self, reply: Reply, doing: str = "replies", **values: Value) -> Response:
        """Hand a reply in; a refusal is written into the story and raised."""
        told = ", ".join(f"{name.replace('_', ' ')} {shown(value)}" for name, value in values.items())
        doing = f"{doing}: {told}" if told else doing
        return self.said(reply.account, doing, lambda: self.desk.reply(reply))

    def everything_as_usual(self, wall: str) -> "Riverside":
        """Let time pass while everybody answers every card as usual the moment it comes."""
        end = london(wall)
        self.speak()
        while True:
            self._press_moments()
            for message in list(self.workspace.messages):
                self._answer_all(message)
            self.speak()
            moments = [at for at, _, _ in coming_moments(self.course())]
            coming = [*self._dues(), *moments, *filter(None, [self.next_moment()])]
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

    def once(self) -> str:
        return f"delivery {next(self._numbers)}"

    def pressed(self, who: str, button: Button) -> Pressed:
        """What a platform hands in when somebody presses a button."""
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
        for button in [*buttons_of(message)]:
            if button.action in _ABOUT_NO_ANSWER:
                continue
            with self.store.reading() as reading:
                tasks = [reading.task(key) for key in button.tasks]
            if any(task.status is not TaskStatus.OPEN or task.due > self.clock.now() for task in tasks):
                continue
            self.answer_with(message.to, button)

    def answer_with(self, who: str, button: Button) -> Response:
        """Press a button and send in, with the usual answers, what it opens."""
        found = self.desk.reply(self.pressed(who, button))
        return self.desk.reply(self.filled(who, found)) if isinstance(found, Form) else found


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
