"""The rules by which the oracle judges, written down anew from the design and the clinical content."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from bot.core.case import Case, Choice, Session, Task, TaskStatus
from bot.core.kinds import CardKind, Level
from bot.core.messages import LineState
from bot.core.playbook import Playbook, Step
from bot.core.times import Calendar
from tests.simulation.platforms import UNKNOWABLE, Platform

#: Minutes after asking: reminders, and last the moment somebody else is told.
LADDERS: Mapping[str, tuple[int, ...]] = {
    "routine": (120, 240),
    "important": (30, 60, 90),
    "urgent": (5, 10, 15),
}
#: What is not pressing waits no longer than from one half of a day to the next.
HALF_A_DAY = timedelta(hours=5, minutes=30)
#: What is pressing is asked at once; so long after the last fault that is so.
AT_ONCE = timedelta(minutes=6)
#: How much sooner than its ladder a word may come: clocks differ by seconds.
SOONER = timedelta(seconds=20)
#: What can stop a procedure is pressing so long before its start.
NEAR = timedelta(hours=2)
#: A patient who is not here is waited for, and a Finish that nobody pressed.
LATE_PATIENT, UNFINISHED, UNSTARTED = timedelta(minutes=25), timedelta(minutes=15), timedelta(hours=9)
ASKS = (LineState.OPEN, LineState.OVERDUE, LineState.LATER)


@dataclass(frozen=True, slots=True)
class Kept:
    """A case with its tasks and the playbook it keeps."""

    case: Case
    tasks: tuple[Task, ...]
    book: Playbook


def worked(calendar: Calendar, since: datetime, now: datetime) -> timedelta:
    """Return for how long a clinic was open between two moments, 08:00 to 18:00 of its working days."""
    total, day = timedelta(), calendar.day(since)
    while day <= calendar.day(now):
        if calendar.is_open(day):
            opens, closes = (calendar.instant(day, wall) for wall in (time(8), time(18)))
            total += max(timedelta(), min(now, closes) - max(since, opens))
        day += timedelta(days=1)
    return total


def repeats(platforms: Mapping[str, Platform]) -> Counter[str]:
    """Count the messages that stand twice, by why that was allowed; "" is not."""
    found: Counter[str] = Counter()
    for platform in platforms.values():
        for once, its in platform.by_once.items():
            again = [each for each in its if not each.deleted][1:]
            for _ in again:
                doubts = platform.doubts[once]
                allowed = doubts and (not platform.tells or not UNKNOWABLE.isdisjoint(doubts))
                found[f"{platform.name}: {doubts[-1]}" if allowed and len(again) == 1 else ""] += 1
    return found


def wait(ladder: Sequence[int], rung: int) -> timedelta:
    """Return how long after the word before it a word comes."""
    return timedelta(minutes=ladder[rung - 1] - (ladder[rung - 2] if rung > 1 else 0))


def put_off(task: Task) -> bool:
    """Say whether a physician put the procedure off: it waits for another date."""
    return task.decision is not None and task.decision.choice is Choice.POSTPONE


def is_pressing(step: Step, session: Session, now: datetime) -> bool:
    """Say whether a step can stop a procedure that is near, and the patient is here."""
    near = abs(session.start - now) <= NEAR and step.stops.level is not Level.NONE
    in_the_room = step.card in (CardKind.ROOM, CardKind.TIMEOUT)
    return near and session.arrived is not None and not in_the_room


def looks(state: LineState) -> str:
    """Return as what a line is shown, whatever its hour."""
    return "open" if state in ASKS else state.value


def missing(of: Kept, session: int, now: datetime) -> Iterator[Task]:
    """Yield what keeps a session from being ready."""
    for task in of.tasks:
        if task.session == session and of.book.step(task.step).stops.level is not Level.NONE:
            late = task.status is TaskStatus.OPEN and task.due <= now
            undecided = task.status is TaskStatus.BLOCKED and task.decision is None
            if late or undecided:
                yield task
