"""Who may come in at the door, and that everybody gets a proper answer there, whatever they say."""

import json
from typing import Any

import pytest

from bot.chat.teams.reaching import answers, door
from bot.chat.teams.reaching.answers import Answer
from bot.chat.teams.settings import TeamsSettings
from bot.web.bodies import LARGEST
from tests.chat.teams.fake import BOT, TENANT
from tests.chat.teams.reaching.at_door import at_door
from tests.chat.teams.reaching.told import GONE, ODD, SERVICE, in_channel, installed, invoked, pressed, told

pytestmark = pytest.mark.anyio

LOCAL = "http://localhost:56150/_connector"
#: A test client on this machine, as the playground is one.
OPEN = TeamsSettings(client_id=BOT, tenant_id=TENANT, unauthenticated=True, service_url=LOCAL)

BODIES = {
    "a line": told(),
    "a mention": in_channel(),
    "a press": pressed({"b": 1}),
    "a dialog": invoked("task/fetch", {"data": {"b": 1}}),
    "an installation": installed("add"),
}
RUBBISH = {
    "nothing": b"",
    "half a body": b"{",
    "a list": b"[]",
    "a string": b'"x"',
    "a number": b"3",
    "null": b"null",
    "no letters": b"\xff\xfe{",
    "no end of lists": b"[" * 100_000,
    "no end of objects": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "an object of nothing": b"{}",
    "no number": b'{"type":NaN}',
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
async def test_what_teams_tells_is_taken(body: dict[str, Any]) -> None:
    async with at_door() as on:
        answer = await on.knock(body)

        assert (answer.status_code, answer.json()) == (200, answers.said("Answer 1").body)
        assert [each.service for each in on.desk.heard] == [SERVICE.rstrip("/")]


@pytest.mark.parametrize("body", [*BODIES.values(), *RUBBISH.values()], ids=[*BODIES, *RUBBISH])
async def test_nothing_is_taken_unsigned_whatever_it_is(body: object) -> None:
    async with at_door() as on:
        unsigned = await on.knock(body, None)
        forged = await on.knock(body, "e30.e30.e30")

        assert [(each.status_code, each.content) for each in (unsigned, forged)] == [(401, b"")] * 2
        assert on.desk.heard == []


@pytest.mark.parametrize("body", RUBBISH.values(), ids=RUBBISH)
async def test_rubbish_that_is_signed_gets_400(body: bytes) -> None:
    async with at_door() as on:
        answer = await on.knock(body)

        assert (answer.status_code, answer.json()) == (400, {"error": "That is no activity of a bot."})
        assert on.desk.heard == []


@pytest.mark.parametrize("body", ODD.values(), ids=ODD)
async def test_whatever_is_odd_gets_a_proper_answer(
    body: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    async with at_door() as on:
        on.desk.says = lambda _: answers.nothing()

        answer = await on.knock(json.dumps(body).encode())

        assert (answer.status_code, caplog.records) == (200, [])
        assert bool(answer.json()) is (body.get("type") == "invoke")


async def test_a_body_that_is_too_long_is_not_read() -> None:
    async with at_door() as on:
        answer = await on.knock(json.dumps(told(text="x" * LARGEST)).encode())

        assert (answer.status_code, on.desk.heard) == (413, [])


OTHER = "0dd00000-0000-4000-8000-000000000009"
STRANGERS = {
    "Direct Line": told(channelId="directline"),
    "Web Chat": told(channelId="webchat"),
    "no channel": told(channelId=GONE),
    "a channel that is a list": told(channelId=["msteams"]),
    "another tenant": told(channelData={"tenant": {"id": OTHER}}, conversation={"id": "a:jo"}),
    "another tenant's conversation": told(conversation={"id": "a:jo", "tenantId": OTHER}),
    "another tenant's person": told(**{"from": {"id": "29:x", "tenantId": OTHER}}),
    "another tenant's press": pressed({"b": 1}) | {"channelData": {"tenant": {"id": OTHER}}},
    "no tenant": told(channelData=GONE, conversation={"id": "a:jo"}),
    "a tenant that is a number": told(channelData={"tenant": {"id": 5}}),
}


@pytest.mark.parametrize("body", STRANGERS.values(), ids=STRANGERS)
async def test_what_is_not_of_our_tenant_in_teams_gets_401_and_reaches_nobody(
    body: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    async with at_door() as on:
        answer = await on.knock(body)

        assert (answer.status_code, on.desk.heard) == (401, [])
        assert [OTHER in record.getMessage() for record in caplog.records] == [False]


async def test_our_tenant_may_be_written_in_capitals() -> None:
    async with at_door() as on:
        loud = told(channelData={"tenant": {"id": TENANT.upper()}})

        assert (await on.knock(loud)).status_code == 200


ELSEWHERE = [
    "https://evil.example/",
    "http://smba.trafficmanager.net/emea/",
    "https://smba.trafficmanager.net.evil.example/",
    "https://smba.trafficmanager.net@evil.example/",
    "https://[",
    LOCAL,
]


@pytest.mark.parametrize("service", ELSEWHERE)
async def test_an_answer_goes_to_nobody_but_microsoft_whatever_was_signed(service: str) -> None:
    async with at_door() as on:
        answer = await on.knock(told(serviceUrl=service), on.teams.keys.signed(service))

        assert (answer.status_code, on.desk.heard) == (401, [])


async def test_the_address_of_the_snake_is_no_address() -> None:
    async with at_door() as on:
        both = await on.knock(told(service_url="https://evil.example/"))
        snake = await on.knock(told(serviceUrl=GONE, service_url=SERVICE))

        assert (both.status_code, snake.status_code) == (200, 400)
        assert [each.service for each in on.desk.heard] == [SERVICE.rstrip("/")]


async def test_a_test_client_needs_no_token_and_is_held_to_its_own_address() -> None:
    async with at_door(OPEN) as on:
        ours = await on.knock(told(serviceUrl=LOCAL), None)
        microsofts = await on.knock(told(), None)
        strange = await on.knock(told(serviceUrl=LOCAL, channelId="emulator"), None)

        assert [each.status_code for each in (ours, microsofts, strange)] == [200, 401, 401]
        assert on.teams.count("keys") == 0


async def test_an_accident_within_is_no_accident_for_teams() -> None:
    def stumble(_: str) -> Answer:
        raise LookupError("nobody foresaw this")

    async with at_door() as on:
        on.desk.says = stumble

        pressed_on = await on.knock(pressed({"b": 1}))
        typed = await on.knock(told())

        assert (pressed_on.status_code, pressed_on.json()["statusCode"]) == (200, 500)
        assert (typed.status_code, typed.json()) == (503, {})


async def test_half_a_letter_in_an_answer_keeps_nothing_back() -> None:
    async with at_door() as on:
        on.desk.says = lambda _: answers.said("half \ud800 a letter")

        answer = await on.knock(pressed({"b": 1}))

        assert (answer.status_code, answer.json()["value"]) == (200, "half \ud800 a letter")


async def test_the_same_click_at_the_door_twice_is_one_deed() -> None:
    async with at_door() as on:
        first, again = await on.knock(pressed({"b": 1})), await on.knock(pressed({"b": 1}))

        assert (first.json(), again.json()) == (answers.said("Answer 1").body,) * 2
        assert len(on.desk.heard) == 1


async def test_whoever_knocks_cannot_fill_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with at_door() as on:
        for _ in range(3):
            await on.knock(told(), "e30.e30.e30")
            await on.knock(told(), on.teams.keys.signed(SERVICE, aud="Erika"))
            await on.knock(told(channelId="Erika"))
        seldom = [record.getMessage() for record in caplog.records]
        monkeypatch.setattr(door, "QUIET", 0.0)
        await on.knock(told(channelId="Erika"))

        assert len(seldom) == 3 and len(caplog.records) == 4
        assert "Erika" not in caplog.text
