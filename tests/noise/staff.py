"""Invented staff who answer what they are asked: some minutes later, and nobody while treating a patient."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from bot.core.case import Choice, Moment, Session, Task, TaskStatus
from bot.core.course import Course
from bot.core.due import READ_ALOUD
from bot.core.errors import BookendError, Refused
from bot.core.kinds import Level
from bot.core.messages import DecisionCard, TaskCard
from bot.core.people import Person, Role
from bot.core.second import gave_first
from bot.core.usual import usual_values
from bot.ports import Transaction
from bot.service import cases
from bot.service.answer import Given, decide, give
from bot.service.practice import Practice
from tests.service.workspace import Workspace

#: Minutes until somebody who is free looks at a message: mostly soon, now and then not.
LOOKS = (1, 1, 1, 2, 2, 3, 3, 4, 4, 7)
#: The real moments, which are pressed.
MOMENTS = frozenset(Moment)
#: How long somebody tries to press a moment that is refused.
TRIES = timedelta(hours=3)


class Staff:
    """Whoever works there: what they mean to do, and when. Of a hundred messages they put so many aside, and
    come back to them so much later.
    """

    forgets, again = 2, timedelta(minutes=50)

    def __init__(self, practice: Practice, workspace: Workspace, random: Random) -> None:
        self.practice = practice
        self.clinic = next(iter(practice.clinics.values()))
        self.workspace = workspace
        self.random = random
        self.answered = 0
        self._agenda: list[tuple[datetime, int, str, str, int]] = []
        self._order = itertools.count()
        self._treated: dict[str, datetime] = {}
        self._looks: dict[str, datetime] = {}
        workspace.heard = self._heard

    @property
    def next_moment(self) -> datetime | None:
        """Return when somebody means to do something next."""
        return self._agenda[0][0] if self._agenda else None

    def expect(self, code: str, session: Session, arrives: datetime) -> None:
        """Let a patient come, a little early or late."""
        self._means(arrives + timedelta(minutes=self.random.choice([-4, -2, 0, 0, 1, 3])), "arrived", code)

    def work(self) -> None:
        """Let everybody do what they meant to do by now."""
        now = self.practice.clock.now()
        while self._agenda and self._agenda[0][0] <= now:
            _, _, doing, what, number = heapq.heappop(self._agenda)
            if doing == "look":
                self._looks.pop(what, None)
                self._look(what, now)
            elif doing in MOMENTS:
                self._press(Moment(doing), what, number, now)
            else:
                self._happens(doing, what, now)

    def _happens(self, doing: str, what: str, now: datetime) -> None:
        raise ValueError(f"nobody here does {doing} {what} at {now}")

    def _means(self, at: datetime, doing: str, what: str, session: int = 1) -> None:
        heapq.heappush(self._agenda, (at, next(self._order), doing, what, session))

    def _looks_again(self, who: str, at: datetime) -> None:
        # whoever means to look soon need not mean to look later
        if who not in self._looks or at < self._looks[who]:
            self._looks[who] = at
            self._means(at, "look", who)

    def _heard(self, to: str, text: str) -> None:
        if to in self.clinic.people:
            put_aside = self.random.randrange(100) < self.forgets
            delay = self.again if put_aside else timedelta(minutes=self.random.choice(LOOKS))
            self._looks_again(to, self.practice.clock.now() + delay)

    def _press(self, moment: Moment, code: str, number: int, now: datetime) -> None:
        by = "fran" if moment is Moment.ARRIVED else "max"
        try:
            with self.practice.store.writing() as tx:
                cases.mark(self.practice, tx, code, number, moment, by=by)
        except Refused:
            self._again(moment, code, number, now)
            return
        with self.practice.store.reading() as reading:
            session = reading.case(code).session(number)
        if moment is Moment.ARRIVED:
            # whoever greets a patient has the list of the day in front of them
            self._looks_again("fran", now + timedelta(minutes=1))
            self._means(max(session.start, now), "started", code, number)
        elif moment is Moment.FINISHED:
            self._looks_again("fran", now + timedelta(minutes=25))
        else:
            lasts = session.minutes + self.random.choice([-6, -4, -2, 0, 0, 2, 5])
            self._treated["max"] = now + timedelta(minutes=lasts)
            self._means(now + timedelta(minutes=lasts), "finished", code, number)

    def _again(self, moment: Moment, code: str, number: int, now: datetime) -> None:
        with self.practice.store.reading() as reading:
            case = reading.case(code)
        session = case.session(number)
        cancelled = case.cancelled or session.cancelled
        if not cancelled and abs(now - session.start) <= TRIES:
            self._means(now + timedelta(minutes=2), moment.value, code, number)

    def _look(self, who: str, now: datetime) -> None:
        busy = self._treated.get(who)
        if busy is not None and busy > now:
            self._looks_again(who, busy + timedelta(minutes=1))
            return
        later = []
        with self.practice.store.writing() as tx:
            for key in self._open_lines(who):
                task = tx.task(key)
                if task.status is TaskStatus.OPEN and task.due > now + READ_ALOUD:
                    later.append(task.due)
                elif task.status in (TaskStatus.OPEN, TaskStatus.BLOCKED):
                    self._answer(tx, self.clinic.person(who), task)
        for due in sorted(set(later))[:1]:
            self._looks_again(who, due + timedelta(minutes=self.random.choice(LOOKS)))

    def _open_lines(self, who: str) -> Iterator[str]:
        seen = set()
        for message in self.workspace.of(who):
            card = message.card
            if message.over or (isinstance(card, TaskCard | DecisionCard) and card.closed):
                continue
            if isinstance(card, TaskCard):
                seen |= {line.task for line in card.lines if line.state.value not in ("done", "void")}
            elif isinstance(card, DecisionCard):
                seen |= {key for button in card.buttons for key in button.tasks}
        # other buttons are about a case or a session
        yield from sorted(key for key in seen if key.count(":") == 3)

    def _answer(self, tx: Transaction, person: Person, task: Task) -> None:
        course = self.practice.course(tx, task.case)
        try:
            if task.status is TaskStatus.BLOCKED:
                self._decide(tx, course, person, task)
            elif person.may(course.step(task).role, Role.PHYSICIAN) and not gave_first(task, person.id):
                give(self.practice, tx, self.clinic, person, self._given(course, task))
                self.answered += 1
                self._thinks_again(person, task)
        except BookendError:
            # refused now, such as a time-out while something is open: they look again at the next word
            self._looks_again(person.id, self.practice.clock.now() + timedelta(minutes=3))

    def _given(self, course: Course, task: Task) -> Given:
        return Given(task=task.key, values=usual_values(course, task))

    def _thinks_again(self, person: Person, task: Task) -> None:
        """Do nothing: on a good day what was said was meant."""

    def _decide(self, tx: Transaction, course: Course, person: Person, task: Task) -> None:
        if not person.may(Role.PHYSICIAN) or task.decision is not None:
            return
        hard = course.verdict(task).level is Level.HARD
        choice = Choice.POSTPONE if hard else Choice.PROCEED
        decide(self.practice, tx, person, task.key, choice, "talked it over")
