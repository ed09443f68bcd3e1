"""A day of eighteen procedures, six consultations, and the lists of all other cases, played to its end."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random

from bot.clock import VirtualClock
from bot.core.noise import Heard
from bot.core.people import Clinic
from bot.service.deliver import delivered
from bot.service.tick import tick
from tests.noise import stock
from tests.noise.clinic import (
    AROUND,
    DAY,
    EVERY,
    FIRST,
    ROOMS,
    Bookings,
    at,
    books,
    practice,
    working_day,
)
from tests.noise.figures import Figure, figures
from tests.noise.staff import Staff
from tests.service.clinic import awaited, here
from tests.service.workspace import PLATFORM, Workspace, WorkspaceChat
from tests.store.memory import memory_store


class Day:
    """One clinic, its cases as they stand in the morning, and its staff."""

    def __init__(self, clinic: Clinic, seed: int) -> None:
        self.random = Random(seed)
        self.clinic = clinic
        self.clock = VirtualClock(at(DAY, time(6)))
        self.store = memory_store()
        self.practice = practice(self.store, self.clock, clinic)
        self.workspace = Workspace()
        self.chat = WorkspaceChat(self.workspace, self.clock)
        self.staff = Staff(self.practice, self.workspace, self.random)
        self.bookings = Bookings(self.random)
        self._stock()

    def _stock(self) -> None:
        for days, many in {0: 18, **AROUND}.items():
            for number in range(many):
                self._add(working_day(days), number)
        for number in range(6):
            self._consult(number)

    def _add(self, day: date, number: int) -> None:
        playbook = books()[number % len(books())]
        start = at(day, FIRST) + number * EVERY
        consult = start - timedelta(days=28)
        booking = self.bookings.booking(playbook, start, consult, ROOMS[number % 2])
        code = self.bookings.code()
        stock.add(self.store, playbook, [(code, booking)], at(DAY, time(0)))
        if day == DAY:
            with self.store.reading() as reading:
                course = self.practice.course(reading, code)
            (session,) = course.case.sessions
            self.staff.expect(code, session, course.arrival(session))

    def _consult(self, number: int) -> None:
        playbook = books()[number % len(books())]
        consult = at(DAY, time(9)) + number * timedelta(minutes=75)
        booking = self.bookings.booking(playbook, consult + timedelta(days=28), consult, ROOMS[number % 2])
        stock.add(self.store, playbook, [(self.bookings.code(), booking)], at(DAY, time(0)))

    def play(self) -> None:
        """Let everybody work until the evening."""
        end = at(DAY, time(21))
        self._speak()
        while (moment := self._next()) is not None and moment <= end:
            self.clock.advance(moment)
            self.staff.work()
            self._speak()

    def heard(self) -> tuple[Heard, ...]:
        """Return what made a telephone buzz that day."""
        with self.store.reading() as reading:
            return reading.heard(self.clinic.id, at(DAY, time(0)), at(DAY, time(23)))

    def figures(self) -> list[Figure]:
        """Return what each person heard that day."""
        return figures(self.store, self.clinic, self.heard())

    def _next(self) -> datetime | None:
        with self.store.reading() as reading:
            coming = [reading.next_prompt(), self.staff.next_moment]
        return min(filter(None, coming), default=None)

    def _speak(self) -> None:
        with self.store.reading() as reading:
            moment = reading.next_prompt()
        # edits wait for the next message: nobody looks at a card before
        if moment is not None and moment <= self.clock.now() and tick(self.practice):
            awaited(delivered(self.practice, {PLATFORM: self.chat}, here))
