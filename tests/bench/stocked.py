"""A stocked store: as many tasks as wished, nearly all of closed cases, and open ones for each round.

Two cases are planned, and answered as people usually answer; all others are copies of their rows, made by the
database itself: a million tasks take seconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, String, cast, func, insert, literal, select

from bot.clock import VirtualClock
from bot.core.case import Answer, Booking, Outcome, Task, TaskStatus
from bot.core.course import Course
from bot.core.outgoing import Entry
from bot.core.people import Clinic
from bot.core.plan import plan_case
from bot.core.usual import usual_values
from bot.files.clinic import load_clinic
from bot.paths import shipped_playbooks
from bot.service.practice import Practice
from bot.shelf import Bookshelf
from bot.store.engines import Engines
from bot.store.store import SqlStore, open_store
from bot.store.tables import cases, history, tasks

KEY = b"an invented key, long enough"
PLATFORM = "bench"
#: A week before the procedure, four lines of each case are asked at this moment, on three people's lists.
NOW = datetime(2027, 2, 11, 10, tzinfo=UTC)
DUE_OF_A_CASE = 4
#: The clinic whose board is drawn; each round of a sweep has a clinic of its own.
BOARD = "board"


@dataclass(frozen=True, kw_only=True, slots=True)
class Stock:
    """What a store holds: tasks in all, due ones in each round's clinic, and open cases on the board."""

    tasks: int
    rounds: int
    due: int
    board: int


def round_clinic(number: int) -> str:
    """Name the clinic that is swept in a round."""
    return f"round-{number}"


def clinic(name: str) -> Clinic:
    """Return the example's clinic by another name."""
    example = load_clinic(shipped_playbooks() / "clinic-example.yaml")
    people = {id: replace(person, accounts={PLATFORM: id}) for id, person in example.people.items()}
    return replace(example, id=name, people=people, channels={PLATFORM: {"board": "procedures"}})


def practice(store: SqlStore, name: str) -> Practice:
    """Return an installation of one clinic, in the moment of the sweep."""
    return Practice(
        store=store,
        shelf=Bookshelf(shipped_playbooks(), store),
        clock=VirtualClock(NOW),
        clinics={name: clinic(name)},
        platforms=(PLATFORM,),
        unsigned_may_ask=True,
    )


def booking() -> Booking:
    """Return the booking that every case comes from: about fifty tasks."""
    return Booking(
        playbook="abl",
        calendar=clinic(BOARD).calendar,
        opened=NOW - timedelta(days=30),
        starts=(NOW + timedelta(days=7, minutes=-30),),
        facts={"age": 52, "area_face": "yes"},
    )


def fill(url: str, stock: Stock) -> None:
    """Make a new store with this stock."""
    with opened(url) as store:
        each = _add_models(store)
    engines = Engines(url)
    with engines.writing() as connection:
        _copy_all(connection, stock, each)
    engines.close()


@contextmanager
def opened(url: str) -> Iterator[SqlStore]:
    """Open a store as a program does that starts: it remembers nothing, and each commit goes to the disk."""
    store = open_store(url, history_key=KEY)
    try:
        yield store
    finally:
        store.close()


def _add_models(store: SqlStore) -> int:
    """Add one case that is open and one that is over; return how many tasks each has."""
    playbook, booked = Bookshelf(shipped_playbooks()).current("abl"), booking()
    for code, answered_before in (("OPEN", NOW), ("OVER", NOW + timedelta(days=365))):
        case, planned = plan_case(playbook, booked, code=code, clinic="models")
        course = Course(case=case, tasks=planned, playbook=playbook, calendar=booked.calendar)
        its = [answered(course, task, by="jo") if task.due < answered_before else task for task in planned]
        over = all(task.status is TaskStatus.DONE for task in its)
        with store.writing() as tx:
            opened = Entry(kind="opened", at=case.opened, by="robin")
            tx.add_case(replace(case, closed=answered_before if over else None), its, opened)
    return len(planned)


def answered(course: Course, task: Task, *, by: str) -> Task:
    """Return a task that was answered as people usually answer it, when it was due."""
    role, values = course.step(task).role, usual_values(course, task)
    answer = Answer(by=by, role=role, at=task.due, outcome=Outcome.CONFIRMED, values=values)
    return replace(task, status=TaskStatus.DONE, answer=answer, rung=1, next_prompt_at=None)


def _copy_all(connection: Connection, stock: Stock, each: int) -> None:
    live = {round_clinic(number): stock.due // DUE_OF_A_CASE for number in range(stock.rounds)}
    live[BOARD] = stock.board
    over, more = divmod(stock.tasks // each - sum(live.values()), len(live))
    if over < 0:
        raise ValueError(f"{stock.tasks} tasks are too few for so many open cases")
    first = 0
    for number, (name, many) in enumerate(live.items()):
        last = first + many + over + (number < more)
        _copy(connection, "OPEN", name, range(first, first + many))
        _copy(connection, "OVER", name, range(first + many, last))
        first = last


def _copy(connection: Connection, model: str, to: str, numbers: range) -> None:
    if not numbers:
        return
    counted = select(literal(numbers.start).label("number")).cte("counted", recursive=True)
    counted = counted.union_all(select(counted.c.number + 1).where(counted.c.number < numbers.stop - 1))
    code = literal("C") + func.substr(cast(counted.c.number + 1_000_000, String), 2, type_=String)
    key = code + func.substr(tasks.c.key, len(model) + 1, type_=String)
    for table in (cases, tasks, history):
        new = {"code": code, "clinic": literal(to), "key": key}
        rows = select(*(new.get(column.name, column) for column in table.c))
        rows = rows.select_from(counted.join(table, table.c.code == model))
        connection.execute(insert(table).from_select([column.name for column in table.c], rows))
