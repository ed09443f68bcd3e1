"""A day into which marks are planted: what must be nowhere is nowhere, and what may stay is found."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.kills.databases import database
from tests.marks.day import everything, opened, played
from tests.marks.marks import Fate, Leak, Mark, Trace, found

pytestmark = pytest.mark.marks


@dataclass(frozen=True, kw_only=True, slots=True)
class Over:
    """A day that is over: what was planted, what came of it, and which of the marks stand where."""

    marks: Sequence[Mark]
    traces: Sequence[Trace]
    leaks: Sequence[Leak]
    #: On how many pages a name was shown to somebody who looked it up.
    pages: int
    #: The platform on which names may stand.
    full: str

    def of(self, fate: Fate) -> list[Leak]:
        """Where the marks of which this must become were found."""
        return [leak for leak in self.leaks if leak.mark.fate is fate]


async def _play(folder: Path, full: str, settings: dict[str, str]) -> Over:
    async with opened(folder, full=full, **settings) as day:
        await played(day)
    marks, traces = day.planted.marks, everything(day)
    return Over(marks=marks, traces=traces, leaks=found(marks, traces), pages=len(day.pages), full=full)


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def over(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Over]:
    """One day for all of these tests, on each database; the log is for people, and for programs."""
    folder = tmp_path_factory.mktemp("marks")
    with database(request.param, folder) as address:
        yield asyncio.run(_play(folder, FULL[request.param], _settings(request.param, address)))


#: On which platform names may stand, by the database of a day.
FULL = {"sqlite": "slack", "postgres": "teams"}


def _settings(kind: str, address: str) -> dict[str, str]:
    if kind == "sqlite":
        return {"BOOKEND_DATABASE_URL": address}
    keys = {
        "BOOKEND_HISTORY_KEY": "an invented history key",
        "BOOKEND_IDENTITY_KEYS": "an invented names' key",
    }
    return {"BOOKEND_DATABASE_URL": address, "BOOKEND_LOG": "json", **keys}


def told(leaks: Sequence[Leak]) -> list[str]:
    """Each leak in words."""
    return sorted({f"{leak.mark.where}: its {leak.mark.kind} in {leak.place}" for leak in leaks})


def test_what_is_refused_is_nowhere(over: Over) -> None:
    assert told(over.of(Fate.NOWHERE)) == []


def test_who_a_patient_is_stands_on_cards_of_one_platform_alone(over: Over) -> None:
    leaks = over.of(Fate.SEALED)

    places = {leak.place for leak in leaks}
    assert len(places) >= 2, places
    assert {place for place in places if not place.startswith(over.full)} == set()
    assert told([leak for leak in leaks if not leak.place.endswith(", the body")]) == []
    assert {(leak.mark.kind, leak.mark.where) for leak in leaks} == {("name", "who U0JO wrote down")}
    assert over.pages == 2


def test_what_may_stay_is_found_where_it_is_kept_and_shown(over: Over) -> None:
    for mark in over.marks:
        if mark.fate is Fate.STAYS:
            places = {leak.place for leak in over.leaks if leak.mark is mark}
            assert any(place.startswith("table: ") for place in places), (mark, places)
            assert any(place.startswith(("slack", "teams", "bookend export")) for place in places), mark


def test_whoever_wrote_what_is_refused_was_told_so(over: Over) -> None:
    said = b"".join(trace.data for trace in over.traces if trace.place.startswith(("slack", "teams")))

    assert said.count(b"This looks like a") > 100


def test_marks_were_put_everywhere_that_words_can_enter(over: Over) -> None:
    assert len(over.marks) > 200
    assert {trace.place for trace in over.traces} >= {
        *(
            "/health",
            "/metrics",
            "/about",
            "bookend export",
            "bookend import",
            "file: said",
            "table: answers",
        ),
        *(
            "packed: case.json",
            "file: audit.html",
            "file: sheet.pdf",
            "bookend audit",
            "table: history",
            "table: inbox",
            "table: parcels",
        ),
        *("slack: chat.postMessage", "slack: chat.update", "slack: views.open", "slack: chat.postEphemeral"),
        *("slack: views.publish", "slack: an answer", "teams: post", "teams: edit"),
    }
