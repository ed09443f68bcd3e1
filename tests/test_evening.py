"""The evening: tomorrow's sheet is laid into its folder, told of once, and opened by a link of one person."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

import httpx
import pytest

from bot import evening
from bot.config import Settings
from bot.core.actions import Action, Button
from bot.core.errors import BookendError, NotFound
from bot.core.messages import Notice
from bot.core.people import Clinic
from bot.evening import Sheets, pressed, print_sheets
from bot.service.printing import LASTS
from bot.web import asgi
from tests.service.clinic import FRAN, JO, KIT, RIVERSIDE, london
from tests.service.riverside import Riverside

HOME = "https://bookend.our-clinic.example"
EVENING = "2027-02-17 18:00"


def booked(clinic: Clinic = RIVERSIDE, *, now: str = EVENING, url: str = HOME) -> Riverside:
    made = Riverside("g.timeout", clinic=clinic, public_url=url).book()
    made.clock.advance(london(now))
    return made


def settings(folder: Path | None = None) -> Settings:
    return Settings(sheet_folder=folder)


def notices(clinic: Riverside, who: str) -> list[Notice]:
    cards = [message.card for message in clinic.workspace.of(who)]
    return [card for card in cards if isinstance(card, Notice) and card.heading.startswith("Paper sheet")]


def printed(clinic: Riverside, told: Settings) -> Riverside:
    print_sheets(told, clinic.practice)
    clinic.speak()
    return clinic


def test_a_manager_and_the_front_desk_are_told_once_at_closing() -> None:
    clinic = booked(now="2027-02-17 17:59")
    before = printed(clinic, settings()).workspace.messages[:]
    clinic.clock.advance(london(EVENING))

    for _ in range(3):
        printed(clinic, settings())

    assert [each for each in before if isinstance(each.card, Notice)] == []
    assert [len(notices(clinic, who)) for who in (KIT, FRAN, JO)] == [1, 1, 0]
    assert notices(clinic, KIT)[0].heading == "Paper sheet of Thu 18 Feb"


def test_a_clinic_says_when(tmp_path: Path) -> None:
    early = replace(RIVERSIDE, sheet=time(16, 30))

    clinic = printed(booked(early, now="2027-02-17 16:30"), settings())

    assert len(notices(clinic, KIT)) == 1


def test_where_nobody_is_booked_or_there_is_no_way_to_it_nobody_is_told() -> None:
    nobody = printed(booked(now="2027-02-10 18:00"), settings())
    no_way = printed(booked(url=""), settings())

    assert [notices(each, KIT) for each in (nobody, no_way)] == [[], []]


def test_the_sheet_lies_in_its_folder_and_old_ones_leave_it(tmp_path: Path) -> None:
    folder = tmp_path / "sheets"
    folder.mkdir()
    for name in (
        "riverside-2027-02-10.pdf",
        "riverside-2027-02-12.pdf",
        "ours.pdf",
        "hillside-2027-01-01.pdf",
    ):
        (folder / name).write_bytes(b"%PDF-")

    printed(booked(url=""), settings(folder))

    names = sorted(each.name for each in folder.iterdir())
    assert names == [
        *("hillside-2027-01-01.pdf", "ours.pdf", "riverside-2027-02-12.pdf", "riverside-2027-02-18.pdf"),
    ]
    assert (folder / "riverside-2027-02-18.pdf").read_bytes().startswith(b"%PDF-")


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(BookendError, match=r"^The sheet cannot be laid into .*: let the user"):
        print_sheets(settings(tmp_path / "file"), booked().practice)


def link(clinic: Riverside, who: str = KIT) -> str:
    printed(clinic, settings())
    notice = notices(clinic, KIT)[0]
    answer = clinic.press_on(who, notice, "Open the sheet")
    assert answer.link is not None
    return answer.link[1].removeprefix(HOME)


def door(clinic: Riverside, method: str, *addresses: str) -> list[httpx.Response]:
    async def asked() -> list[httpx.Response]:
        app = asgi(Sheets(clinic.practice).routes())
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=HOME) as browser:
            return [await browser.request(method, address) for address in addresses]

    return asyncio.run(asked())


def test_the_button_sends_whoever_pressed_it_a_link_whose_page_opens_the_sheet() -> None:
    clinic = booked()
    address = link(clinic)

    (page,), (sheet,) = door(clinic, "GET", address), door(clinic, "POST", address)

    assert "Kit Pattern alone" in page.text and "Paper sheet of Thu 18 Feb" in page.text
    assert (sheet.headers["content-type"], sheet.content[:5]) == ("application/pdf", b"%PDF-")
    assert sheet.headers["cache-control"] == "no-store"


def test_whoever_presses_again_and_again_has_one_sheet_made_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clinic, met = booked(), threading.Barrier(2)
    address = link(clinic)

    def made(*_: object) -> bytes:
        with suppress(threading.BrokenBarrierError):
            met.wait(timeout=0.1)
        return b"%PDF"

    monkeypatch.setattr(evening, "pressed", made)
    app = asgi(Sheets(clinic.practice).routes())

    async def both() -> list[httpx.Response]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=HOME) as browser:
            return await asyncio.gather(browser.post(address), browser.post(address))

    assert [answer.status_code for answer in asyncio.run(both())] == [200, 200]
    assert met.broken, "two were made at once"


def test_a_link_is_over_after_ten_minutes_and_a_guessed_one_opens_nothing() -> None:
    clinic = booked()
    address = link(clinic)
    clinic.clock.advance(clinic.clock.now() + LASTS)

    for method in ("GET", "POST"):
        found = door(clinic, method, address, "/sheet/guessed")
        assert [each.status_code for each in found] == [409, 404]


def test_a_link_of_somebody_who_left_is_over() -> None:
    clinic = booked()
    address = link(clinic)
    people = {id: each for id, each in RIVERSIDE.people.items() if id != KIT}
    clinic.practice = replace(clinic.practice, clinics={"riverside": replace(RIVERSIDE, people=people)})

    assert [each.status_code for each in door(clinic, "POST", address)] == [409]


@pytest.mark.parametrize("value", ["hillside 2027-02-18", "riverside", "riverside tomorrow", ""])
def test_a_forged_button_opens_nothing(value: str) -> None:
    clinic = booked()
    forged = Button(action=Action.SHEET, label="", value=value)

    with pytest.raises(NotFound):
        clinic.reply(clinic.pressed(JO, forged))


def test_the_same_evening_makes_the_same_sheet() -> None:
    clinic = booked()

    one, other = (
        pressed(clinic.practice, RIVERSIDE, london(EVENING).date() + timedelta(days=1)) for _ in "12"
    )

    assert one == other
