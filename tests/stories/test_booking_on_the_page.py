"""A booking through the local page: the form opens, is sent in, and the code is written down."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.chat.local.chat import LocalChat
from bot.chat.local.listen import routes
from bot.clock import VirtualClock
from bot.service.desk import ClinicDesk
from bot.web import asgi
from tests.service.clinic import FRAN, JO, RIVERSIDE, abl, london, practice
from tests.store.memory import memory_store

pytestmark = pytest.mark.anyio

LOCAL = "local"
HERE = "http://127.0.0.1:8000"
AT_PAGE = replace(
    RIVERSIDE,
    rooms={"room-2": ("CO₂ laser",)},
    people={id: replace(person, accounts={LOCAL: id}) for id, person in RIVERSIDE.people.items()},
)


class Page:
    """A browser at the page, and the store behind it."""

    def __init__(self, browser: httpx.AsyncClient, codes: Any) -> None:
        self.browser = browser
        self.codes = codes
        self.number = 0

    async def types(self, who: str, text: str) -> dict[str, Any]:
        return await self.says(who, kind="typed", text=text, message=None)

    async def says(self, who: str, **what: Any) -> dict[str, Any]:
        self.number += 1
        sent = {"as": who, "once": str(self.number), **what}
        said: dict[str, Any] = (await self.browser.post("/reply", json=sent)).json()
        return said


@asynccontextmanager
async def page(folder: Path) -> AsyncIterator[Page]:
    store, clock = memory_store(), VirtualClock(london("2027-01-13 10:00"))
    works = replace(practice(store, clock, abl("g.skin_exam"), clinic=AT_PAGE), platforms=(LOCAL,))
    chat = LocalChat(folder / "page.db", clock=clock, calendar=AT_PAGE.calendar)
    app = asgi(routes(desk=ClinicDesk(practice=works), chat=chat, clinic=AT_PAGE, clock=clock))
    wire = httpx.ASGITransport(app=app, client=("127.0.0.1", 50000), raise_app_exceptions=False)

    def codes() -> frozenset[str]:
        with store.reading() as reading:
            return reading.codes()

    async with httpx.AsyncClient(transport=wire, base_url=HERE) as browser:
        yield Page(browser, codes)
    chat.close()
    store.close()


FILLED = {
    "procedure": "abl",
    "day": "2027-03-02",
    "at": "09:30",
    "room": "room-2",
    "operator": "max",
    "session": "1 of 3",
}


async def test_the_desk_books_in_the_form_and_ticks_that_the_code_is_written_down(tmp_path: Path) -> None:
    async with page(tmp_path) as at:
        form = await at.types(FRAN, "new")
        booked = await at.says(
            FRAN, kind="filled", action="new", entries={"new": FILLED}, revisions={"new": 0}
        )
        (code,) = at.codes()
        ticked = await at.says(FRAN, kind="pressed", action="written", tasks=[f"{code}:1"])

    assert form["place"] == "sheet" and 'data-task="new"' in form["html"]
    assert all(f'data-field="{name}"' in form["html"] for name in FILLED)
    assert f'<p class="code">{code}</p>' in booked["html"]
    assert "I wrote the code down" in booked["html"]
    assert f"Thank you: {code} is in your book." in ticked["html"]


async def test_a_form_with_mistakes_stays_open_and_names_them_at_their_fields(tmp_path: Path) -> None:
    async with page(tmp_path) as at:
        wrong = {**FILLED, "day": "", "session": "4 of 3"}
        said = await at.says(FRAN, kind="filled", action="new", entries={"new": wrong}, revisions={"new": 0})
        codes = at.codes()

    assert codes == frozenset()
    assert set(said["problems"]) == {"day", "session"}


async def test_one_typed_line_books_too_and_a_nurse_is_refused(tmp_path: Path) -> None:
    async with page(tmp_path) as at:
        refused = await at.types(JO, "new abl 2027-03-02 09:30 room-2 max")
        before = at.codes()
        booked = await at.types(FRAN, "new abl 2027-03-02 09:30 room-2 max")
        (code,) = at.codes()

    assert refused["tone"] == "bad" and "may book a session" in refused["html"]
    assert before == frozenset()
    assert f'<p class="code">{code}</p>' in booked["html"]
