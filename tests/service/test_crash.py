"""A process ends between any two writes or sends: the next one goes on, and nothing is lost or said twice."""

import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.clock import VirtualClock
from bot.core.actions import Action
from bot.core.case import Choice
from bot.core.replies import Command, Filled
from bot.ports import Store, Transaction
from bot.store.store import SqlStore, open_store
from tests.examples import some, some_of
from tests.service.clinic import ALI, CODE, FRAN, JO, KEY, OPENED, WITH_BOARD, abl, practice
from tests.service.riverside import Riverside
from tests.service.workspace import PLATFORM, Workspace


class End(Exception):
    """Here the process was killed."""


@dataclass
class Steps:
    """Counts the points at which a process can end, and ends it at some of them."""

    end_at: frozenset[int] = frozenset()
    passed: list[str] = field(default_factory=list)
    replies: list[int] = field(default_factory=list)

    def passing(self, point: str) -> None:
        self.passed.append(point)
        if len(self.passed) in self.end_at:
            raise End(point)


class Fragile:
    """A store on which a process can end before it writes, before it commits and right after."""

    def __init__(self, store: Store, passing: Callable[[str], None]) -> None:
        self.reading = store.reading
        self._store = store
        self._passing = passing

    @contextmanager
    def writing(self, *, together: bool = False) -> Iterator[Transaction]:
        self._passing("before writing")
        with self._store.writing(together=together) as tx:
            yield tx
            self._passing("before the commit")
        self._passing("after the commit")


def medicines(clinic: Riverside) -> Filled:
    return clinic.filled(JO, clinic.form_of(JO, "g.medicines"))


def exam(clinic: Riverside) -> Filled:
    return clinic.filled(ALI, clinic.form_of(ALI, "g.skin_exam"), exam_done="no")


def postpone(clinic: Riverside) -> Filled:
    task = clinic.task("g.skin_exam")
    return Filled(
        platform=PLATFORM,
        account=ALI,
        once="",
        entries={task.key: {"reason": "not seen yet"}},
        revisions={task.key: task.asking},
        action=Action.DECIDE,
        value=Choice.POSTPONE.value,
    )


def cancel(clinic: Riverside) -> Command:
    return Command(platform=PLATFORM, account=FRAN, once="", words=("cancel", CODE, "ill"))


#: One afternoon: a form, a reminder, a stop, a decision and a cancellation.
AFTERNOON: dict[str, Callable[[Riverside], Filled | Command]] = {
    "2027-01-12 15:05": medicines,
    "2027-01-12 15:31": exam,
    "2027-01-12 15:40": postpone,
    "2027-01-12 16:00": cancel,
}
STEPS = ("g.medicines", "g.skin_exam", "g.change_check", "c.notify", "c.close")


class Afternoon:
    """The afternoon as a chain of processes: each one is thrown away when it ends, but for what is kept."""

    def __init__(self, open_again: Callable[[], SqlStore], steps: Steps) -> None:
        self.open_again = open_again
        self.steps = steps
        self.workspace = Workspace()
        self.said: dict[str, str] = {}
        self.clinic = self.started()

    def started(self) -> Riverside:
        """A new process, which knows nothing but the database and what the platform kept."""
        self.store = self.open_again()
        fragile = Fragile(self.store, self.steps.passing)
        # the director signed before the afternoon began: that writing is none of its steps
        practice(self.store, VirtualClock(OPENED), abl(*STEPS), clinic=WITH_BOARD)
        clinic = Riverside(*STEPS, store=fragile, workspace=self.workspace, clinic=WITH_BOARD, signed=False)
        clinic.chat.passing = self.steps.passing
        if hasattr(self, "clinic"):
            clinic.clock.advance(self.clinic.clock.now())
        return clinic

    def surely(self, do: Callable[[Riverside], None]) -> None:
        """Do something, in the next process if this one ends."""
        while True:
            try:
                return do(self.clinic)
            except End:
                self.store.close()
                self.clinic = self.started()

    def played(self) -> "Afternoon":
        self.surely(self._book)
        for number, (wall, make) in enumerate(AFTERNOON.items()):
            self.surely(partial(self._until, wall))
            reply = replace(make(self.clinic), once=f"delivery {number}")
            self.surely(partial(self._hand_in, reply))
        self.surely(partial(self._until, "2027-01-12 16:10"))
        self.store.close()
        return self

    def _book(self, clinic: Riverside) -> None:
        with clinic.store.reading() as reading:
            known = reading.codes()
        if CODE not in known:
            clinic.book()

    def _until(self, wall: str, clinic: Riverside) -> None:
        clinic.until(wall)

    def _hand_in(self, reply: Filled | Command, clinic: Riverside) -> None:
        # the platform hands it in again until it is acknowledged
        self.steps.replies.append(len(self.steps.passed))
        found = clinic.desk.command(reply) if isinstance(reply, Command) else clinic.desk.reply(reply)
        self.said[reply.once] = str(getattr(found, "text", found))


def kept(afternoon: Afternoon) -> dict[str, object]:
    """All that people can have noticed, whenever exactly they did."""
    messages = afternoon.workspace.messages
    clinic = Riverside(*STEPS, store=afternoon.open_again())
    history = [(entry.kind, entry.by) for entry in clinic.history()]
    return {
        "first messages": Counter((m.to, m.drawings[0].heading) for m in messages),
        "lines in threads": Counter((m.to, line) for m in messages for line in m.thread),
        "how cards stand": {
            (m.to, m.card.heading): m.over or m.card.text for m in messages if m.to != "#procedures"
        },
        "told to who spoke": afternoon.said,
        "statuses": clinic.statuses(),
        "history": Counter(history),
        "what waits": clinic.next_moment(),
        "audit": clinic.store.verify(),  # type: ignore[attr-defined]
    }


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, object], Steps]:
    """What an afternoon without mishap leaves, and the points at which it could have ended."""
    address = f"sqlite:///{tmp_path_factory.mktemp('calm') / 'bookend.db'}"
    steps = Steps()
    found = kept(Afternoon(lambda: open_store(address, history_key=KEY), steps).played())
    return found, steps


def test_an_afternoon_without_mishap_is_worth_the_trouble(
    undisturbed: tuple[dict[str, object], Steps],
) -> None:
    found, steps = undisturbed

    assert len(steps.passed) > 100
    assert found["lines in threads"] == {(ALI, "Still open: Skin exam · K7Q2."): 1}
    assert found["statuses"] == {
        "g.medicines": "done",
        "g.skin_exam": "void",
        "g.change_check": "void",
        "c.notify": "open",
        "c.close": "open",
        "bookend.new_date": "void",
    }
    assert found["audit"] == []


@settings(max_examples=some(8), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=st.sets(st.floats(0, 1, exclude_max=True), min_size=1, max_size=3))
def test_a_process_that_ends_anywhere_is_followed_by_one_that_goes_on(
    undisturbed: tuple[dict[str, object], Steps],
    tmp_path_factory: pytest.TempPathFactory,
    where: set[float],
) -> None:
    found, calm = undisturbed
    address = f"sqlite:///{tmp_path_factory.mktemp('killed') / 'bookend.db'}"
    steps = Steps(end_at=frozenset(int(point * len(calm.passed)) + 1 for point in where))

    after = kept(Afternoon(lambda: open_store(address, history_key=KEY), steps).played())

    assert after == found, [steps.passed[end - 1] for end in sorted(steps.end_at)]


POINTS = {"before writing": 1, "before the commit": 2, "after the commit": 3}
REPLIES = ("form", "stop", "decision", "command")


@pytest.mark.parametrize(("reply", "point"), some_of(itertools.product(REPLIES, POINTS)))
def test_what_a_person_said_counts_once_however_often_it_is_handed_in(
    undisturbed: tuple[dict[str, object], Steps],
    tmp_path: Path,
    reply: str,
    point: str,
) -> None:
    found, calm = undisturbed
    steps = Steps(end_at=frozenset({calm.replies[REPLIES.index(reply)] + POINTS[point]}))

    after = kept(
        Afternoon(lambda: open_store(f"sqlite:///{tmp_path / 'b.db'}", history_key=KEY), steps).played()
    )

    assert after == found
    assert len(steps.replies) == len(AFTERNOON) + 1
