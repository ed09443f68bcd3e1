"""Keys that rotate while a clinic works: nobody loses a name, and a wrong key stops no card."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.kills.databases import database
from tests.kills.instances import until
from tests.marks.clinic import ALI, JO
from tests.marks.day import Day, booked, booked_at_harbour, opened, page_of

pytestmark = pytest.mark.marks

OLD, NEW = "an old invented secret", "a new invented secret"
BORN = "1968-03-09"


async def _write_down(day: Day, code: str, name: str) -> None:
    page = await page_of(day, code, JO)
    await day.fetch(page, look="1")
    assert name in await day.fetch(f"{page}/keep", name=name, born=BORN, record="")


async def _look(day: Day, code: str) -> str:
    return await day.fetch(await page_of(day, code, JO), look="1")


async def _rotated(folder: Path, address: str) -> None:
    settings = {"BOOKEND_DATABASE_URL": address, "BOOKEND_HISTORY_KEY": "an invented history key"}
    async with opened(folder, **settings, BOOKEND_IDENTITY_KEYS=OLD) as day:
        code = await booked(day)
        await _write_down(day, code, "Ada Invented")

        await day.again(BOOKEND_IDENTITY_KEYS=f"{NEW},{OLD}")
        assert "under an older secret" in await day.bookend("doctor")
        # somebody corrects a name while all are encrypted anew
        said, _ = await asyncio.gather(day.bookend("rekey"), _write_down(day, code, "Ada Corrected"))
        assert "Done" in said
        assert "older secret" not in await day.bookend("doctor")

        await day.again(BOOKEND_IDENTITY_KEYS=NEW)
        assert "Ada Corrected" in await _look(day, code)
        await until(lambda: "Ada Corrected" in day.words_to(JO), "the name on Jo's card", within=20)

        await day.again(BOOKEND_IDENTITY_KEYS=OLD)
        assert "cannot be read" in await _look(day, code)
        assert "of a patient cannot be read" in await day.bookend("doctor")
        # a wrong key takes names away, and no card
        answer = await day.in_slack(ALI).command(f"case {code}")
        assert code in str(answer.body) and "Ada" not in str(answer.body)
        await booked_at_harbour(day)


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_a_secret_is_changed_while_the_clinic_works(kind: str, tmp_path: Path) -> None:
    with database(kind, tmp_path) as address:
        asyncio.run(_rotated(tmp_path, address))
