"""Slack is never kept waiting, and what it sends too much of is turned away."""

import asyncio
import json
from typing import Any

import pytest

from bot.chat import underway
from bot.chat.reception import KNOWN
from bot.chat.slack.patience import LONGEST, PATIENT
from bot.chat.slack.reaching import intake
from tests.chat.slack.fake import OverSocket, Person, user
from tests.chat.slack.front import command, front, press

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("socket", [True, False], ids=["socket", "door"])
async def test_an_answer_that_takes_too_long_is_not_promised_and_the_work_goes_on(
    socket: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "LONGEST", 0.05)
    async with front(PATIENT, socket=socket) as on:
        on.slack.troubles["users.info"].append("wait")
        if isinstance(on.jo.way, OverSocket):
            on.jo.way.patience = 0.2

        pressed = await on.jo.command("status")
        on.slack.patience.set()
        await on.connected.stop()

        assert not pressed.taken
        assert len(on.desk.heard) == 1


@pytest.mark.parametrize("socket", [True, False], ids=["socket", "door"])
async def test_an_event_that_was_not_taken_in_time_is_taken_when_it_comes_again(
    socket: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "LONGEST", 0.05)
    async with front(PATIENT, socket=socket) as on:
        on.slack.troubles["users.info"] += ["wait"]
        if isinstance(on.jo.way, OverSocket):
            on.jo.way.patience = 0.2

        said = await on.jo.say("done")

        assert (said.taken, said.tries) == (True, 2)
        on.slack.patience.set()


def test_bookend_has_said_something_before_slack_gives_up() -> None:
    assert PATIENT.form < PATIENT.taken <= KNOWN < LONGEST < 3


async def test_a_flood_is_turned_away_before_it_fills_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(underway, "MOST", 3)
    async with front(PATIENT) as on:
        on.slack.troubles["users.info"] += ["wait"] * 3
        first = [asyncio.create_task(on.jo.command("status")) for _ in range(3)]
        await on.slack.until_called("users.info", 3)

        refused = await on.jo.command("status")
        on.slack.patience.set()

        assert not refused.taken
        assert [each.taken for each in await asyncio.gather(*first)] == [True, True, True]
        assert (await on.jo.command("status")).taken


async def test_one_persons_flood_leaves_room_for_everybody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(underway, "MOST_OF_ONE", 2)
    async with front(PATIENT) as on:
        on.slack.users["U0EVE"] = user("U0EVE")
        eve = Person(slack=on.slack, account="U0EVE", way=on.jo.way)
        on.slack.troubles["users.info"] += ["wait"] * 2
        first = [asyncio.create_task(eve.command("status")) for _ in range(2)]
        await on.slack.until_called("users.info", 2)

        refused, other = await eve.command("status"), await on.jo.command("status")
        on.slack.patience.set()

        assert (refused.taken, other.taken) == (False, True)
        assert [each.taken for each in await asyncio.gather(*first)] == [True, True]


@pytest.mark.parametrize(
    "body",
    [
        {"user": {"id": "U0JO"}},
        {"user_id": "U0JO"},
        {"event": {"user": "U0JO"}},
        {"event": {"user": {"id": "U0JO"}}},
    ],
)
def test_whose_doing_it_is_stands_in_whatever_slack_sends(body: dict[str, Any]) -> None:
    assert intake._who(body) == "U0JO"


@pytest.mark.parametrize(
    "body", [{}, {"event": []}, {"user": []}, {"user": {"id": 3}}, {"event": {"user": {}}}]
)
def test_what_is_nobodys_doing_is_nobodys(body: dict[str, Any]) -> None:
    assert intake._who(body) == ""


async def test_what_bolt_itself_trips_over_is_an_error_and_the_door_stays_open() -> None:
    async with front(PATIENT) as on:
        answer = await on.signed(b'{"team": 3}', "application/json")

        assert (answer.status_code, answer.content) == (400, b"")
        assert (await on.jo.say("done")).taken


async def test_an_odd_request_leaves_its_place_in_the_log_and_none_of_its_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with front(PATIENT) as on:
        odd = press("{}") | {"user": "Ann Example"}

        answer = await on.form({"payload": json.dumps(odd)})

    assert answer.status_code == 400
    assert "TypeError at asker.py:" in caplog.text
    assert "Ann" not in caplog.text and "Traceback" not in caplog.text


async def test_nobody_is_answered_at_an_address_that_a_request_names(
    caplog: pytest.LogCaptureFixture,
) -> None:
    asked: list[bytes] = []

    async def asks(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readline())
        writer.close()

    async with await asyncio.start_server(asks, "127.0.0.1", 0) as trap, front(PATIENT) as on:
        there = f"http://127.0.0.1:{trap.sockets[0].getsockname()[1]}/"
        # of another workspace: to such a one Bolt would answer there by itself
        named = {"team_id": "T0OTHER", "response_url": there}

        commanded = await on.form(command("mine", team="T0OTHER") | named)
        pressed = await on.form({"payload": json.dumps(press("{}", team="T0OTHER") | named)})

    assert asked == []
    assert [each.status_code for each in (commanded, pressed)] == [200, 200]
    assert on.desk.heard == []
