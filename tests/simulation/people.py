"""The people of the clinic: they read what stands on their platform, press and fill in, and do it again when
no answer came. The network may bring what they send late, twice, in another order, or not at all.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from bot.core.actions import Action, Button
from bot.core.case import Choice, Moment, Outcome
from bot.core.errors import BookendError, Refused
from bot.core.kinds import Catch
from bot.core.messages import DecisionCard, Form, LineState, Notice, TaskCard
from bot.core.replies import Filled, Pressed, Reply
from bot.service import cases
from tests.simulation.faults import Fault
from tests.simulation.forms import typed
from tests.simulation.fragile import Killed
from tests.simulation.house import Patient
from tests.simulation.platforms import Message, Platform
from tests.simulation.programs import Program
from tests.simulation.street import Street, Told

#: Minutes until somebody looks at a message, and of a hundred messages so many are put aside.
LOOKS = (1, 1, 2, 2, 3, 4, 7, 12)
PUT_ASIDE = 12
#: Of a hundred answers so many are of another kind.
ODD: Mapping[Outcome, int] = {Outcome.PROBLEM: 2, Outcome.NOT_APPLICABLE: 2, Outcome.CAUGHT: 4}
#: Of a hundred cases so many are moved, cancelled, or have a complication.
MOVED, CANCELLED, COMPLICATED = 12, 6, 12
#: How often whoever gets no answer tries again.
TRIES = 5


class People:
    """Everybody who works there or comes. `kept` and `doubtful` count what each said of each task: what was
    acknowledged, and what nobody knows of.
    """

    def __init__(self, street: Street, seed: int) -> None:
        self._street = street
        self._random = Random(f"{seed} people")
        self._looks: dict[str, datetime] = {}
        self._deliveries = 0
        self.kept: Counter[tuple[str, str]] = Counter()
        self.doubtful: Counter[tuple[str, str]] = Counter()
        self.said = 0
        self._going: set[asyncio.Task[None]] = set()

    def expect(self, patient: Patient) -> None:
        """Let a patient be booked, come, and perhaps change their mind."""
        start, draw = patient.booking.starts[0], self._random
        self._street.at(patient.at, lambda: self._does(lambda p: self._book(p, patient), patient.code))
        for moment, minutes in ((Moment.ARRIVED, -40), (Moment.STARTED, 2), (Moment.FINISHED, 24)):
            at = start + timedelta(minutes=minutes + draw.choice((-3, 0, 0, 4)))
            if draw.randrange(100) >= 4:
                self._street.at(at, lambda m=moment: self._mark(patient.code, m, TRIES))  # type: ignore[misc]
        between = patient.at + (start - patient.at) * draw.random()
        fate = draw.randrange(100)
        ahead = start + timedelta(days=draw.choice((1, 2, 3)), minutes=30 * draw.randrange(4))
        if fate < MOVED:
            self._changes(between, patient.code, "is moved", lambda p, tx: self._move(p, tx, patient, ahead))
        elif fate < MOVED + CANCELLED:
            self._changes(between, patient.code, "is cancelled", lambda p, tx: self._cancel(p, tx, patient))
        elif fate < MOVED + CANCELLED + COMPLICATED:
            urgency = draw.choice(("routine", "urgent", "emergency"))
            after = start + timedelta(hours=draw.choice((3, 20, 26)))
            self._changes(after, patient.code, urgency, lambda p, tx: self._event(p, tx, patient, urgency))

    def _changes(self, at: datetime, code: str, words: str, change: Callable[..., object]) -> None:
        def deed(program: Program) -> None:
            with program.practice.store.writing() as tx:
                change(program, tx)

        self._street.at(at, lambda: self._does(deed, f"{code} {words}"))

    def _book(self, program: Program, patient: Patient) -> None:
        with program.practice.store.writing() as tx:
            if not tx.used([patient.code]):
                cases.open_case(
                    program.practice, tx, patient.booking, clinic="harbour", by="fran", code=patient.code
                )

    def _move(self, program: Program, tx: object, patient: Patient, start: datetime) -> None:
        cases.move(program.practice, tx, patient.code, start, by="fran")  # type: ignore[arg-type]

    def _cancel(self, program: Program, tx: object, patient: Patient) -> None:
        cases.may_still_change(program.practice, tx, patient.code)  # type: ignore[arg-type]
        cases.cancel(program.practice, tx, patient.code, by="fran", reason="ill")  # type: ignore[arg-type]

    def _event(self, program: Program, tx: object, patient: Patient, urgency: str) -> None:
        cases.report_event(program.practice, tx, patient.code, urgency, by="jo")  # type: ignore[arg-type]

    def _does(self, deed: Callable[[Program], None], words: str, tries: int = 40) -> None:
        """Do something at the desk, and try again while the database is away."""
        program = self._street.running()
        try:
            if program is not None:
                deed(program)
                self._street.tell(f"{words}")
                program.wake()
                return
        except Refused:
            return
        except (Killed, BookendError):
            pass
        if tries:
            again = self._street.now() + timedelta(minutes=self._random.choice((1, 2, 5)))
            self._street.at(again, lambda: self._does(deed, words, tries - 1))

    def heard(self, message: Message, text: str) -> None:
        """Hear a telephone buzz, and look at it some minutes later."""
        self._street.tell(f"-> {message.to}: {text}")
        aside = self._random.randrange(100) < PUT_ASIDE
        minutes = self._random.choice((100, 200)) if aside else self._random.choice(LOOKS)
        self.looks_at(message.to, self._street.now() + timedelta(minutes=minutes))

    def looks_at(self, who: str, moment: datetime) -> None:
        """Let somebody look at what stands in their conversation."""
        if who not in self._looks or moment < self._looks[who] or self._looks[who] <= self._street.now():
            self._looks[who] = moment
            self._street.at(moment, lambda: self._look(who))

    def _look(self, who: str) -> None:
        platform = self._of(who)
        for message in [] if platform is None else list(platform.of(who)):
            if message.over:
                continue
            if self._street.faults.strikes(Fault.DELETED, f"by {who}"):
                message.deleted = True
                continue
            self._reads(who, message)

    def _of(self, who: str) -> Platform | None:
        person = self._street.house.clinic.people.get(who)
        name = next(iter(person.accounts)) if person else who.rpartition("-")[2]
        return self._street.platforms.get(name)

    def _reads(self, who: str, message: Message) -> None:
        card = message.card
        if isinstance(card, TaskCard) and not card.closed:
            if who not in self._street.house.clinic.people:
                self._claims(card.buttons, message)
                return
            asked = (LineState.OPEN, LineState.OVERDUE)
            lines = [each for each in card.lines if each.state in asked]
            for line in lines:
                if self._random.randrange(100) < 90:
                    self._fills(who, message, line.task, line.revision)
        elif isinstance(card, DecisionCard) and not card.closed:
            for button in card.buttons[:1]:
                if button.action in (Action.DECIDE, Action.SETTLE):
                    self._decides(who, message, card)
        elif isinstance(card, Notice):
            for button in card.buttons[:1]:
                if button.action is Action.MARK:
                    self._sends(self._pressed(who, message, button), Told(who=who, tasks=()))

    def _claims(self, buttons: tuple[Button, ...], message: Message) -> None:
        found = [each for each in buttons if each.action is Action.CLAIM]
        people = self._street.house.clinic.people.values()
        there = [each.id for each in people if message.ref.platform in each.accounts]
        for button in found[:1]:
            for who in self._random.sample(there, len(there)):
                self._sends(self._pressed(who, message, button), Told(who=who, tasks=()))

    def _pressed(self, who: str, message: Message, button: Button) -> Pressed:
        return Pressed(
            platform=message.ref.platform,
            account=who,
            once=self._once(),
            action=button.action,
            tasks=button.tasks,
            revision=button.revision,
            value=button.value,
        )

    def _once(self) -> str:
        self._deliveries += 1
        return f"delivery {self._deliveries}"

    def _fills(self, who: str, message: Message, task: str, revision: int) -> None:
        """Open the form of a line, and send it in."""
        opens = Button(action=Action.FORM, label="", tasks=(task,), revision=revision)
        program = self._street.running()
        try:
            form = program.desk.reply(self._pressed(who, message, opens)) if program else None
        except (Killed, BookendError):
            return
        if isinstance(form, Form) and program is not None:
            filled = self._filled(program, who, message, form)
            self._sends(filled, Told(who=who, tasks=tuple(filled.entries)))

    def _filled(self, program: Program, who: str, message: Message, form: Form) -> Filled:
        outcome, drawn = Outcome.CONFIRMED, self._random.randrange(100)
        for odd, often in ODD.items():
            drawn -= often
            outcome = odd if drawn < 0 and outcome is Outcome.CONFIRMED else outcome
        return Filled(
            platform=message.ref.platform,
            account=who,
            once=self._once(),
            entries={part.task: typed(program, part, self._random) for part in form.parts},
            revisions={part.task: part.revision for part in form.parts},
            action=form.action,
            outcome=outcome,
            note="" if outcome is Outcome.CONFIRMED else "seen and said",
            value=form.value,
            caught=Catch.DEVICE if outcome is Outcome.CAUGHT else None,
        )

    def _decides(self, who: str, message: Message, card: DecisionCard) -> None:
        button = card.buttons[0]
        if button.action is Action.SETTLE:
            self._sends(self._pressed(who, message, button), Told(who=who, tasks=button.tasks[:1]))
            return
        choice = self._random.choice((Choice.PROCEED, Choice.PROCEED, Choice.MODIFY, Choice.POSTPONE))
        filled = Filled(
            platform=message.ref.platform,
            account=who,
            once=self._once(),
            entries={button.tasks[0]: {"reason": "talked it over"}},
            revisions={button.tasks[0]: button.revision},
            action=Action.DECIDE,
            value=choice.value,
        )
        self._sends(filled, Told(who=who, tasks=()))

    def _mark(self, code: str, moment: Moment, tries: int) -> None:
        who = "fran" if moment is Moment.ARRIVED else "max"
        platform = next(iter(self._street.house.clinic.people[who].accounts))
        pressed = Pressed(
            platform=platform,
            account=who,
            once=self._once(),
            action=Action.MARK,
            tasks=(f"{code}:1",),
            value=moment.value,
        )
        refused = (lambda: self._mark(code, moment, tries - 1)) if tries else None
        self._sends(pressed, Told(who=who, tasks=()), refused)

    def _sends(self, reply: Reply, told: Told, refused: Callable[[], None] | None = None) -> None:
        task = asyncio.get_running_loop().create_task(self._sent(reply, told, refused))
        self._going.add(task)
        task.add_done_callback(self._going.discard)

    async def _sent(self, reply: Reply, told: Told, refused: Callable[[], None] | None) -> None:
        """Send until somebody answers; the platform itself tries again under the same name."""
        for _ in range(TRIES):
            answered = await self._delivered(reply, told)
            if answered == "refused" and refused is not None:
                self._street.at(self._street.now() + timedelta(minutes=4), refused)
                return
            if answered and not self._street.faults.strikes(Fault.UNHEARD, f"{told.who}"):
                return
            await asyncio.sleep(self._random.uniform(20, 200))
            # whoever heard nothing presses again
            reply = replace(reply, once=self._once())

    async def _delivered(self, reply: Reply, told: Told) -> str:
        faults, known, seen = self._street.faults, "", False
        for attempt in range(4):
            late = faults.strikes(Fault.LATE, reply.once)
            await asyncio.sleep(faults.seconds(Fault.LATE, 5, 600) if late else 0.1 + 20 * attempt)
            try:
                program = self._street.running()
                if program is None:
                    continue
                seen = True
                program.desk.reply(reply)
                known = "answered"
            except Refused as refusal:
                known = known or "refused"
                self._street.tell(f"{told.who} is refused: {refusal}")
            except Killed:
                continue
            except BookendError as trouble:
                self._street.tell(f"{told.who} is told: {trouble}")
                known = known or "trouble"
            if not faults.strikes(Fault.TWICE, reply.once):
                break
        self._counts(told, known, seen)
        return "" if known == "trouble" else known

    def _counts(self, told: Told, known: str, seen: bool) -> None:
        for task in told.tasks:
            if known == "answered":
                self.said += 1
                self.kept[told.who, task] += 1
                self._street.tell(f"{told.who} answered {task}")
            elif seen and known != "refused":
                self.doubtful[told.who, task] += 1
        if told.tasks and known == "answered":
            self._street.answered()
