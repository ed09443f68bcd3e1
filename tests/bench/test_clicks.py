"""The bench of clicks: what it sends is what Slack sends, and a click that was not kept is no measure."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from slack_sdk.signature import SignatureVerifier

from bot.chat.buttons import pressed
from tests.bench import clicks
from tests.bench.clicked import LETTER, LINES_OF_A_CASE, Cards, Press, presses, stock
from tests.bench.clicks import Sizes, signed, split
from tests.bench.figures import Figure, Goal
from tests.bench.group import Group
from tests.bench.load import read, send, written
from tests.chat.slack.fake import SECRET
from tests.settings import settings_of

FEW = Sizes(group=Group(clinics=1, cases=12), rounds=1, clicks=20, alone=10)


@pytest.fixture(scope="module")
def some_presses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Press]]:
    folder, group = tmp_path_factory.mktemp("group"), Group(clinics=2, cases=2)
    environment = group.furnish(folder, f"sqlite:///{folder / 'bookend.db'}")
    yield presses(stock(settings_of(environment), group.places))


def test_each_line_that_is_asked_is_pressed_once(some_presses: list[Press]) -> None:
    lines = [pressed(press.button["value"]).tasks for press in some_presses]

    assert len(lines) == len({*lines}) == 2 * 2 * LINES_OF_A_CASE


def test_a_press_is_as_large_as_the_goal_says_and_signed_as_slack_signs_it(some_presses: list[Press]) -> None:
    (request,) = signed(some_presses[:1])

    head, _, body = request.partition(b"\r\n\r\n")
    said = dict(line.split(": ", 1) for line in head.decode("ascii").split("\r\n")[1:])
    assert SignatureVerifier(SECRET).is_valid_request(body, said)
    assert LETTER <= len(body) < LETTER * 1.2
    assert json.loads(parse_qs(body.decode())["payload"][0])["type"] == "block_actions"


def test_the_load_counts_each_answer_by_its_status(tmp_path: Path) -> None:
    requests = [*read(written(tmp_path / "letters", [b"first\r\n", b"second\r\n", b"third\r\n"]))]
    gone = asyncio.Event()
    answers = iter((b"200 OK\r\nContent-Length: 2\r\n\r\nok", b"503 Busy\r\n\r\n", b"200 OK\r\n\r\n"))

    async def heard(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.readline():
            writer.write(b"HTTP/1.1 " + next(answers))
        writer.close()
        await writer.wait_closed()
        gone.set()

    async def sent() -> dict[str, int]:
        async with await asyncio.start_server(heard, "127.0.0.1", 0) as server:
            load = await send(server.sockets[0].getsockname()[1], 1, requests)
            await gone.wait()
            return load.statuses

    assert asyncio.run(sent()) == {"200": 2, "503": 1}


def test_a_line_that_stands_on_no_card_is_no_measure() -> None:
    with pytest.raises(RuntimeError, match="of 12 lines 0 can be pressed"):
        split({}, Group(clinics=1, cases=1))


@pytest.mark.parametrize(("ours", "met"), [(1.0, True), (0.9, False)])
def test_a_goal_can_ask_for_at_least_as_many(ours: float, met: bool) -> None:
    goal = Goal(bound=1.0, at_least=True)

    assert Figure(what="clicks", ours=ours, against="theirs", theirs=1.0, unit="/s", goal=goal).met is met


@pytest.mark.bench
def test_a_quick_run_of_clicks_is_measured_against_bolt(tmp_path: Path) -> None:
    figures = {figure.what: figure for figure in clicks.on_sqlite(tmp_path, FEW)}

    assert [figure.goal is not None for figure in figures.values()] == [True, True, False, True]
    assert all(figure.ours > 0 for figure in figures.values())


@pytest.mark.bench
def test_a_line_that_is_pressed_twice_is_no_measure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def twice(cards: Cards) -> list[Press]:
        every = presses(cards)
        return [each for press in every[::2] for each in (press, replace(press, at=f"{press.at}1"))]

    monkeypatch.setattr(clicks, "presses", twice)

    with pytest.raises(RuntimeError, match="were kept"):
        next(clicks.on_sqlite(tmp_path, FEW))
