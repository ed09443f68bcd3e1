"""Slack reaches us whatever becomes of the connection, and what comes twice is answered once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.chat.slack.patience import PATIENT
from bot.chat.slack.reaching import socket_mode, wire
from bot.chat.slack.reaching.intake import Intake
from bot.chat.slack.reaching.socket_mode import Socket, Unreachable, pause_before
from bot.core.errors import WrongValues
from tests.chat import samples
from tests.chat.slack.fake import APP_TOKEN, OverSocket, fake_slack
from tests.chat.slack.front import Front, front

pytestmark = pytest.mark.anyio

CHECK, SUN = "K7Q2:g.same_day_check:1:1", "K7Q2:abl.sun_day:1:1"
FILLED = {
    f"{CHECK}/temperature": "36.8",
    f"{CHECK}/unwell": "no",
    f"{SUN}/visible_tan": "no",
}


@asynccontextmanager
async def socket() -> AsyncIterator[Front]:
    async with front(PATIENT, socket=True) as on:
        yield on


async def test_what_people_do_comes_over_the_socket_and_is_acknowledged() -> None:
    async with socket() as on:
        line = await on.jo.say("done")
        command = await on.jo.command("status")
        await on.slack.until_said(2)

        assert (line.taken, command.taken) == (True, True)
        assert len(on.desk.heard) == 2
        assert command.body["response_type"] == "ephemeral"


async def test_mistakes_in_a_form_come_back_with_the_acknowledgement() -> None:
    async with socket() as on:
        on.desk.says = samples.FORM
        await on.jo.command("new")
        await on.slack.until_said()
        on.desk.says = WrongValues({"temperature": "'warm' is not a number."})

        answer = await on.jo.submit(FILLED)

        assert answer.body["response_action"] == "errors"


async def test_a_connection_that_breaks_is_replaced_at_once() -> None:
    async with socket() as on:
        on.slack.sockets.break_off()
        await on.slack.sockets.until(lambda s: s.came == 2 and len(s.open) == 1)

        assert (await on.jo.say("done")).taken


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_before_slack_hangs_up_another_connection_stands(reason: str) -> None:
    async with socket() as on:
        (old,) = on.slack.sockets.open

        await on.slack.sockets.say_goodbye(reason)
        await on.slack.sockets.until(lambda s: s.came == 2 and len(s.open) == 2)
        while_both = [await on.jo.say("done"), await on.jo.say("done")]
        await on.slack.sockets.hang_up(old)
        await on.slack.sockets.until(lambda s: len(s.open) == 1)
        after = await on.jo.say("done")

        assert [each.taken for each in (*while_both, after)] == [True, True, True]
        assert on.slack.sockets.came == 2


async def test_a_connection_that_is_silently_dead_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "HEARTBEAT", 0.05)
    async with socket() as on:
        on.slack.sockets.deaf = True
        await on.slack.sockets.until(lambda s: s.came == 2)
        on.slack.sockets.deaf = False

        await on.slack.sockets.until(lambda s: len(s.open) == 1)


async def test_slacks_own_question_whether_we_are_there_is_answered() -> None:
    async with socket() as on:
        await on.slack.sockets.ping()
        await on.slack.sockets.until(lambda s: s.pongs >= 1)


async def test_an_envelope_that_comes_over_two_connections_is_answered_once() -> None:
    async with socket() as on:
        await on.slack.sockets.say_goodbye("warning")
        await on.slack.sockets.until(lambda s: len(s.open) == 2)
        on.jo.way = OverSocket(sockets=on.slack.sockets, to_all=True)

        answer = await on.jo.command("status")
        await on.slack.sockets.until(lambda s: len(s.acks) == 2)

        assert len(on.desk.heard) == 1
        assert [ack["payload"] for ack in on.slack.sockets.acks] == [answer.body] * 2


async def test_an_envelope_that_comes_again_after_it_was_not_taken_is_heard_anew() -> None:
    async with socket() as on:
        on.desk.stumbles = 1
        on.jo.way = OverSocket(sockets=on.slack.sockets, patience=0.05)

        said = await on.jo.say("done")

        # a machine that does much else may need another one
        assert said.taken and said.tries > 1


async def test_an_acknowledgement_takes_another_connection_when_its_own_broke() -> None:
    async with socket() as on:
        on.slack.troubles["users.info"].append("wait")
        saying = asyncio.create_task(on.jo.say("done"))
        await on.slack.until_called("users.info")

        on.slack.sockets.break_off()
        await on.slack.sockets.until(lambda s: s.came == 2 and len(s.open) == 1)
        on.slack.patience.set()

        assert (await saying).tries == 1


async def test_that_socket_mode_was_switched_off_says_what_to_do(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket_mode, "PAUSES", (0, 0.01))
    async with socket() as on:
        on.slack.sockets.turns_away = "link_disabled"
        await on.slack.sockets.say_goodbye("link_disabled")
        on.slack.sockets.break_off()
        await on.slack.sockets.until(lambda s: s.sent_away == 2)
        on.slack.sockets.turns_away = ""
        await on.slack.sockets.until(lambda s: s.came == 2)

        said = [each.getMessage() for each in caplog.records]
        assert sum("turn it on" in each for each in said) == 1
        assert all(each.exc_info is None for each in caplog.records)


async def test_that_slack_switches_socket_mode_off_while_we_are_connected_says_what_to_do(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with socket() as on:
        await on.slack.sockets.say_goodbye("link_disabled")
        await on.slack.sockets.until(lambda s: s.came == 2)

        assert "turn it on" in caplog.records[0].getMessage()


@pytest.mark.parametrize(
    ("reason", "advice"),
    [
        ("link_disabled", "turn it on"),
        ("too_many_websockets", "end those"),
        ("new", r"at once \(new\)"),
    ],
)
async def test_who_is_turned_away_at_the_start_is_told_why(reason: str, advice: str) -> None:
    async with fake_slack() as slack:
        slack.sockets.turns_away = reason
        client = AsyncWebClient(base_url=slack.url, retry_handlers=[])

        with pytest.raises(Unreachable, match=advice):
            await Socket(Intake(AsyncApp(token="-", signing_secret="-")), client, APP_TOKEN).start()


async def test_a_slack_that_asks_for_a_pause_before_we_connect_gets_it() -> None:
    async with fake_slack() as slack:
        slack.troubles["apps.connections.open"].append("429:42")
        client = AsyncWebClient(base_url=slack.url, retry_handlers=[])
        alone = Socket(Intake(AsyncApp(token="-", signing_secret="-")), client, APP_TOKEN)

        with pytest.raises(Unreachable, match="pause") as error:
            await alone.start()

        assert error.value.after == 42


@pytest.mark.parametrize(("number", "asked", "pause"), [(0, 0, 0), (2, 0, 1), (2, 42, 42), (99, 7, 30)])
def test_tries_come_further_and_further_apart_but_never_before_slack_allows(
    number: int, asked: float, pause: float
) -> None:
    assert pause_before(number, asked) == pause


async def test_a_lost_connection_is_tried_until_slack_answers_and_the_log_says_it_once(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket_mode, "PAUSES", (0,))
    async with socket() as on:
        pages = ["page", "page:{", "page:[]", 'page:{"ok":true}']
        on.slack.troubles["apps.connections.open"] += ["drop", "502", "503", *pages]

        on.slack.sockets.break_off()
        await on.slack.sockets.until(lambda s: s.came == 2)
        await on.jo.say("done")

        assert [each.getMessage() for each in caplog.records] == [
            "Slack's Socket Mode cannot be reached. Is the network up?",
            "Slack's Socket Mode works again.",
        ]
        assert [each.exc_info for each in caplog.records] == [None, None]


async def test_an_app_token_that_is_withdrawn_is_named_in_the_log(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket_mode, "PAUSES", (0,))
    async with socket() as on:
        on.slack.troubles["apps.connections.open"] += ["refuse:token_revoked"] * 3

        on.slack.sockets.break_off()
        await on.slack.sockets.until(lambda s: s.came == 2)
        await on.jo.say("done")

        assert "BOOKEND_SLACK_APP_TOKEN (token_revoked)" in caplog.records[0].getMessage()
        assert len(caplog.records) == 2


async def test_when_bookend_ends_what_is_under_way_is_still_acknowledged() -> None:
    async with socket() as on:
        on.slack.troubles["users.info"].append("wait")
        saying = asyncio.create_task(on.jo.say("done"))
        await on.slack.until_called("users.info")

        ending = asyncio.create_task(on.connected.stop())
        on.slack.patience.set()

        assert (await saying).taken
        await ending
        assert on.slack.sockets.open == []
