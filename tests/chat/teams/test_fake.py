"""The Teams of the tests refuses what Teams refuses: what it would let pass, our tests could not find."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import jwt
import pytest

from tests.chat.teams.fake import (
    BOARD,
    BOT,
    GENERAL,
    ISSUER,
    JO,
    MSI_SECRET,
    TEAM,
    TENANT,
    FakeTeams,
    Json,
    account,
    direct,
    fake_teams,
)

pytestmark = pytest.mark.anyio

HERS = direct("jo")
TEXT: Json = {"type": "message", "text": "Good morning"}
BUTTON: Json = {"type": "Action.Execute", "title": "Done", "verb": "press", "data": {"b": {}}}
INPUT: Json = {"type": "Input.Text", "id": "p0.f0", "label": "Why"}


def card(*body: Json, version: str = "1.5", actions: int = 0) -> Json:
    """A message that is a card."""
    drawn = {"type": "AdaptiveCard", "version": version, "body": list(body), "actions": [BUTTON] * actions}
    held = {"contentType": "application/vnd.microsoft.card.adaptive", "content": drawn}
    return {"type": "message", "attachments": [held]}


@dataclass(kw_only=True)
class Caller:
    teams: FakeTeams
    client: httpx.AsyncClient

    async def __call__(self, method: str, path: str, body: Any = None) -> httpx.Response:
        return await self.client.request(method, f"{self.teams.service}/v3/{path}", json=body)

    async def post(self, body: Json, place: str = HERS) -> httpx.Response:
        return await self("POST", f"conversations/{place}/activities", body)

    async def sent(self, body: Json = TEXT, place: str = HERS) -> str:
        return str((await self.post(body, place)).json()["id"])


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, str(answer.json()["error"]["code"])


@asynccontextmanager
async def calling() -> AsyncIterator[Caller]:
    # the machine's proxy settings are not for a server on this machine
    async with fake_teams() as teams, httpx.AsyncClient(trust_env=False) as client:
        client.headers["Authorization"] = f"Bearer {teams.keys.give()['access_token']}"
        yield Caller(teams=teams, client=client)


# --- who may ask


@pytest.mark.parametrize("given", ["", "Bearer guessed", "Basic guessed"])
async def test_without_a_token_that_was_given_out_nothing_is_answered(given: str) -> None:
    async with calling() as call:
        call.client.headers["Authorization"] = given

        assert code(await call.post(TEXT)) == (401, "Unauthorized")
        assert call.teams.cards("jo") == []


async def test_a_program_of_the_machine_itself_is_given_a_token_that_counts() -> None:
    async with calling() as call:
        asked = {"resource": ISSUER, "api-version": "2019-08-01"}
        refused = await call.client.get(f"{call.teams.url}/msi", params=asked)
        given = await call.client.get(
            f"{call.teams.url}/msi", params=asked, headers={"X-IDENTITY-HEADER": MSI_SECRET}
        )
        call.client.headers["Authorization"] = f"Bearer {given.json()['access_token']}"

        assert refused.status_code == 401
        assert (await call.post(TEXT)).status_code == 201


async def test_a_secret_is_given_a_token_that_counts() -> None:
    async with calling() as call:
        url = f"{call.teams.url}/{TENANT}/oauth2/v2.0/token"
        asked = {"grant_type": "client_credentials", "client_id": BOT, "client_secret": "invented"}
        given = await call.client.post(url, data=asked)
        call.client.headers["Authorization"] = f"Bearer {given.json()['access_token']}"

        assert (await call.client.post(url, data=asked | {"client_secret": ""})).status_code == 400
        assert (await call.post(TEXT)).status_code == 201


async def test_activities_are_signed_by_a_key_that_is_published() -> None:
    async with calling() as call:
        call.teams.keys.renew("k2")
        metadata = (await call.client.get(call.teams.metadata_url)).json()
        (_, newest) = (await call.client.get(metadata["jwks_uri"])).json()["keys"]

        token = call.teams.keys.signed(call.teams.service)

        assert newest["endorsements"] == ["msteams"]
        claims = jwt.decode(token, jwt.PyJWK(newest), audience=BOT, issuer=ISSUER, algorithms=["RS256"])
        assert claims["serviceurl"] == call.teams.service


# --- conversations and messages


@pytest.mark.parametrize("name", ["29:jo", JO, "jo@clinic.example"])
async def test_a_persons_own_conversation_is_found_by_each_of_their_names(name: str) -> None:
    async with calling() as call:
        found = await call("POST", "conversations", {"members": [{"id": name}], "tenantId": TENANT})

        assert found.json() == {"id": HERS}


@pytest.mark.parametrize(
    ("who", "tenant", "refused"),
    [
        ("29:nobody", TENANT, (400, "BadArgument")),
        ("29:jo", "another", (400, "BadArgument")),
        ("29:ali", TENANT, (403, "ForbiddenOperationException")),
    ],
)
async def test_not_everybody_has_a_conversation_with_us(
    who: str, tenant: str, refused: tuple[int, str]
) -> None:
    async with calling() as call:
        call.teams.without.add(call.teams.join("ali")["id"])

        answer = await call("POST", "conversations", {"members": [{"id": who}], "tenantId": tenant})

        assert code(answer) == refused


async def test_a_message_is_posted_and_edited() -> None:
    async with calling() as call:
        sent = await call.sent()
        place = f"conversations/{HERS}/activities/{sent}"

        edited = await call("PUT", place, card(INPUT, actions=6))
        (stands,) = call.teams.cards("jo")

        assert edited.json() == {"id": sent}
        assert (stands["id"], stands["edits"], "text" in stands) == (sent, 1, False)
        nowhere = f"conversations/{HERS}/activities/1"
        assert code(await call("PUT", nowhere, TEXT)) == (404, "ActivityNotFoundInConversation")


async def test_a_thread_hangs_on_a_message_of_a_channel() -> None:
    async with calling() as call:
        posted = await call(
            "POST",
            "conversations",
            {"isGroup": True, "channelData": {"channel": {"id": BOARD}}, "activity": card(INPUT)},
        )
        root = posted.json()["activityId"]

        await call.sent(TEXT, f"{BOARD};messageid={root}")

        assert posted.json()["id"] == f"{BOARD};messageid={root}"
        assert [each.get("thread") for each in call.teams.cards(BOARD)] == [None, root]
        assert code(await call.post(TEXT, f"{BOARD};messageid=1")) == (404, "ActivityNotFoundInConversation")
        assert code(await call.post(TEXT, "19:none@thread.tacv2")) == (404, "ConversationNotFound")


async def test_a_text_beside_a_card_becomes_two_messages_and_nobody_is_told_their_ids() -> None:
    async with calling() as call:
        answer = await call.post(card(INPUT) | {"text": "Look:"})

        assert (answer.status_code, answer.json()) == (201, {})
        assert len(call.teams.cards("jo")) == 2


WRONG: dict[str, tuple[Json, int]] = {
    "nothing": ({"type": "message"}, 400),
    "no message": ({"type": "typing", "text": "a"}, 400),
    "a newer card": (card(version="1.6"), 400),
    "no version": (card(version=""), 400),
    "seven buttons": (card(actions=7), 400),
    "six and one within": (card({"type": "ActionSet", "actions": [BUTTON]}, actions=6), 400),
    "an unknown element": (card({"type": "Carousel", "pages": []}), 400),
    "an input without an id": (card({"type": "Input.Text"}), 400),
    "two inputs of one id": (card(INPUT, INPUT), 400),
    "two cards": (card(INPUT) | {"attachments": card()["attachments"] * 2}, 400),
    "too many letters": (card({"type": "TextBlock", "text": "a" * 20_500}), 413),
    "too many faces": (card({"type": "TextBlock", "text": "\U0001f600" * 10_250}), 413),
}


@pytest.mark.parametrize(("sent", "status"), WRONG.values(), ids=WRONG)
async def test_what_teams_would_not_show_is_refused(sent: Json, status: int) -> None:
    async with calling() as call:
        standing = await call.sent()

        posted = await call.post(sent)
        edited = await call("PUT", f"conversations/{HERS}/activities/{standing}", sent)

        assert (posted.status_code, edited.status_code) == (status, status)
        assert [each["edits"] for each in call.teams.cards("jo")] == [0]


async def test_who_removed_or_blocked_bookend_is_not_spoken_to() -> None:
    async with calling() as call:
        call.teams.without.add("29:jo")
        removed = await call.post(TEXT)
        call.teams.blocking.add("29:jo")
        blocked = await call.post(TEXT)
        del call.teams.teams[TEAM]

        assert code(removed) == (403, "ForbiddenOperationException")
        assert (blocked.status_code, blocked.json()["errorCode"]) == (403, 209)
        assert "MessageWritesBlocked" in blocked.json()["message"]
        assert code(await call.post(TEXT, BOARD)) == (403, "BotNotInConversationRoster")


# --- members and channels


async def test_members_come_in_pages_and_by_each_of_their_names() -> None:
    async with calling() as call:
        for name in ("ali", "sam", "kit"):
            call.teams.join(name)
        pages = f"conversations/{BOARD}/pagedMembers?pageSize=100"
        first = (await call("GET", pages)).json()
        rest = (await call("GET", f"{pages}&continuationToken={first['continuationToken']}")).json()

        found = [(await call("GET", f"conversations/{BOARD}/members/{id}")).json() for id in (JO, "29:jo")]

        assert len(first["members"]) == 3 and "continuationToken" not in rest
        assert {each["aadObjectId"] for each in first["members"] + rest["members"]} == {
            *map(account, ("jo", "ali", "sam", "kit"))
        }
        assert [each["name"] for each in found] == ["Jo", "Jo"]
        assert code(await call("GET", f"conversations/{HERS}/members/29:ali")) == (
            404,
            "MemberNotFoundInConversation",
        )


async def test_the_channels_of_a_team_are_told_the_first_without_a_name() -> None:
    async with calling() as call:
        found = (await call("GET", f"teams/{TEAM}/conversations")).json()["conversations"]

        assert [(each["id"], each["name"]) for each in found] == [(GENERAL, None), (BOARD, "board")]
        assert {each["type"] for each in found} == {"standard"}
        assert (await call("GET", "teams/19:none@thread.tacv2/conversations")).status_code == 403


# --- troubles


@pytest.mark.parametrize(
    ("trouble", "status"),
    [("429", 429), ("412", 412), ("403", 403), ("502", 502), ("307:http://127.0.0.1:9/", 307), ("page", 200)],
)
async def test_a_trouble_comes_once_and_before_the_deed(trouble: str, status: int) -> None:
    async with calling() as call:
        call.teams.troubles["post"].append(trouble)

        first, second = await call.post(TEXT), await call.post(TEXT)

        assert (first.status_code, second.status_code) == (status, 201)
        assert len(call.teams.cards("jo")) == 1


async def test_a_pause_says_how_long_where_it_is_told_to() -> None:
    async with calling() as call:
        call.teams.troubles["post"] += ["429:7", "429", "older:MessageWritesBlocked"]

        answers = [await call.post(TEXT) for _ in range(3)]

        assert [each.headers.get("Retry-After") for each in answers] == ["7", None, None]
        assert answers[2].json()["errorCode"] == 209


@pytest.mark.parametrize(("trouble", "stand"), [("drop", 0), ("hang", 0), ("lose", 1)])
async def test_an_answer_that_never_comes_may_have_been_a_deed(trouble: str, stand: int) -> None:
    async with calling() as call:
        call.teams.troubles["post"].append(trouble)
        call.client.timeout = httpx.Timeout(0.2)

        with pytest.raises(httpx.TransportError):
            await call.post(TEXT)

        assert len(call.teams.cards("jo")) == stand


@pytest.mark.parametrize(("trouble", "said"), [("empty", b""), ("list", b"[]")])
async def test_an_answer_may_be_of_no_use_although_the_deed_is_done(trouble: str, said: bytes) -> None:
    async with calling() as call:
        call.teams.troubles["post"].append(trouble)

        answer = await call.post(TEXT)

        assert (answer.status_code, answer.content) == (201, said)
        assert len(call.teams.cards("jo")) == 1
