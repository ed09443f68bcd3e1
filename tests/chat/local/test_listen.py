"""What the page's routes take, hand on, answer and refuse."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from bot.chat.local.listen import changes, command_in
from bot.core.actions import Action
from bot.core.case import Outcome
from bot.core.kinds import Catch
from bot.core.replies import Command, Filled, MessageRef, Pressed, Typed
from tests.chat.local.house import House

pytestmark = pytest.mark.anyio

HERE = "http://127.0.0.1:8000"
PART = "K7Q2:g.same_day_check:1:1"


@asynccontextmanager
async def visiting(
    house: House, client: tuple[str, int] = ("127.0.0.1", 50000)
) -> AsyncIterator[httpx.AsyncClient]:
    await house.furnish()
    wire = httpx.ASGITransport(app=house.app, client=client, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=wire, base_url=HERE) as browser:
        yield browser
    house.chat.close()


async def test_the_page_opens_as_a_nurse_and_says_that_it_is_not_for_patients() -> None:
    async with visiting(House()) as browser:
        page = await browser.get("/")

    assert page.status_code == 200
    assert '<html lang="en" data-tab="phone" data-who="jo">' in page.text
    assert "Not for real patients: this page answers only on this machine." in page.text
    assert "messages to Jo: 2" in page.text


async def test_who_i_am_decides_whose_messages_i_see() -> None:
    async with visiting(House()) as browser:
        ali = (await browser.get("/fragments?as=ali")).text
        nobody = (await browser.get("/fragments?as=nobody")).text

    assert "Isotretinoin within six months" in ali
    assert "Home kit ready" not in ali
    assert "Home kit ready" in nobody


async def test_the_six_of_the_clinic_can_be_chosen() -> None:
    async with visiting(House()) as browser:
        page = (await browser.get("/")).text

    assert [f'data-account="{who}"' in page for who in ("ali", "jo", "sam", "max", "kim", "rae")] == [
        True
    ] * 6


async def test_a_pressed_button_reaches_the_desk_and_its_answer_is_a_notice() -> None:
    house = House()
    press = {"action": "confirm", "tasks": ["K7Q2:abl.home_kit:1:1"], "revision": 3, "value": ""}

    async with visiting(house) as browser:
        said = (
            await browser.post("/reply", json={"as": "jo", "once": "1", "kind": "pressed", **press})
        ).json()

    assert house.desk.heard == [
        Pressed(
            platform="local",
            account="jo",
            once="1",
            action=Action.CONFIRM,
            tasks=("K7Q2:abl.home_kit:1:1",),
            revision=3,
        )
    ]
    assert (said["place"], said["tone"]) == ("toast", "good")
    assert "Confirmed: Home kit ready." in said["html"]


async def test_a_form_opens_in_the_sheet() -> None:
    async with visiting(House()) as browser:
        said = (
            await browser.post("/reply", json={"as": "jo", "once": "1", "kind": "pressed", "action": "form"})
        ).json()

    assert said["place"] == "sheet"
    assert "Same-day check" in said["html"]


async def test_a_filled_form_reaches_the_desk_with_its_values_and_revisions() -> None:
    house = House()
    entries = {PART: {"temperature": "36.8", "unwell": "no", "in_area": ["pus", "wound"]}}

    async with visiting(house) as browser:
        filled = {
            "kind": "filled",
            "entries": entries,
            "revisions": {PART: 3},
            "outcome": "caught",
            "note": "New sore",
            "caught": "cold_sore",
        }
        said = (await browser.post("/reply", json={"as": "jo", "once": "1", **filled})).json()

    assert house.desk.heard == [
        Filled(
            platform="local",
            account="jo",
            once="1",
            entries={PART: {"temperature": "36.8", "unwell": "no", "in_area": ("pus", "wound")}},
            revisions={PART: 3},
            outcome=Outcome.CAUGHT,
            note="New sore",
            caught=Catch.COLD_SORE,
        )
    ]
    assert said["tone"] == "good"


async def test_wrong_values_come_back_by_field_and_the_form_stays() -> None:
    async with visiting(House()) as browser:
        filled = {"kind": "filled", "entries": {PART: {"unwell": "no"}}, "revisions": {PART: 3}}
        said = (await browser.post("/reply", json={"as": "jo", "once": "1", **filled})).json()

    assert said["problems"] == {"temperature": "Say how warm, such as 36.8."}
    assert "place" not in said


async def test_a_typed_reply_keeps_the_message_it_answers() -> None:
    house = House()
    ref = {"platform": "local", "channel": "@jo", "message": "3"}

    async with visiting(house) as browser:
        await browser.post(
            "/reply", json={"as": "jo", "once": "1", "kind": "typed", "text": "2 na none", "message": ref}
        )

    assert house.desk.heard == [
        Typed(platform="local", account="jo", once="1", text="2 na none", message=MessageRef(**ref))
    ]


async def test_a_typed_command_and_a_pressed_one_are_the_same() -> None:
    house = House()

    async with visiting(house) as browser:
        typed = await browser.post(
            "/reply", json={"as": "jo", "once": "1", "kind": "typed", "text": "case K7Q2"}
        )
        pressed = await browser.post("/command", json={"as": "jo", "once": "1", "words": ["case", "K7Q2"]})

    assert house.desk.heard == [Command(platform="local", account="jo", once="1", words=("case", "K7Q2"))] * 2
    assert typed.json() == pressed.json()
    assert typed.json()["place"] == "sheet"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("status", ("status",)),
        ("Status", ("status",)),
        ("/bookend case K7Q2", ("case", "K7Q2")),
        ("/mine", ("mine",)),
        ("/dance", ("dance",)),
        ("2 na no medicines", None),
        ("done", None),
        ("later 20m", None),
        ("here", None),
        ("/here", ("here",)),
        ("", None),
    ],
)
async def test_a_typed_line_is_a_command_when_it_begins_like_one(
    text: str, words: tuple[str, ...] | None
) -> None:
    found = command_in(Typed(platform="local", account="jo", once="1", text=text))

    assert (found and found.words) == words


async def test_an_error_is_a_notice_for_who_caused_it_and_stands_in_no_message() -> None:
    house = House()

    async with visiting(house) as browser:
        said = (
            await browser.post("/reply", json={"as": "jo", "once": "1", "kind": "typed", "text": "done"})
        ).json()
        others = (await browser.get("/fragments?as=sam")).text + (await browser.get("/fragments?as=jo")).text

    assert (said["place"], said["tone"]) == ("toast", "bad")
    assert "Say which: 1, 2 or 3." in said["html"]
    assert "Say which" not in others


@pytest.mark.parametrize(
    "sent",
    [
        {"kind": "sung"},
        {"kind": "pressed"},
        {"kind": "pressed", "as": "jo", "once": "1", "action": "dance"},
        {"kind": "filled", "as": "jo", "once": "1", "entries": {"a": 1}, "revisions": {}},
        ["typed"],
    ],
)
async def test_what_the_page_never_sends_is_refused(sent: object) -> None:
    house = House()

    async with visiting(house) as browser:
        answer = await browser.post("/reply", json=sent)

    assert answer.status_code == 400
    assert set(answer.json()) == {"error"}
    assert house.desk.heard == []


@pytest.mark.parametrize(
    ("content", "kind"), [(b"{", "application/json"), (b"\xff", "application/json"), (b"{}", "text/plain")]
)
async def test_anything_but_json_is_refused(content: bytes, kind: str) -> None:
    async with visiting(House()) as browser:
        answer = await browser.post("/command", content=content, headers={"content-type": kind})

    assert answer.status_code == 400
    assert "JSON" in answer.json()["error"]


@pytest.mark.parametrize(
    "content", [b"[" * 200_000, b'{"a":' * 100_000, b'{"revision":' + b"9" * 5000 + b"}"]
)
async def test_more_than_anybody_sends_is_refused_without_a_traceback(content: bytes) -> None:
    async with visiting(House()) as browser:
        answer = await browser.post("/command", content=content, headers={"content-type": "application/json"})

    assert answer.status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "clinic.example"},
        {"host": "127.0.0.1.clinic.example"},
        {"host": ""},
        {"host": "["},
        {"origin": "http://["},
        {"origin": "https://clinic.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
    ],
    ids=str,
)
@pytest.mark.parametrize(
    "path", ["/", "/fragments", "/live", "/page/page.js", "/reply", "/command", "/stage"]
)
async def test_a_foreign_host_or_page_is_refused_everywhere(path: str, headers: dict[str, str]) -> None:
    house = House()

    async with visiting(house) as browser:
        method = "POST" if path in ("/reply", "/command", "/stage") else "GET"
        answer = await browser.request(method, path, headers=headers, json={} if method == "POST" else None)

    assert answer.status_code == 403
    assert house.desk.heard == []


async def test_another_machine_is_refused() -> None:
    async with visiting(House(), client=("192.0.2.7", 50000)) as browser:
        assert (await browser.get("/")).status_code == 403


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1:8000", "[::1]:8000"])
async def test_this_machine_has_three_names(host: str) -> None:
    async with visiting(House()) as browser:
        answer = await browser.get("/", headers={"host": host, "origin": f"http://{host}"})

    assert answer.status_code == 200


async def test_the_page_may_load_nothing_from_elsewhere() -> None:
    async with visiting(House()) as browser:
        page = await browser.get("/")

    assert page.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
    assert page.headers["x-content-type-options"] == "nosniff"


async def test_the_files_of_the_page_are_served_and_no_others() -> None:
    async with visiting(House()) as browser:
        served = [
            (await browser.get(f"/page/{name}")).status_code
            for name in ("page.css", "cards.css", "page.js", "mark.svg")
        ]
        others = [
            (await browser.get(f"/page/{name}")).status_code for name in ("page.html", "..%2flisten.py")
        ]

    assert served == [200] * 4
    assert others == [404] * 2


@pytest.mark.parametrize(("move", "time"), [("next", "08:55"), ("hour", "09:45"), ("day", "08:45")])
async def test_the_clock_moves(move: str, time: str) -> None:
    async with visiting(House()) as browser:
        done = await browser.post("/stage", json={"as": "jo", "do": move})
        shown = (await browser.get("/fragments")).text

    assert done.json() == {}
    assert f'<span class="hour">{time}</span>' in shown
    assert ("17 Feb 2026" in shown) is (move == "day")


async def test_a_day_is_played_and_paused() -> None:
    async with visiting(House()) as browser:
        await browser.post("/stage", json={"do": "play"})
        playing = (await browser.get("/fragments")).text
        await browser.post("/stage", json={"do": "pause"})
        paused = (await browser.get("/fragments")).text

    assert "09:00 Jo&#39;s list arrives." in playing
    assert 'data-stage="pause"' in playing
    assert 'data-stage="play"' in paused


async def test_a_clock_that_nobody_moves_has_no_buttons_and_refuses() -> None:
    async with visiting(House(clock=False)) as browser:
        refused = await browser.post("/stage", json={"do": "day"})
        shown = (await browser.get("/fragments")).text

    assert refused.status_code == 403
    assert "data-stage" not in shown


async def test_a_move_that_the_clock_does_not_know_is_refused() -> None:
    async with visiting(House()) as browser:
        refused = await browser.post("/stage", json={"do": "backwards"})

    assert refused.status_code == 400
    assert "next, hour, day, play, pause" in refused.json()["error"]


async def test_a_live_connection_hears_at_once_then_of_every_change_and_ends_when_the_server_leaves() -> None:
    house = House()
    live = changes(house.chat)
    first = await anext(live)

    await house.furnish()
    second = await anext(live)
    house.chat.leave()
    rest = [each async for each in live]

    assert first == second == "event: changed\ndata: look\n\n"
    assert rest == []
    house.chat.close()


async def test_a_live_connection_is_told_that_it_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.chat.local.listen.SIGN_OF_LIFE", 0)
    house = House()
    live = changes(house.chat)
    await anext(live)

    assert await anext(live) == ": nothing new\n\n"

    await live.aclose()
    house.chat.close()
