"""The clinics of the measurement, and their backlog: as after an outage, much is due at one moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.clock import WallClock
from bot.core.people import Clinic
from bot.paths import shipped_playbooks
from bot.service.cases import open_case
from bot.service.practice import Practice
from bot.shelf import Bookshelf
from bot.store.store import SqlStore, open_store
from tests.bench.stocked import KEY, NOW, PLATFORM, booking, clinic


class MovedClock:
    """The real time, moved to when the backlog is due."""

    def __init__(self, by: timedelta) -> None:
        self._wall = WallClock()
        self._by = by

    def now(self) -> datetime:
        """Return the present moment there."""
        return self._wall.now() + self._by


def moved() -> timedelta:
    """Return by how much the clock must be moved for the backlog to be due now."""
    return NOW - WallClock().now()


def clinics(many: int) -> dict[str, Clinic]:
    """Return clinics that have nobody and no channel in common."""
    return {each.id: each for each in map(_apart, range(many))}


def _apart(number: int) -> Clinic:
    made = clinic(f"clinic-{number}")
    people = {
        id: replace(person, accounts={PLATFORM: f"{made.id}-{id}"}) for id, person in made.people.items()
    }
    return replace(made, people=people, channels={PLATFORM: {"board": f"{made.id}-board"}})


def opened(url: str) -> SqlStore:
    """Open the store of a run."""
    return open_store(url, history_key=KEY)


def practice(store: SqlStore, many: int, by: timedelta) -> Practice:
    """Return an installation of so many clinics."""
    return Practice(
        store=store,
        shelf=Bookshelf(shipped_playbooks(), store),
        clock=MovedClock(by),
        clinics=clinics(many),
        platforms=(PLATFORM,),
        unsigned_may_ask=True,
    )


def fill(url: str, many: int, cases: int) -> None:
    """Make a database with so many clinics and cases of each."""
    store = opened(url)
    works = practice(store, many, moved())
    for name in works.clinics:
        with store.writing() as tx:
            for _ in range(cases):
                open_case(works, tx, booking(), clinic=name, by="robin")
    store.close()
