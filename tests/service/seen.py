"""What can be seen of a clinic at work: its cases, its cards, and its story line by line."""

from collections.abc import Callable, Iterator
from datetime import datetime

from bot.clock import VirtualClock
from bot.core import wording
from bot.core.actions import Button
from bot.core.case import Task
from bot.core.course import Course
from bot.core.errors import Refused
from bot.core.kinds import Gate
from bot.core.messages import Card, DecisionCard, Notice, Response, TaskCard
from bot.core.outgoing import Entry, Posting
from bot.core.people import Clinic
from bot.core.readiness import Ready, readiness
from bot.service.practice import Practice
from tests.service.clinic import ALI, CALENDAR, CODE
from tests.service.workspace import Message, Workspace

#: The story, its day, and the buzzes, as they were noted until a moment.
Notes = tuple[tuple[str, ...], str, tuple[tuple[datetime, str, str], ...]]


class Seen:
    """A clinic with eyes only; `story` is what everybody saw, and what people did about it."""

    def __init__(self, practice: Practice, clock: VirtualClock, clinic: Clinic, workspace: Workspace) -> None:
        self.practice = practice
        self.store = practice.store
        self.clock = clock
        self.clinic = clinic
        self.workspace = workspace
        self.workspace.heard = self._heard
        self.lines: list[str] = []
        self._day = ""
        self._looked: dict[str, int] = {}
        self._buzzes: list[tuple[datetime, str, str]] = []

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
            for button in buttons_of(message, line):
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
        """Who was told what, card by card."""
        return [
            (message.to, line or message.drawings[0].text)
            for message in self.workspace.messages
            for line in ("", *message.thread)
        ]

    def fresh(self) -> Iterator[Card]:
        """Every card that was drawn since this was asked last, edits too."""
        for message in self.workspace.messages:
            seen = self._looked.get(message.once, 0)
            yield from message.drawings[seen:]
            self._looked[message.once] = len(message.drawings)

    @property
    def story(self) -> str:
        return "\n".join(self.lines)

    @property
    def buzzes(self) -> list[tuple[datetime, str, str]]:
        """When whose telephone buzzed, and for what, in order."""
        return self._buzzes

    def notes(self) -> Notes:
        """Copy what was noted until now."""
        return tuple(self.lines), self._day, tuple(self._buzzes)

    def note_again(self, notes: Notes) -> None:
        """Go on from what was noted until some moment."""
        lines, self._day, buzzes = notes
        self.lines[:], self._buzzes[:] = lines, buzzes

    def noted(self) -> tuple[int, ...]:
        """Count what was noted, and what of it somebody looked at."""
        return len(self.lines), len(self._buzzes), len(self._looked)

    def postings(self, step: str) -> tuple[Posting, ...]:
        key = self.task(step).key
        with self.store.reading() as reading:
            return reading.postings_of([key])[key]

    def next_moment(self) -> datetime | None:
        with self.store.reading() as reading:
            return reading.next_moment()

    def _heard(self, to: str, text: str) -> None:
        self._buzzes.append((self.clock.now(), to, text))
        person = self.clinic.people.get(to)
        self._write(f"-> {person.name if person else to}: {text}")

    def said(self, who: str, doing: str, do: Callable[[], Response]) -> Response:
        """Write into the story what a person does and is answered."""
        person = self.clinic.people.get(who)
        self._write(f"{person.name if person else who} {doing}")
        try:
            found = do()
        except Refused as refusal:
            self._write(f"   refused: {refusal}")
            raise
        answer = found.text if isinstance(found, Notice) else found.heading
        self.lines += [f"         {line}" for line in answer.splitlines()]
        return found

    def _write(self, text: str) -> None:
        now = self.clock.now()
        day = wording.moment(now, CALENDAR).rsplit(" ", 1)[0]
        if day != self._day:
            self.lines.append(day)
            self._day = day
        self.lines.append(f"  {wording.clock(now, CALENDAR)}  {text}")


def buttons_of(message: Message, line: str = "") -> Iterator[Button]:
    card = message.card
    if message.over or not isinstance(card, TaskCard | DecisionCard):
        return
    if not line:
        yield from card.buttons
    if isinstance(card, TaskCard):
        for each in card.lines:
            if not line or each.title == line:
                yield from each.buttons
