"""What is seen from outside, put together: which part is ill, which only odd, and what the watchdog saw."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import httpx
import pytest

from bot.config import Settings
from bot.core.errors import StoreTrouble
from bot.core.watched import Late, Queue, Watched
from bot.metrics import Counts
from bot.minute import watch_out
from bot.platforms import Platforms
from bot.seen import Seen, gauges
from bot.store.store import SqlStore, open_store
from bot.web import asgi
from tests.service.clinic import ALI, CODE, OPENED, RIVERSIDE
from tests.service.riverside import Riverside

pytestmark = pytest.mark.anyio
MINUTE = timedelta(minutes=1)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@dataclass
class Joined:
    """Platforms that say how they fare."""

    how: dict[str, str] = field(default_factory=lambda: {"slack": ""})

    def well(self) -> dict[str, str]:
        return self.how


class Gone:
    """A store whose database is not there."""

    def look(self) -> None:
        raise StoreTrouble("The database server does not answer.")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    """A database in a file: it has a version."""
    made = open_store(f"sqlite:///{tmp_path / 'bookend.db'}", history_key=b"k" * 32)
    yield made
    made.close()


def seen(store: Any, **how: str) -> Seen:
    return Seen(
        store=cast("SqlStore", store),
        platforms=cast("Platforms", Joined(how or {"slack": ""})),
        counts=Counts(),
        turned=lambda: 1.0,
    )


async def asked(seen: Seen, path: str = "/health") -> httpx.Response:
    wire = httpx.ASGITransport(app=asgi(seen.routes(Settings()), health=None))
    async with httpx.AsyncClient(transport=wire, base_url="http://127.0.0.1") as web:
        return await web.get(path)


@pytest.mark.parametrize(
    ("how", "status", "states"),
    [
        ({"slack": "", "teams": ""}, 200, ["good", "good"]),
        ({"slack": "", "teams": "It is away."}, 200, ["good", "odd"]),
        ({"slack": "It is away.", "teams": "It is away."}, 503, ["ill", "ill"]),
    ],
    ids=["both", "one", "none"],
)
async def test_one_platform_that_is_away_is_odd_and_none_at_all_is_ill(
    how: dict[str, str], status: int, states: list[str], store: SqlStore
) -> None:
    answer = await asked(seen(store, **how))

    found = [each["state"] for each in answer.json()["parts"] if each["part"] in how]
    assert (answer.status_code, found) == (status, states)


async def test_a_database_that_is_gone_is_ill() -> None:
    answer = await asked(seen(Gone()))

    assert answer.status_code == 503
    assert answer.json()["parts"][0]["why"] == "The database server does not answer."


async def test_a_database_of_another_version_is_ill(store: SqlStore, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "bookend.db")) as other, other:
        other.execute("UPDATE alembic_version SET version_num = '0001'")

    answer = await asked(seen(store))

    assert answer.status_code == 503
    assert "run `bookend migrate`" in answer.json()["parts"][0]["why"]


async def test_what_did_not_go_out_is_seen_a_minute_later_and_keeps_work_going(store: SqlStore) -> None:
    clinic = Riverside("g.skin_exam").book()
    clinic.clock.advance(OPENED + timedelta(days=60))
    looked = seen(store)
    watch_out(Settings(), clinic.practice, looked.saw)

    health, counts = await asked(looked), await asked(looked, "/metrics")

    (watchdog,) = [each for each in health.json()["parts"] if each["part"] == "watchdog"]
    assert (health.status_code, watchdog["state"]) == (200, "odd")
    assert RIVERSIDE.id in watchdog["why"]
    assert f'bookend_late{{clinic="{RIVERSIDE.id}",platform=""}} 1.0' in counts.text
    assert not any(word in health.text + counts.text for word in (CODE, ALI))


async def test_how_a_clinic_stands_is_told_in_numbers_and_no_code() -> None:
    stands = Watched(
        clinic="riverside",
        at=OPENED,
        due=5,
        sent=4,
        late=(Late(task=f"{CODE}:g.exam:1:1", since=OPENED - 7 * MINUTE, platform="slack"),),
        queues=(Queue(clinic="riverside", platform="slack", waiting=3, oldest=OPENED - 2 * MINUTE),),
    )

    told = {gauge.name: dict(gauge.rows) for gauge in gauges({"riverside": stands})}

    one, there = ("riverside",), ("riverside", "slack")
    assert told == {
        "due": {one: 5},
        "shown": {one: 4},
        "late": {("riverside", ""): 0, there: 1},
        "late_seconds": {one: 420.0},
        "checked_timestamp_seconds": {one: OPENED.timestamp()},
        "queue_parcels": {there: 3},
        "queue_age_seconds": {there: 120.0},
    }
