"""What a rehearsal costs: a case from its booking to its last check, and a clinic's year of such cases.

The year is played side by side on one clock and one store in memory, so that its lists hold several patients.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from bot.app import rehearse
from bot.clock import VirtualClock
from bot.core.case import Booking, TaskStatus
from bot.core.script import AnswerWhenDue, Script
from bot.core.times import Closed
from bot.paths import shipped_playbooks
from bot.service.player import Player
from bot.service.practice import Practice
from bot.service.rehearse import CLINIC, play, rehearsal_clinic
from bot.service.transcript import PLATFORM, Transcript
from bot.shelf import Bookshelf
from bot.store.store import open_store
from tests.bench.figures import Figure, Goal, in_turn, seconds
from tests.bench.stocked import KEY, booking

#: The last check of a case comes sooner than this after its procedure.
OVER = timedelta(days=120)
#: Procedures begin so far apart on their day.
APART = timedelta(minutes=30)
#: Seconds that a case and a year may take.
CASE, YEAR = 0.15, 180


def rehearsed(rounds: int, cases: int) -> Iterator[Figure]:
    """Measure one case, again and again, and a year with so many, once."""
    shelf = Bookshelf(shipped_playbooks())
    script = _script(booking())
    tasks = len(rehearse(script, shelf).course.tasks)
    (one,) = in_turn(rounds, lambda _: seconds(lambda: rehearse(script, shelf)))
    yield Figure(what=f"rehearse a case of {tasks} tasks", ours=one, goal=Goal(bound=CASE))
    year = seconds(lambda: play_a_year(shelf, cases))
    yield Figure(what=f"rehearse a year of {cases:,} cases", ours=year, goal=Goal(bound=YEAR))


def play_a_year(shelf: Bookshelf, cases: int) -> None:
    """Play so many cases, spread over a year's open days, until each is over."""
    scripts = [_script(_later(number, cases)) for number in range(cases)]
    clinic = rehearsal_clinic(scripts[0].booking.calendar)
    clock = VirtualClock(scripts[0].booking.opened)
    store = open_store("sqlite://", history_key=KEY)
    practice = Practice(
        store=store,
        shelf=shelf,
        clock=clock,
        clinics={CLINIC: clinic},
        platforms=(PLATFORM,),
        unsigned_may_ask=True,
    )
    chat = Transcript(clock, clinic.calendar)
    players = {Player(practice, clinic, chat.note): script for script in scripts}
    play(practice, clock, players, chat)
    left = [task for each in players for task in each.course().tasks if task.status is TaskStatus.OPEN]
    store.close()
    if left:
        raise RuntimeError(f"{len(left)} tasks were left open, such as {left[0].step}")


def _later(number: int, cases: int) -> Booking:
    first = booking()
    day, place = divmod(number * 250, cases)
    calendar, start = first.calendar, first.starts[0]
    moved = calendar.day(start) + timedelta(days=day * 7 // 5)
    moved = calendar.open_day(moved, Closed.NEXT)
    at = calendar.instant(moved, calendar.local(start).time()) + APART * (place * 8 // cases)
    return replace(first, opened=first.opened + (at - start), starts=(at,))


def _script(booked: Booking) -> Script:
    return Script(booking=booked, lines=(AnswerWhenDue(until=booked.starts[-1] + OVER),))
