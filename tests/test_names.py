"""The page behind "Who is this?": it hides what it may, counts no fetch as a look, and shows a name once."""

from datetime import date

import httpx
import pytest

from bot.core.identity import Identity
from bot.core.messages import Notice
from bot.names import FIELDS, HEADERS, Names
from bot.web import asgi
from tests.service.clinic import CODE, JO
from tests.service.riverside import Riverside
from tests.service.test_who import ADA, ADDRESS, known, riverside

pytestmark = pytest.mark.anyio
ODD = Identity(name="<b>Ada & Co</b>", born=date(1968, 3, 9), record='"EX"')


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def visitor(clinic: Riverside) -> httpx.AsyncClient:
    app = asgi(Names(clinic.practice).routes())
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=ADDRESS)


def path(clinic: Riverside) -> str:
    said = clinic.command(JO, f"who {CODE}")
    assert isinstance(said, Notice) and said.link is not None
    return said.link[1].removeprefix(ADDRESS)


async def test_a_fetch_shows_no_name_and_says_whose_page_it_is() -> None:
    clinic = known()
    async with visitor(clinic) as browser:
        page = await browser.get(path(clinic))

    assert page.status_code == 200
    assert "Jo Sample" in page.text and CODE in page.text and ADA.name not in page.text


async def test_the_button_shows_the_name_once() -> None:
    clinic = known()
    here = path(clinic)
    async with visitor(clinic) as browser:
        first, second = await browser.post(here), await browser.post(here)

    assert ADA.name in first.text and "9 Mar 1968" in first.text
    assert second.status_code == 409 and ADA.name not in second.text


async def test_a_form_of_countless_fields_is_not_read_through() -> None:
    clinic = riverside()
    here = path(clinic)
    told = f"name=Ada+Invented&born=1968-03-09&{'x=1&' * FIELDS}"
    async with visitor(clinic) as browser:
        await browser.post(here)
        page = await browser.post(f"{here}/keep", content=told)

    assert "Please look at the form once more." in page.text
    with clinic.store.reading() as reading:
        assert reading.identity(CODE) is None


async def test_no_tab_and_no_browsers_history_is_called_after_a_patient() -> None:
    clinic = known()
    here = path(clinic)
    async with visitor(clinic) as browser:
        shown = await browser.post(here)
        kept = await browser.post(f"{here}/keep", data={"name": ADA.name, "born": ADA.born.isoformat()})

    for page in (shown, kept):
        head, _, body = page.text.partition("</title>")
        assert ADA.name in body and ADA.name not in head


async def test_a_name_leaves_the_screen_and_no_page_is_kept() -> None:
    clinic = known()
    async with visitor(clinic) as browser:
        shown, over = await browser.post(path(clinic)), await browser.get("/who/over")

    assert '<meta http-equiv="refresh" content="60; url=/who/over">' in shown.text
    assert "left the screen" in over.text
    assert all(shown.headers[name] == value for name, value in HEADERS.items())
    assert shown.headers["cache-control"] == "no-store"


async def test_a_correction_is_typed_without_haste_on_a_page_that_shows_no_name() -> None:
    clinic = known()
    here = path(clinic)
    async with visitor(clinic) as browser:
        too_early = await browser.get(f"{here}/keep")
        shown = await browser.post(here)
        form = await browser.get(f"{here}/keep")

    assert too_early.status_code == 409
    assert f'href="{here}/keep"' in shown.text
    assert "refresh" not in form.text and ADA.name not in form.text


async def test_what_is_not_known_is_typed_and_shown_as_text() -> None:
    clinic = riverside()
    here = path(clinic)
    async with visitor(clinic) as browser:
        empty = await browser.post(here)
        slip = await browser.post(f"{here}/keep", data={"name": ODD.name, "born": "", "record": ODD.record})
        kept = await browser.post(
            f"{here}/keep", data={"name": ODD.name, "born": "1968-03-09", "record": ODD.record}
        )

    assert f"Nobody wrote down who {CODE} is" in empty.text
    assert "Please write the date of birth" in slip.text and "&lt;b&gt;Ada &amp; Co" in slip.text
    assert kept.status_code == 200 and "<b>Ada" not in kept.text
    with clinic.store.reading() as reading:
        assert reading.identity(CODE) == ODD


@pytest.mark.parametrize("where", ["/who/made-up", "/who/" + "A" * 43, "/who/%00"])
async def test_a_made_up_address_shows_a_kind_page(where: str) -> None:
    async with visitor(known()) as browser:
        page = await browser.get(where)

    assert page.status_code == 404 and "Nothing to see here" in page.text


async def test_a_broken_form_is_answered() -> None:
    clinic = riverside()
    here = path(clinic)
    async with visitor(clinic) as browser:
        await browser.post(here)
        page = await browser.post(f"{here}/keep", content=b"\xff\xfe&&==%%%")

    assert page.status_code == 200 and "Please write the name" in page.text
