"""The director's page: what it shows, whom it lets in, and that it signs once what was shown."""

import asyncio
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from queue import Queue

import httpx
import pytest

from bot.clock import VirtualClock
from bot.core.signing import Signature
from bot.director import Office, open_office
from bot.paths import shipped_playbooks
from bot.service import signing
from bot.service.practice import Practice
from bot.shelf import Bookshelf
from bot.store import schema
from bot.web import asgi
from tests.service.clinic import ALI, OPENED, PIA, RIVERSIDE
from tests.service.workspace import PLATFORM
from tests.store.filed import file_store

TEXTS = ("abl.yaml", "every-procedure.yaml", "facts.yaml", "red-flags.yaml")
HERE = "http://127.0.0.1:4711"
NEXT_REVIEW = date(2028, 1, 4)


@pytest.fixture(scope="module")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all tables; a copy of it is made far quicker than the tables are."""
    path = tmp_path_factory.mktemp("director") / "empty.db"
    schema.migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def practice(playbooks_home: Path, tmp_path: Path, empty_file: Path) -> Iterator[Practice]:
    for name in TEXTS:
        shutil.copy(shipped_playbooks() / name, playbooks_home)
    store = file_store(f"sqlite:///{shutil.copy(empty_file, tmp_path / 'b.db')}", durable=False)
    yield Practice(
        store=store,
        shelf=Bookshelf(playbooks_home, store, forgiving=True),
        clock=VirtualClock(OPENED),
        clinics={RIVERSIDE.id: RIVERSIDE},
        platforms=(PLATFORM,),
    )
    store.close()


def edited(folder: Path, old: str, new: str) -> None:
    text = (folder / "abl.yaml").read_text("utf-8")
    assert old in text
    (folder / "abl.yaml").write_text(text.replace(old, new, 1), "utf-8")


def signed(practice: Practice) -> Signature | None:
    return signing.signed(practice, RIVERSIDE).get("abl")


def digest(practice: Practice) -> str:
    return practice.shelf.current("abl", RIVERSIDE.id).digest


def ask(
    office: Office,
    path: str = "",
    *,
    form: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
) -> httpx.Response:
    """One request of a browser on this machine; a form comes from the page itself unless `headers` differ."""

    async def asked() -> httpx.Response:
        wire = httpx.ASGITransport(app=asgi(office.routes(), health=None), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=wire, base_url=HERE) as client:
            url = path or office.address
            if form is None:
                return await client.get(url, headers=headers or {})
            return await client.post(url, data=form, headers={"Origin": HERE} if headers is None else headers)

    return asyncio.run(asked())


def filled(practice: Practice, **changes: str) -> dict[str, str]:
    return {"director": ALI, "next_review": str(NEXT_REVIEW), "digest": digest(practice), **changes}


def test_a_playbook_that_nobody_signed_is_shown_whole(practice: Practice) -> None:
    page = ask(Office(practice, RIVERSIDE, "abl")).text

    assert "Nobody has signed it so far." in page
    assert "A nurse is asked 28 days before the procedure at 09:00" in page
    assert "Patient sticker" in page
    assert '<option value="ali">Dr Ali</option>' in page and "pia" not in page
    assert f'value="{OPENED.date() + timedelta(days=365)}"' in page
    assert digest(practice) in page


def test_signing_says_who_when_and_which_text_and_closes_the_page(practice: Practice) -> None:
    office = Office(practice, RIVERSIDE, "abl")

    answer = ask(office, form=filled(practice))

    given = signed(practice)
    assert given is not None and given == office.given
    assert (given.by, given.next_review, given.digest) == (ALI, NEXT_REVIEW, digest(practice))
    assert answer.status_code == 200
    assert "By Dr Ali, Tue 12 Jan" in answer.text and given.digest in answer.text
    assert office.closing.is_set()


def test_a_page_signs_once(practice: Practice, playbooks_home: Path) -> None:
    office = Office(practice, RIVERSIDE, "abl")
    ask(office, form=filled(practice))
    edited(playbooks_home, "title: Test spot", "title: Test area")
    practice.shelf.look_again()

    again = ask(office, form=filled(practice))

    found = signed(practice)
    assert again.status_code == 409
    assert found is not None and found.number == 1


def test_after_a_signature_only_what_changed_is_shown(practice: Practice, playbooks_home: Path) -> None:
    ask(Office(practice, RIVERSIDE, "abl"), form=filled(practice))
    edited(playbooks_home, "smoker: [yes, unknown]", "smoker: yes")

    page = ask(Office(practice, RIVERSIDE, "abl")).text

    text = page.split('<main id="text"')[1].split("</main>")[0]
    assert "<dt>Smoking stopped</dt>" in text
    assert "No longer asked when “Smoker” is unknown." in text
    assert "Skin exam" not in text
    assert "Dr Ali signed it on 12 Jan 2027." in page


def test_what_was_edited_since_it_was_shown_is_not_signed_but_shown_again(
    practice: Practice, playbooks_home: Path
) -> None:
    office, form = Office(practice, RIVERSIDE, "abl"), filled(practice)
    edited(playbooks_home, "title: Test spot", "title: Test area")

    answer = ask(office, form=form)

    assert (answer.status_code, signed(practice)) == (409, None)
    assert "abl was edited since you looked at it" in answer.text
    assert "Test area" in answer.text and digest(practice) in answer.text
    assert not office.closing.is_set()


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"director": PIA}, "no medical director"),
        ({"director": "nobody"}, "There is no person"),
        ({"next_review": "soon"}, "Name the day of the next review."),
        ({"next_review": "2020-01-01"}, "must lie ahead"),
        ({"digest": ""}, "was edited since you looked"),
    ],
)
def test_what_cannot_be_signed_is_said_on_the_page(
    practice: Practice, changes: dict[str, str], why: str
) -> None:
    answer = ask(Office(practice, RIVERSIDE, "abl"), form=filled(practice, **changes))

    assert (answer.status_code, signed(practice)) == (409, None)
    assert why in answer.text.replace("&#39;", "'")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": HERE, "Host": "elsewhere.example"}, 403),
        ({}, 400),
    ],
)
def test_only_the_page_itself_signs(practice: Practice, headers: dict[str, str], status: int) -> None:
    answer = ask(Office(practice, RIVERSIDE, "abl"), form=filled(practice), headers=headers)

    assert (answer.status_code, signed(practice)) == (status, None)


def test_nothing_else_is_served_and_nobody_else_is_let_in(practice: Practice) -> None:
    office = Office(practice, RIVERSIDE, "abl")

    assert [ask(office, path).status_code for path in ("/", "/health", "/abl", f"{office.address}/x")] == [
        404
    ] * 4
    assert ask(office, headers={"Host": "elsewhere.example"}).status_code == 403
    headers = ask(office).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
    assert Office(practice, RIVERSIDE, "abl").address != office.address


@dataclass
class Opened:
    """`bookend sign --page` as it runs; `said` gives its address, `ended` what it returned."""

    practice: Practice
    browser: bool = False
    said: Queue[str] = field(default_factory=Queue)
    ended: list[Signature | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        # a page that never signs must fail its test and not keep the others from ending
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()
        self.address = self.said.get(timeout=20).split(" at ")[1].split()[0]

    def _run(self) -> None:
        ended = open_office(self.practice, RIVERSIDE, "abl", self.said.put, browser=self.browser)
        self.ended.append(ended)

    def end(self) -> Signature | None:
        self.thread.join(20)
        assert self.ended, "the page is still open"
        return self.ended[0]


def test_the_command_ends_when_the_page_has_signed(practice: Practice) -> None:
    opened = Opened(practice)
    origin = opened.address.rsplit("/", 1)[0]

    answer = httpx.post(opened.address, data=filled(practice), headers={"Origin": origin})

    assert "abl is signed" in answer.text
    assert opened.end() == signed(practice) is not None


def test_the_address_with_which_a_browser_is_started_opens_the_page_once(practice: Practice) -> None:
    office = Office(practice, RIVERSIDE, "abl")

    first, again = ask(office, office.door), ask(office, office.door)
    elsewhere = ask(Office(practice, RIVERSIDE, "abl"), office.door)

    assert (first.status_code, first.headers["location"]) == (303, office.address)
    assert (again.status_code, elsewhere.status_code) == (400, 404)
    assert office.address not in again.text
    assert ask(office, office.door, headers={"Host": "evil.example"}).status_code == 403


def test_a_browser_is_started_at_the_door(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    started: Queue[str] = Queue()
    monkeypatch.setattr("webbrowser.open", started.put)

    opened = Opened(practice, browser=True)
    answer = httpx.get(started.get(timeout=20), follow_redirects=True)
    httpx.post(opened.address, data=filled(practice), headers={"Origin": opened.address.rsplit("/", 1)[0]})

    assert str(answer.url) == opened.address
    assert opened.end() is not None


@pytest.mark.parametrize("wide", [390, 1280])
def test_a_director_reads_and_presses_sign_in_a_browser(
    practice: Practice, need_chromium: Path, wide: int
) -> None:
    playwright = pytest.importorskip("playwright.sync_api")
    opened = Opened(practice)

    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=str(need_chromium), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": wide, "height": 800})
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(opened.address)
        over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        page.get_by_role("button", name="Sign").click()
        heading = page.get_by_role("heading", level=1).inner_text()
        browser.close()

    assert (heading, complaints, over) == ("abl is signed", [], 0)
    assert opened.end() == signed(practice) is not None
