"""The page about Bookend: who runs it, what is kept, the terms, each where the app in Teams says it is."""

import re
from dataclasses import replace

import httpx
import pytest

from bot import about
from bot.chat.teams.joining.manifest import ABOUT, manifest
from bot.web import asgi
from tests.chat.teams.joining.test_manifest import WANTED
from tests.service.clinic import WITH_BOARD
from tests.service.riverside import Riverside

pytestmark = pytest.mark.anyio
ODD = replace(WITH_BOARD, title="<b>Riverside & Co</b>")


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def shown() -> httpx.Response:
    clinic = Riverside(
        "g.medicines", clinic=ODD, twins=(replace(WITH_BOARD, id="hillside", title="Hillside"),)
    )
    app = asgi(about.routes(clinic.practice))
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="https://b.example"
    ) as browser:
        return await browser.get(about.PATH)


async def test_it_stands_where_the_app_in_teams_leads() -> None:
    page = await shown()

    places = set(re.findall(r'id="(\w+)"', page.text))
    links = [url for name, url in manifest(WANTED)["developer"].items() if name != "name"]
    assert (page.status_code, about.PATH) == (200, ABOUT)
    assert {url.partition("#")[2] for url in links} - {""} <= places
    assert all(url.partition("#")[0].endswith(about.PATH) for url in links)


async def test_it_names_who_runs_it_and_what_is_kept() -> None:
    page = await shown()

    assert "It is run by &lt;b&gt;Riverside &amp; Co&lt;/b&gt; and Hillside" in page.text
    assert "no warranty" in page.text and "not medical advice" in page.text
    assert "Names stay out of chat" in page.text


async def test_it_loads_nothing_and_stands_in_no_frame() -> None:
    page = await shown()

    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "src=" not in page.text and "http" not in page.text
