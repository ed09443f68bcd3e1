"""Through the local page: a booking whose code is written down, and a claim that one of two gets."""

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
from bot.core.outgoing import Posting
from bot.core.people import Role
from bot.service import cases
from bot.service.deliver import delivered
from bot.service.desk import ClinicDesk
from bot.service.practice import Practice
from bot.service.tick import tick
from bot.web import asgi
from tests.service.clinic import CODE, FRAN, JO, RIVERSIDE, SAM, abl, booking, here, london, practice
from tests.store.memory import memory_store

pytestmark = pytest.mark.anyio

LOCAL = "local"
AT = "http://127.0.0.1:8000"
AT_PAGE = replace(
    RIVERSIDE,
    roster={day: {**duty, Role.NURSE: ()} for day, duty in RIVERSIDE.roster.items()},
    channels={LOCAL: {"board": "procedures"}},
    rooms={"room-2": ("CO₂ laser",)},
    people={id: replace(person, accounts={LOCAL: id}) for id, person in RIVERSIDE.people.items()},
)


class Page:
    """A browser at the page, and the store behind it."""

    def __init__(self, browser: httpx.AsyncClient, works: Practice, chat: LocalChat) -> None:
        self.browser = browser
        self.works = works
        self.chat = chat
        self.number = 0

    def codes(self) -> frozenset[str]:
        with self.works.store.reading() as reading:
            return reading.codes()

    async def speak(self) -> None:
        tick(self.works)
        await delivered(self.works, {LOCAL: self.chat}, here)

    async def sees(self, who: str) -> str:
        return (await self.browser.get(f"/fragments?as={who}")).text

    async def types(self, who: str, text: str) -> dict[str, Any]:
        return await self.says(who, kind="typed", text=text, message=None)

    async def says(self, who: str, **what: Any) -> dict[str, Any]:
        self.number += 1
        sent = {"as": who, "once": str(self.number), **what}
        said: dict[str, Any] = (await self.browser.post("/reply", json=sent)).json()
        return said


@asynccontextmanager
async def page(folder: Path, wall: str = "2027-01-13 10:00") -> AsyncIterator[Page]:
    store, clock = memory_store(), VirtualClock(london(wall))
    book = abl("g.skin_exam", "g.medicines")
    works = replace(practice(store, clock, book, clinic=AT_PAGE), platforms=(LOCAL,))
    chat = LocalChat(folder / "page.db", clock=clock, calendar=AT_PAGE.calendar)
    app = asgi(routes(desk=ClinicDesk(practice=works), chat=chat, clinic=AT_PAGE, clock=clock))
    wire = httpx.ASGITransport(app=app, client=("127.0.0.1", 50000), raise_app_exceptions=False)

    async with httpx.AsyncClient(transport=wire, base_url=AT) as browser:
        yield Page(browser, works, chat)
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


async def test_who_presses_claim_first_gets_the_lines_and_the_card_in_the_channel_says_so(
    tmp_path: Path,
) -> None:
    async with page(tmp_path, "2027-01-12 15:00") as at:
        with at.works.store.writing() as tx:
            cases.open_case(at.works, tx, booking(), clinic=AT_PAGE.id, by=FRAN, code=CODE)
        await at.speak()
        before = await at.sees(SAM)
        (card,) = [
            posting.key
            for posting in posted(at, "g.medicines")
            if posting.kind == "claim" and posting.to.channel == "procedures"
        ]
        press = {"kind": "pressed", "action": "claim", "tasks": [f"{CODE}:g.medicines:1:1"], "value": card}
        mine, yours = await at.says(SAM, **press), await at.says(JO, **press)
        await at.speak()
        after = await at.sees(SAM)

    assert "Who takes this, for a nurse?" in before and "messages to Sam: 0" in before
    assert "You have it: 1 item · K7Q2." in mine["html"]
    assert yours["tone"] == "bad" and "Sam Specimen has it" in yours["html"]
    assert "K7Q2: Sam Specimen has it." in after and "messages to Sam: 1" in after


def posted(at: Page, step: str) -> tuple[Posting, ...]:
    key = f"{CODE}:{step}:1:1"
    with at.works.store.reading() as reading:
        return reading.postings_of([key])[key]
