"""Only Microsoft's word counts, by a key of its own, for our bot, for the address that it names; and nobody
who brings no such word keeps anybody waiting.
"""

import asyncio
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.teams.reaching import keys
from bot.chat.teams.reaching.keys import read
from bot.chat.teams.reaching.tokens_in import inbound
from bot.clock import WallClock
from tests.chat.teams.fake import BOT, ISSUER, TENANT, FakeTeams
from tests.chat.teams.fake.keys import Keys, private_key
from tests.chat.teams.reaching.at_door import SETTINGS, AtDoor, at_door
from tests.chat.teams.reaching.test_normal import JSON
from tests.chat.teams.reaching.told import GONE, SERVICE, told

pytestmark = pytest.mark.anyio

MINUTE = 60


def now() -> int:
    return int(WallClock().now().timestamp())


def by(algorithm: str, secret: str | None) -> Callable[[Keys], str]:
    """A token as somebody would make it who has no key of Microsoft's."""
    claims = {"iss": ISSUER, "aud": BOT, "exp": now() + MINUTE, "serviceurl": SERVICE}
    return lambda _: jwt.encode(claims, secret, algorithm=algorithm, headers={"kid": "k1"})


def part(text: str) -> str:
    """A part of a token."""
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


HEADER = '{"alg":"RS256","kid":"k1"}'


GOOD: dict[str, Callable[[Keys], str]] = {
    "as it comes": lambda keys: keys.signed(SERVICE),
    "four minutes over, as clocks differ": lambda keys: keys.signed(SERVICE, exp=now() - 4 * MINUTE),
    "for an address without its last stroke": lambda keys: keys.signed(SERVICE.rstrip("/")),
}
BAD: dict[str, Callable[[Keys], str]] = {
    "nothing": lambda _: "",
    "garbage": lambda _: "abc",
    "garbage in three parts": lambda _: "e30.e30.e30",
    "another audience": lambda keys: keys.signed(SERVICE, aud="d00d0000-0000-4000-8000-000000000009"),
    "an audience of another kind": lambda keys: keys.signed(SERVICE, aud=f"api://{BOT}"),
    "no audience": lambda keys: keys.signed(SERVICE, aud=None),
    "another issuer": lambda keys: keys.signed(SERVICE, iss="https://evil.example"),
    "the issuer of a tenant": lambda keys: keys.signed(
        SERVICE, iss=f"https://login.microsoftonline.com/{TENANT}/v2.0", tid=TENANT
    ),
    "no issuer": lambda keys: keys.signed(SERVICE, iss=None),
    "over": lambda keys: keys.signed(SERVICE, exp=now() - 6 * MINUTE),
    "never over": lambda keys: keys.signed(SERVICE, exp=None),
    "over at no time": lambda keys: keys.signed(SERVICE, exp="soon"),
    "not good yet": lambda keys: keys.signed(SERVICE, nbf=now() + 6 * MINUTE),
    "made in the future": lambda keys: keys.signed(SERVICE, iat=now() + 6 * MINUTE),
    "another service": lambda keys: keys.signed("https://smba.trafficmanager.net/amer/"),
    "no service": lambda keys: keys.signed(SERVICE, serviceurl=None),
    "a service that is a number": lambda keys: keys.signed(SERVICE, serviceurl=5),
    "another key of the same name": lambda keys: keys.signed(SERVICE, key="stolen", kid="k1"),
    "a key that nobody has": lambda keys: keys.signed(SERVICE, key="stolen", kid="k9"),
    "no algorithm": by("none", None),
    "the public key taken for a secret": by("HS256", "s" * 40),
    "a key without a name": lambda keys: jwt.encode({"aud": BOT}, private_key("k1"), algorithm="RS256"),
    "a name of a key that leads elsewhere": lambda keys: keys.signed(SERVICE, kid="../../evil?x=1#"),
    "a header nested without end": lambda _: f"{part('[' * 30_000)}.e30.e30",
    "claims nested without end": lambda _: f"{part(HEADER)}.{part('[' * 30_000)}.e30",
    "cut short": lambda keys: keys.signed(SERVICE)[:-4],
}


async def checked(on: AtDoor, token: str, body: object = None) -> str:
    return await on.inbound.check(f"Bearer {token}", told() if body is None else body)


@pytest.mark.parametrize("token", GOOD.values(), ids=GOOD)
async def test_what_microsoft_signed_for_us_is_let_in(token: Callable[[Keys], str]) -> None:
    async with at_door() as on:
        answer = await on.knock(told(), token(on.teams.keys))

        assert answer.status_code == 200
        assert len(on.desk.heard) == 1


@pytest.mark.parametrize("token", BAD.values(), ids=BAD)
async def test_anything_else_gets_401_and_reaches_nobody(token: Callable[[Keys], str]) -> None:
    async with at_door() as on:
        answer = await on.knock(told(), None, authorization=f"Bearer {token(on.teams.keys)}")

        assert (answer.status_code, answer.content) == (401, b"")
        assert on.desk.heard == []


@pytest.mark.parametrize("scheme", ["", "Bearer", "bearer ", "Basic ", "Bearer\t", " Bearer "])
async def test_a_token_comes_in_one_way_only(scheme: str) -> None:
    async with at_door() as on:
        token = on.teams.keys.signed(SERVICE)

        answer = await on.knock(told(), None, authorization=f"{scheme}{token}")

        assert answer.status_code == 401


async def test_a_key_for_other_channels_does_not_sign_for_teams() -> None:
    async with at_door() as on:
        on.teams.keys.endorsements = ("webchat", "directline")

        assert await checked(on, on.teams.keys.signed(SERVICE)) == "its key is none that signs for Teams"


def shown(kid: str, **more: object) -> dict[str, object]:
    said = {name: value for name, value in Keys().public()["keys"][0].items() if name != "endorsements"}
    return said | {"kid": kid} | more


def test_where_a_key_says_for_whom_it_signs_the_others_must_as_well() -> None:
    silent = read({"keys": [shown("a"), shown("b")]})
    telling = read(
        {"keys": [shown("a"), shown("b", endorsements=["msteams"]), shown("c", endorsements=None)]}
    )

    assert {name: key.endorsed for name, key in silent.items()} == {"a": True, "b": True}
    assert {name: key.endorsed for name, key in telling.items()} == {"a": False, "b": True, "c": False}


def test_keys_that_cannot_sign_a_token_are_passed_over() -> None:
    unusable = [shown("enc", use="enc"), shown("bad", n="!"), {"kty": "oct", "k": "c2VjcmV0", "kid": "hs"}]
    odd = [5, {}, shown("x") | {"kid": ["x"]}, shown("x", alg=["RS256"])]

    assert list(read({"keys": [*unusable, *odd, shown("good")]})) == ["good"]


@pytest.mark.parametrize("said", [{}, {"keys": []}, {"keys": 5}, {"keys": [{}]}], ids=json.dumps)
def test_a_set_without_any_key_is_none(said: dict[str, object]) -> None:
    with pytest.raises(jwt.PyJWKSetError):
        read(said)


@given(told=JSON, field=st.sampled_from(["kty", "n", "e", "kid", "use", "alg", "endorsements"]))
def test_no_key_set_makes_an_accident(told: object, field: str) -> None:
    for said in (told, [told], [shown("a") | {field: told}]):
        with suppress(jwt.PyJWKSetError):
            assert read({"keys": said})


async def test_a_service_that_is_not_said_in_words_is_none() -> None:
    async with at_door() as on:
        token = on.teams.keys.signed(SERVICE)

        answers = [await on.knock(told(serviceUrl=said), token) for said in (GONE, "", 5, None)]

        assert [each.status_code for each in answers] == [400, 400, 400, 400]


async def test_a_token_for_no_service_is_none_though_the_body_names_none_either() -> None:
    async with at_door() as on:
        answer = await on.knock(told(serviceUrl=GONE), on.teams.keys.signed(SERVICE, serviceurl=None))

        assert answer.status_code == 401


async def until_fetched(teams: FakeTeams, many: int = 1) -> None:
    await teams.until_called("keys", many)


async def test_the_keys_are_there_before_anybody_asks() -> None:
    async with at_door() as on:
        on.inbound.start()
        await until_fetched(on.teams)

        assert await checked(on, on.teams.keys.signed(SERVICE)) == ""
        assert on.teams.count("keys") == 1


async def test_nothing_stands_still_while_the_keys_are_slow() -> None:
    async with at_door() as on:
        known = on.teams.keys.signed(SERVICE)
        await checked(on, known)
        on.teams.keys.renew("k2")
        on.teams.troubles["keys"].append("hang")
        on.inbound.start()
        await until_fetched(on.teams, 2)

        waiting = asyncio.create_task(checked(on, on.teams.keys.signed(SERVICE)))
        meanwhile = await checked(on, known)
        was_waiting = not waiting.done()
        on.teams.patience.set()

        assert (meanwhile, was_waiting, await waiting) == ("", True, "")


async def test_however_many_ask_for_a_key_that_nobody_knows_the_keys_are_fetched_once() -> None:
    async with at_door() as on:
        unknown = on.teams.keys.signed(SERVICE, key="stolen", kid="k9")

        said = await asyncio.gather(*(checked(on, unknown) for _ in range(20)))
        again = await checked(on, unknown)

        assert {*said, again} == {"its key is none that signs for Teams"}
        assert on.teams.count("keys") == 1


async def test_a_new_key_is_fetched_when_it_is_first_met(monkeypatch: pytest.MonkeyPatch) -> None:
    async with at_door() as on:
        await checked(on, on.teams.keys.signed(SERVICE))
        on.teams.keys.renew("k2")
        just_fetched = await checked(on, on.teams.keys.signed(SERVICE))
        monkeypatch.setattr(keys, "AGAIN", 0.0)

        assert just_fetched == "its key is none that signs for Teams"
        assert await checked(on, on.teams.keys.signed(SERVICE)) == ""


TROUBLES = ["500", "404", "page", "drop", "lose", "307:http://127.0.0.1:9/keys", "empty", "list"]


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_the_last_good_keys_count_while_they_cannot_be_fetched(
    trouble: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(keys, "AGAIN", 0.0)
    async with at_door() as on:
        good = on.teams.keys.signed(SERVICE)
        await checked(on, good)
        on.teams.troubles["keys"].append(trouble)

        unknown = await checked(on, on.teams.keys.signed(SERVICE, key="stolen", kid="k9"))

        assert (unknown, await checked(on, good)) == ("its key is none that signs for Teams", "")
        assert ["those it knows still count" in record.getMessage() for record in caplog.records] == [True]


async def test_keys_that_never_come_keep_nobody_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    async with at_door() as on:
        monkeypatch.setattr(keys, "TIMEOUT", 0.01)
        on.teams.troubles["keys"].append("hang")

        async with asyncio.timeout(1):
            why = await checked(on, on.teams.keys.signed(SERVICE))

        assert why == "its key is none that signs for Teams"


async def test_keys_that_could_not_be_fetched_are_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "AGAIN", 0.0)
    async with at_door() as on:
        on.teams.troubles["keys"].append("500")
        on.inbound.start()
        await until_fetched(on.teams, 2)

        assert await checked(on, on.teams.keys.signed(SERVICE)) == ""


async def test_nothing_that_an_unsigned_token_says_is_asked_for() -> None:
    elsewhere = {"iss": "https://sts.windows.net/x", "tid": "../../../evil", "aud": "x"}
    async with at_door() as on:
        leading = {"kid": "k9", "jku": f"{on.teams.url}/evil", "x5u": f"{on.teams.url}/evil"}
        token = jwt.encode(elsewhere, "s" * 40, algorithm="HS256", headers=leading)

        await checked(on, token)

        assert {call.what for call in on.teams.calls} == {"keys"}


async def test_without_tokens_everybody_is_believed_but_only_where_that_was_set() -> None:
    open_to_all = inbound(replace(SETTINGS, secret="", unauthenticated=True))

    assert open_to_all.bears("") and await open_to_all.check("", None) == ""
    for proof in (SETTINGS, replace(SETTINGS, secret="", managed_identity=True)):
        assert not inbound(proof).bears("")


async def test_whoever_sets_bookend_up_reads_what_may_be_wrong() -> None:
    async with at_door() as on:
        signed = on.teams.keys.signed
        wrong = [
            signed(SERVICE, aud="x"),
            signed(SERVICE, exp=now() - 3600),
            signed(SERVICE, nbf=now() + 3600),
        ]

        assert [await checked(on, each) for each in wrong] == [
            "its token is for another bot than BOOKEND_TEAMS_CLIENT_ID",
            "its token is over, or the clock of this machine is wrong",
            "its token is not good yet, or the clock of this machine is wrong",
        ]


async def test_what_a_token_says_is_not_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    async with at_door() as on:
        why = await checked(on, on.teams.keys.signed("https://evil.example/Erika"))
        await checked(on, on.teams.keys.signed(SERVICE, iss="https://evil.example/Erika"))

    assert why == "its token is not good (InvalidTokenError)"
    assert "evil" not in caplog.text
