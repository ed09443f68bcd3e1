"""Lists for whoever asks: what waits for me, what nobody answered, who comes today.

Counts come first, then what is next and how to act.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

from bot.core import wording
from bot.core.asking import asked_person, asked_role
from bot.core.boards import BoardPart, BoardRow
from bot.core.case import Task, TaskStatus, case_of
from bot.core.course import Course
from bot.core.kinds import CardKind
from bot.core.messages import Line, Notice, TaskCard
from bot.core.people import Clinic, Person
from bot.core.postponing import must_wait
from bot.core.rooms import RoomDuties
from bot.ports import Reading
from bot.service.decisions import offered_for
from bot.service.huddle import draw_board
from bot.service.lines import line, who_button
from bot.service.practice import Practice
from bot.service.rooms import duties_of

#: How far ahead one's next item is looked for.
SOON = timedelta(days=3)


@dataclass(frozen=True, kw_only=True, slots=True)
class Owed:
    """An item that somebody must answer or decide: whose it is, and when its session starts."""

    course: Course
    task: Task
    person: str | None

    @property
    def stops(self) -> bool:
        """Say whether it stops a procedure as it stands."""
        return self.task.status is TaskStatus.BLOCKED

    @property
    def start(self) -> datetime:
        """Return when its session starts."""
        return self.course.case.session(self.task.session).start


def mine(practice: Practice, reading: Reading, clinic: Clinic, person: Person, now: datetime) -> TaskCard:
    """List what waits for a person now, and say what comes next for them."""
    return mine_today(practice, reading, clinic, person, now)[0]


def mine_today(
    practice: Practice, reading: Reading, clinic: Clinic, person: Person, now: datetime
) -> tuple[TaskCard, tuple[str, ...]]:
    """List the same, and say what will wait in the rest of the day, moment by moment and case by case."""
    owed = [each for each in _owed(practice, reading, clinic, now, now + SOON) if each.person == person.id]
    owed.sort(key=lambda each: (each.task.due, each.task.key))
    waits, later = [e for e in owed if e.task.due <= now], [e for e in owed if e.task.due > now]
    lines = [_line(each, clinic, now, number) for number, each in enumerate(waits, start=1)]
    waiting = f"Waiting for you: {_counted(waits)}." if waits else "Nothing waits for you."
    card = _card("Waiting for you", f"{waiting}{_next(next(iter(later), None), now)}", lines)
    return card, tuple(_later_today(later, clinic, now))


def _later_today(later: Sequence[Owed], clinic: Clinic, now: datetime) -> Iterator[str]:
    day = clinic.calendar.day(now)
    today = [each for each in later if clinic.calendar.day(each.task.due) == day]
    for (at, code), some in groupby(today, key=lambda each: (each.task.due, each.task.case)):
        titles = dict.fromkeys(each.course.step(each.task).title for each in some)
        yield f"{wording.clock(at, clinic.calendar)} · {code}: {', '.join(titles)}"


def overdue(practice: Practice, reading: Reading, clinic: Clinic, person: Person, now: datetime) -> TaskCard:
    """List what nobody answered yet, one's own first, then what stops and what starts soonest, each with its
    owner: whoever is no owner can talk to them.
    """
    found = sorted(_owed(practice, reading, clinic, now, now), key=lambda each: _by_danger(each, person, now))
    lines = [
        _of(person, each, _line(each, clinic, now, number), clinic)
        for number, each in enumerate(found, start=1)
    ]
    late = f"Overdue: {_counted(found)}{_yours(found, person)}." if found else "Nothing is overdue."
    return _card("Overdue", f"{late}{_soonest(found, now)}", lines)


def today(practice: Practice, reading: Reading, clinic: Clinic, person: Person, now: datetime) -> Notice:
    """Say who comes today by the clock, after the huddle's counts, and what waits for whoever asks."""
    board = draw_board(practice, reading, clinic, now)
    rows = sorted((row for row in board.rows if row.part is BoardPart.TODAY), key=lambda row: row.label)
    owed = _owed(practice, reading, clinic, now, now)
    waiting = [each.task.case for each in owed if each.person == person.id]
    if board.counts.startswith("0 today"):
        return Notice(text="Nobody is booked today.")
    lines = tuple(_patient(row, waiting.count(row.code)) for row in rows)
    act = ("`case` and a code shows what blocks it; `mine` what waits for you.",)
    return Notice(text=f"{board.counts}.", lines=(*lines, *act))


def _owed(
    practice: Practice, reading: Reading, clinic: Clinic, now: datetime, until: datetime
) -> Sequence[Owed]:
    cases = reading.cases_near(clinic.id, now, until, until)
    tasks = reading.tasks_of([case.code for case in cases])
    courses = [practice.course_of(case, tasks.get(case.code, ())) for case in cases]
    rooms = duties_of(reading, clinic, clinic.calendar.day(now))
    return [
        Owed(course=course, task=task, person=_whose(course, task, clinic, now, rooms))
        for course in courses
        for task in course.tasks
        if task.waits and task.due <= until and not must_wait(course, task)
    ]


def _whose(course: Course, task: Task, clinic: Clinic, now: datetime, rooms: RoomDuties) -> str | None:
    return asked_person(task, course.step(task), course.case, clinic, now, course.tasks, rooms)


def _line(each: Owed, clinic: Clinic, now: datetime, number: int) -> Line:
    drawn = line(each.course, each.task, clinic, now, number=number, mixed=True)
    # what stops waits for a decision, which is as good here as on its card
    return replace(drawn, buttons=drawn.buttons or offered_for(each.course, each.task))


def _by_danger(each: Owed, person: Person, now: datetime) -> tuple[bool, bool, bool, datetime, datetime, str]:
    mine = each.person == person.id
    return not mine, not each.stops, each.start < now, each.start, each.task.due, each.task.key


def _of(person: Person, each: Owed, drawn: Line, clinic: Clinic) -> Line:
    if each.person == person.id:
        return drawn
    role = wording.ROLES[asked_role(each.task, each.course.step(each.task))].capitalize()
    owner = wording.person_name(clinic, each.person) if each.person else f"{role}, nobody is there"
    said = " · ".join(filter(None, (f"Owner: {owner}", drawn.said)))
    return replace(drawn, said=said, buttons=())


def _card(heading: str, text: str, lines: Sequence[Line]) -> TaskCard:
    codes, counts = [case_of(each.task) for each in lines], text.removeprefix(f"{heading}: ")
    return TaskCard(
        kind=CardKind.WORKLIST,
        heading=heading,
        text=text,
        label=counts[:1].upper() + counts[1:],
        lines=tuple(lines),
        buttons=(who_button(codes),) if lines else (),
        closed=not lines,
    )


def _counted(found: Sequence[Owed]) -> str:
    stops = sum(each.stops for each in found)
    stopping = f", {stops} of them {'stops' if stops == 1 else 'stop'} a procedure" if stops else ""
    return f"{wording.count(len(found), 'item')}{stopping}"


def _yours(found: Sequence[Owed], person: Person) -> str:
    yours = sum(each.person == person.id for each in found)
    return f"; {yours} wait{'s' if yours == 1 else ''} for you" if yours else ""


def _next(later: Owed | None, now: datetime) -> str:
    if later is None:
        return ""
    at = wording.when(later.task.due, now, later.course.calendar)
    return f" Next: {at} {later.course.step(later.task).title} · {later.task.case}."


def _soonest(found: Sequence[Owed], now: datetime) -> str:
    soonest = min((each for each in found if each.start > now), key=lambda each: each.start, default=None)
    if soonest is None:
        return ""
    at = wording.when(soonest.start, now, soonest.course.calendar)
    return f" The soonest procedure is {soonest.task.case}, {at}."


def _patient(row: BoardRow, waiting: int) -> str:
    first = f": {row.blocks[0]}" if row.blocks and not row.needs_nobody else ""
    owner = f" ({row.owner})" if row.owner and not row.needs_nobody else ""
    you = f" · {wording.count(waiting, 'item')} for you" if waiting else ""
    return f"{row.label}: {row.summary}{first}{owner}{you}"
