"""The Slack of the tests refuses what Slack refuses: what it would let pass, our tests could not find."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.chat.slack.fake import (
    APP_TOKEN,
    BOARD,
    JO,
    TOKEN,
    FakeSlack,
    Json,
    channel,
    fake_slack,
    user,
)
from tests.chat.slack.fake.server import METHODS

pytestmark = pytest.mark.anyio

TEXT: Json = {"text": "Good morning"}
SECTION: Json = {"type": "section", "text": {"type": "mrkdwn", "text": "Good morning"}}
MODAL: Json = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Prep"},
    "blocks": [SECTION],
}
#: The methods for which any token of the app will do.
NO_RIGHT = {
    *("auth.test", "apps.connections.open", "chat.getPermalink"),
    *("views.open", "views.push", "views.update", "views.publish"),
}
HOME: Json = {"type": "home", "blocks": [SECTION]}


@dataclass(kw_only=True)
class Caller:
    slack: FakeSlack
    client: AsyncWebClient

    async def __call__(self, method: str, token: str = TOKEN, **args: Any) -> Any:
        return (
            await self.client.api_call(method, json=args, headers={"Authorization": f"Bearer {token}"})
        ).data

    async def refused(self, method: str, token: str = TOKEN, **args: Any) -> Json:
        with pytest.raises(SlackApiError) as error:
            await self(method, token, **args)
        return dict(error.value.response.data)  # type: ignore[arg-type]

    async def sent(self, where: str = BOARD, **more: Any) -> str:
        return str((await self("chat.postMessage", channel=where, **TEXT, **more))["ts"])


@asynccontextmanager
async def calling() -> AsyncIterator[Caller]:
    async with fake_slack() as slack:
        yield Caller(slack=slack, client=AsyncWebClient(base_url=slack.url, retry_handlers=[]))


# --- tokens and rights


@pytest.mark.parametrize(
    ("method", "token", "code"),
    [
        ("auth.test", "", "not_authed"),
        ("auth.test", "xoxb-guessed", "invalid_auth"),
        ("auth.test", APP_TOKEN, "not_allowed_token_type"),
        ("apps.connections.open", TOKEN, "not_allowed_token_type"),
        ("apps.connections.open", "xapp-guessed", "invalid_auth"),
        ("files.list", TOKEN, "unknown_method"),
    ],
)
async def test_a_token_opens_only_what_it_is_for(method: str, token: str, code: str) -> None:
    async with calling() as call:
        assert (await call.refused(method, token))["error"] == code


async def test_a_call_without_its_right_says_which_one_is_needed() -> None:
    async with calling() as call:
        call.slack.scopes = "channels:read,users:read"

        post = await call.refused("chat.postMessage", channel=BOARD, **TEXT)
        read = await call.refused("conversations.history", channel="D0JO")

        assert (post["error"], post["needed"], post["provided"]) == (
            "missing_scope",
            "chat:write",
            "channels:read,users:read",
        )
        assert read["needed"] == "channels:history,groups:history,im:history"


@pytest.mark.parametrize("method", sorted(METHODS.keys() - NO_RIGHT))
async def test_without_any_right_only_what_needs_none_is_let_in(method: str) -> None:
    async with calling() as call:
        call.slack.scopes = ""

        assert (await call.refused(method))["error"] == "missing_scope"


async def test_an_address_is_seen_only_by_whom_it_may_be() -> None:
    async with calling() as call:
        seen = await call("users.info", user=JO)
        call.slack.scopes = "users:read"

        hidden = await call("users.info", user=JO)

        assert seen["user"]["profile"]["email"] == "jo@clinic.example"
        assert "email" not in hidden["user"]["profile"]


# --- channels


PLACES: dict[str, tuple[Json, str]] = {
    "a channel without us": (channel("C0X", is_member=False), "not_in_channel"),
    "a private channel without us": (channel("C0X", is_private=True, is_member=False), "channel_not_found"),
    "a channel that was put away": (channel("C0X", is_archived=True), "is_archived"),
    "no channel": ({"id": "C0ELSE"}, "channel_not_found"),
}


@pytest.mark.parametrize(("place", "code"), PLACES.values(), ids=PLACES)
@pytest.mark.parametrize("method", ["chat.postMessage", "chat.postEphemeral", "chat.update", "pins.add"])
async def test_nothing_is_written_where_we_are_not(method: str, place: Json, code: str) -> None:
    async with calling() as call:
        call.slack.channels[place["id"]] = place

        refused = await call.refused(method, channel="C0X", user=JO, ts="1.0", timestamp="1.0", **TEXT)

        assert refused["error"] == code


async def test_who_is_not_in_a_channel_sees_nothing_there() -> None:
    async with calling() as call:
        refused = await call.refused("chat.postEphemeral", channel=BOARD, user="U0GUEST", **TEXT)

        assert refused["error"] == "user_not_in_channel"


@pytest.mark.parametrize(
    ("who", "code"), [("U0GONE", "user_disabled"), ("U0ROBOT", "cannot_dm_bot"), ("U0X", "user_not_found")]
)
async def test_not_everybody_has_a_conversation_with_us(who: str, code: str) -> None:
    async with calling() as call:
        assert (await call.refused("conversations.open", users=who))["error"] == code


async def test_a_list_comes_in_pages() -> None:
    async with calling() as call:
        first = await call("users.list", limit=5)
        rest = await call("users.list", limit=5, cursor=first["response_metadata"]["next_cursor"])

        assert len(first["members"]) == 5
        assert rest["response_metadata"]["next_cursor"] == ""
        assert {each["id"] for each in first["members"] + rest["members"]} == set(call.slack.users)


async def test_people_are_found_by_address_and_by_group() -> None:
    async with calling() as call:
        call.slack.users["U0ALI"] = user("U0ALI")
        call.slack.groups["S0MD"] = {"id": "S0MD", "handle": "physicians", "users": ["U0ALI"]}

        found = await call("users.lookupByEmail", email="ali@clinic.example")
        group = await call("usergroups.users.list", usergroup="S0MD")
        groups = await call("usergroups.list")

        assert (found["user"]["id"], group["users"]) == ("U0ALI", ["U0ALI"])
        assert groups["usergroups"] == [{"id": "S0MD", "handle": "physicians"}]


# --- messages


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({}, "no_text"),
        ({"text": "a" * 40_001}, "msg_too_long"),
        ({"text": "a", "blocks": [SECTION] * 51}, "invalid_blocks"),
        ({"text": "a", "blocks": [SECTION | {"text": {"type": "mrkdwn", "text": ""}}]}, "invalid_blocks"),
        ({"text": "a", "thread_ts": "1.0"}, "thread_not_found"),
    ],
    ids=["nothing", "too long", "too many blocks", "an empty block", "no thread"],
)
async def test_a_message_that_slack_cannot_show_is_refused(said: Json, code: str) -> None:
    async with calling() as call:
        refused = await call.refused("chat.postMessage", channel=BOARD, **said)

        assert refused["error"] == code
        assert (code == "invalid_blocks") is bool(refused.get("response_metadata", {}).get("messages"))
        assert call.slack.messages[BOARD] == []


async def test_an_edit_is_shorter_and_of_our_own_and_keeps_its_time() -> None:
    async with calling() as call:
        ts = await call.sent()
        theirs = call.slack.keep(BOARD, {"user": JO, "text": "Hello"})

        long = await call.refused("chat.update", channel=BOARD, ts=ts, text="a" * 4_001)
        foreign = await call.refused("chat.update", channel=BOARD, ts=theirs["ts"], text="Mine")
        edited = await call("chat.update", channel=BOARD, ts=ts, text="Good evening")

        assert (long["error"], foreign["error"]) == ("msg_too_long", "cant_update_message")
        assert edited["ts"] == ts


async def test_metadata_is_kept_and_shown_to_who_asks_for_it() -> None:
    async with calling() as call:
        await call.sent(metadata={"event_type": "card", "event_payload": {"outbox": "a"}})

        plain = await call("conversations.history", channel=BOARD)
        whole = await call("conversations.history", channel=BOARD, include_all_metadata=True)

        assert "metadata" not in plain["messages"][0]
        assert whole["messages"][0]["metadata"]["event_payload"] == {"outbox": "a"}


# --- forms


async def test_a_trigger_opens_one_form_within_three_seconds() -> None:
    async with calling() as call:
        used, late = call.slack.triggers.made(JO), call.slack.triggers.made(JO)
        await call("views.open", trigger_id=used, view=MODAL)

        again = await call.refused("views.open", trigger_id=used, view=MODAL)
        call.slack.clock.forward(3)
        expired = await call.refused("views.open", trigger_id=late, view=MODAL)
        guessed = await call.refused("views.open", trigger_id="1.1.guessed", view=MODAL)

        codes = [each["error"] for each in (again, expired, guessed)]
        assert codes == ["exchanged_trigger_id", "expired_trigger_id", "invalid_trigger_id"]


async def test_a_form_that_changed_meanwhile_is_not_drawn_over() -> None:
    async with calling() as call:
        opened = (await call("views.open", trigger_id=call.slack.triggers.made(JO), view=MODAL))["view"]
        seen = {"view_id": opened["id"], "hash": opened["hash"]}
        await call("views.update", view=MODAL, **seen)

        conflict = await call.refused("views.update", view=MODAL, **seen)
        missing = await call.refused("views.update", view_id="V0NONE", view=MODAL)

        assert (conflict["error"], missing["error"]) == ("hash_conflict", "not_found")


WRONG_VIEWS: dict[str, Json] = {
    "a Home": HOME,
    "a long title": MODAL | {"title": {"type": "plain_text", "text": "a" * 25}},
    "no blocks": MODAL | {"blocks": []},
    "101 blocks": MODAL | {"blocks": [SECTION] * 101},
}


@pytest.mark.parametrize("view", WRONG_VIEWS.values(), ids=WRONG_VIEWS)
async def test_a_form_that_slack_cannot_show_is_refused_and_its_trigger_is_still_good(
    view: Json,
) -> None:
    async with calling() as call:
        trigger = call.slack.triggers.made(JO)

        refused = await call.refused("views.open", trigger_id=trigger, view=view)

        assert refused["error"] == "invalid_arguments"
        assert refused["response_metadata"]["messages"]
        await call("views.open", trigger_id=trigger, view=MODAL)


async def test_three_forms_lie_on_top_of_each_other_and_no_more() -> None:
    async with calling() as call:
        await call("views.open", trigger_id=call.slack.triggers.made(JO), view=MODAL)
        for _ in range(2):
            await call("views.push", trigger_id=call.slack.triggers.made(JO), view=MODAL)

        refused = await call.refused("views.push", trigger_id=call.slack.triggers.made(JO), view=MODAL)

        assert refused["error"] == "push_limit_reached"


async def test_home_is_published_for_a_person_and_takes_no_form() -> None:
    async with calling() as call:
        first = (await call("views.publish", user_id=JO, view=HOME))["view"]
        second = (await call("views.publish", user_id=JO, view=HOME, hash=first["hash"]))["view"]

        stale = await call.refused("views.publish", user_id=JO, view=HOME, hash=first["hash"])
        modal = await call.refused("views.publish", user_id=JO, view=MODAL)

        assert first["id"] == second["id"]
        assert (stale["error"], modal["error"]) == ("hash_conflict", "invalid_arguments")


# --- limits


async def test_one_call_too_many_is_told_how_long_to_wait() -> None:
    async with calling() as call:
        call.slack.pace.allow("users.info", 2, seconds=60)
        await call("users.info", user=JO)
        await call("users.info", user=JO)

        with pytest.raises(SlackApiError) as refused:
            await call("users.info", user=JO)
        call.slack.clock.forward(60)
        await call("users.info", user=JO)

        assert refused.value.response.status_code == 429
        assert refused.value.response["error"] == "ratelimited"
        assert 59 <= int(refused.value.response.headers["Retry-After"]) <= 60


async def test_a_channel_takes_one_message_a_second() -> None:
    async with calling() as call:
        call.slack.pace.one_a_second = True
        await call.sent()

        refused = await call.refused("chat.postMessage", channel=BOARD, **TEXT)
        await call.sent("D0JO")
        call.slack.clock.forward(1)
        await call.sent()

        assert refused["error"] == "ratelimited"


async def test_an_answer_may_come_late() -> None:
    async with calling() as call:
        call.slack.troubles["auth.test"] += ["delay:0.05", "503"]
        loop = asyncio.get_running_loop()
        began = loop.time()

        await call("auth.test")

        assert loop.time() - began >= 0.05
        with pytest.raises(SlackApiError) as broken:
            await call("auth.test")
        assert broken.value.response.status_code == 503


# --- sockets


async def test_a_ticket_lets_one_connection_in() -> None:
    async with calling() as call:
        url = (await call("apps.connections.open", APP_TOKEN))["url"].replace("ws:", "http:")
        async with aiohttp.ClientSession() as session, session.ws_connect(url) as ws:
            greeting = await ws.receive_json()
            with pytest.raises(aiohttp.WSServerHandshakeError):
                await session.ws_connect(url)

        assert (greeting["type"], greeting["num_connections"]) == ("hello", 1)
