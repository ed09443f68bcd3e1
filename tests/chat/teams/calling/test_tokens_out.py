"""The token by which Teams knows Bookend: asked once, kept, renewed, and refused in words that help."""

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from bot.chat.teams.calling.proofs import ManagedIdentity, Secret
from bot.chat.teams.calling.tokens_out import AHEAD, AWAY, LEAST, REFUSED, KeptTokens, NoTokens, tokens
from bot.chat.teams.sdk import hushed
from bot.chat.teams.settings import TeamsSettings
from bot.core.errors import TryLater
from tests.chat.teams.calling.sign_in import SECRET, SignIn, sign_in
from tests.chat.teams.fake import BOT, MSI_SECRET, TENANT, FakeTeams, fake_teams

pytestmark = pytest.mark.anyio

WITH_SECRET = TeamsSettings(client_id=BOT, tenant_id=TENANT, secret=SECRET)
WITH_IDENTITY = TeamsSettings(client_id=BOT, tenant_id=TENANT, managed_identity=True)


@pytest.fixture(autouse=True)
def as_the_client_leaves_the_log() -> None:
    hushed()


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """What was logged; the sign-in writes a log of its own."""
    return "".join(each.getMessage() for each in caplog.records if not each.name.startswith("aiohttp"))


class Clock:
    """Seconds that only a test lets pass."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


class Kept:
    """Tokens that come from a sign-in of our own, on a clock that stands still."""

    def __init__(self, microsoft: SignIn, settings: TeamsSettings, seconds: float = 2.0) -> None:
        self.clock = Clock()
        self.microsoft = microsoft
        self.tokens = KeptTokens(Secret(settings, microsoft.http(seconds)), self.clock)

    async def settled(self) -> None:
        """Return when nobody is being asked any more."""
        assert self.tokens._asking is not None
        await asyncio.wait({self.tokens._asking})

    async def refused(self) -> str:
        with pytest.raises(TryLater) as trouble:
            await self.tokens.token()
        told = "".join(traceback.format_exception(trouble.value))
        assert SECRET not in told
        return str(trouble.value)


@asynccontextmanager
async def kept(settings: TeamsSettings = WITH_SECRET, seconds: float = 2.0) -> AsyncIterator[Kept]:
    async with sign_in() as microsoft:
        on = Kept(microsoft, settings, seconds)
        try:
            yield on
        finally:
            await on.tokens.close()


async def test_a_secret_is_shown_to_the_tenants_own_sign_in_and_to_nobody_else() -> None:
    async with kept() as on:
        assert await on.tokens.token() == "token-1"

        (asked,) = on.microsoft.asked
        assert asked["grant_type"] == "client_credentials"
        assert (asked["client_id"], asked["client_secret"]) == (BOT, SECRET)
        assert "https://api.botframework.com/.default" in asked["scope"]


async def test_a_token_is_asked_for_once_however_many_calls_want_it() -> None:
    async with kept() as on:
        found = await asyncio.gather(*(on.tokens.token() for _ in range(20)))
        on.clock.now += 3600 - AHEAD - 1
        later = await on.tokens.token()

        assert {*found, later} == {"token-1"}
        assert len(on.microsoft.asked) == 1


async def test_a_token_that_ends_soon_is_renewed_while_it_is_still_used() -> None:
    async with kept() as on:
        # MSAL keeps its own by the clock of the machine: one that it takes for over is asked anew
        on.microsoft.lasts = 299
        await on.tokens.token()
        on.clock.now += 299 - AHEAD + 1

        meanwhile = await on.tokens.token()
        await on.settled()
        renewed = await on.tokens.token()

        assert (meanwhile, renewed) == ("token-1", "token-2")


async def test_a_token_that_is_all_but_over_is_used_for_nothing() -> None:
    async with kept() as on:
        on.microsoft.lasts = 299
        await on.tokens.token()
        on.clock.now += 299 - LEAST + 1

        assert await on.tokens.token() == "token-2"


async def test_a_token_is_good_to_its_end_while_no_other_can_be_had() -> None:
    async with kept() as on:
        on.microsoft.lasts = 299
        await on.tokens.token()
        on.clock.now += 299 - AHEAD + 1
        on.microsoft.next += ["7000222"] * 9

        found = []
        for _ in range(6):
            found.append(await on.tokens.token())
            await on.settled()

        assert found == ["token-1"] * 6
        assert len(on.microsoft.asked) == 2


async def test_a_token_that_teams_does_not_take_is_asked_anew_but_not_one_that_was_just_given() -> None:
    async with kept() as on:
        await on.tokens.token()
        on.tokens.forget()
        first = await on.tokens.token()
        on.clock.now += REFUSED + 1
        on.tokens.forget()

        assert (first, await on.tokens.token()) == ("token-1", "token-2")


@pytest.mark.parametrize(
    ("number", "hint"),
    [
        ("7000215", "BOOKEND_TEAMS_CLIENT_SECRET: set it to the secret's value, not to its id"),
        ("7000222", "make a new one"),
        ("700016", "the tenant BOOKEND_TEAMS_TENANT_ID has no app BOOKEND_TEAMS_CLIENT_ID"),
        ("50034", "https://login.microsoftonline.com/error?code=50034"),
    ],
)
async def test_what_microsoft_does_not_take_is_said_in_words_that_help(
    number: str, hint: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with kept() as on:
        on.microsoft.next.append(number)

        told = await on.refused()

        assert hint in told
        assert not [word for word in (SECRET, BOT, "Trace") if word in told + logged(caplog)]


async def test_a_tenant_that_is_not_there_is_named_as_the_setting_it_is() -> None:
    async with kept(replace(WITH_SECRET, tenant_id="00000000-0000-0000-0000-000000000000")) as on:
        assert "there is no tenant BOOKEND_TEAMS_TENANT_ID" in await on.refused()


@pytest.mark.parametrize("answer", ["page", "500"])
async def test_an_answer_that_is_none_is_told_as_one(answer: str, caplog: pytest.LogCaptureFixture) -> None:
    async with kept() as on:
        on.microsoft.next.append(answer)

        assert "something else answered" in await on.refused()
        assert "Please log in" not in logged(caplog)


async def test_a_refusal_stands_for_a_while_before_anybody_asks_again() -> None:
    async with kept() as on:
        on.microsoft.next.append("7000215")
        first = await on.refused()
        on.clock.now += REFUSED - 1
        again = await on.refused()
        on.clock.now += 2

        assert (again, await on.tokens.token()) == (first, "token-2")
        assert len(on.microsoft.asked) == 2


async def test_a_sign_in_that_cannot_be_reached_is_tried_again_soon() -> None:
    async with sign_in() as microsoft:
        pass
    on = Kept(microsoft, WITH_SECRET)

    assert "cannot be reached" in await on.refused()
    on.clock.now += AWAY + 1
    assert "cannot be reached" in await on.refused()
    await on.tokens.close()


async def test_a_sign_in_that_hangs_keeps_no_call_waiting_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.chat.teams.calling.tokens_out.PATIENCE", 0.03)
    async with kept() as on:
        on.microsoft.next.append("hang")

        slow = await on.refused()
        on.microsoft.over.set()
        await on.settled()

        assert "takes its time" in slow


async def test_a_sign_in_that_hangs_for_too_long_counts_as_one_that_cannot_be_reached() -> None:
    async with kept(seconds=0.05) as on:
        on.microsoft.next.append("hang")

        assert "cannot be reached" in await on.refused()


@asynccontextmanager
async def identity(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[FakeTeams, KeptTokens]]:
    async with fake_teams() as azure:
        monkeypatch.setenv("IDENTITY_ENDPOINT", f"{azure.url}/msi")
        monkeypatch.setenv("IDENTITY_HEADER", MSI_SECRET)
        source = KeptTokens(ManagedIdentity(WITH_IDENTITY))
        try:
            yield azure, source
        finally:
            await source.close()


async def test_the_identity_of_a_machine_is_asked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    async with identity(monkeypatch) as (azure, source):
        found = {await source.token() for _ in range(3)}

        assert found <= azure.keys.given and len(found) == 1
        assert azure.count("msi") == 1


async def test_no_proxy_sees_the_identity_of_a_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    async with identity(monkeypatch) as (_, source):
        assert await source.token()


async def test_a_machine_without_the_identity_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with identity(monkeypatch) as (_, source):
        monkeypatch.setenv("IDENTITY_HEADER", "wrong")

        with pytest.raises(TryLater, match="was not given the managed identity BOOKEND_TEAMS_CLIENT_ID"):
            await source.token()


async def test_a_machine_that_gives_none_says_what_else_there_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with identity(monkeypatch) as (_, source):
        monkeypatch.setenv("IDENTITY_ENDPOINT", "http://127.0.0.1:9/msi")

        with pytest.raises(TryLater, match="set BOOKEND_TEAMS_CLIENT_SECRET instead"):
            await source.token()


async def test_a_test_client_is_shown_no_token() -> None:
    source = tokens(TeamsSettings(client_id=BOT, tenant_id=TENANT, unauthenticated=True))

    assert isinstance(source, NoTokens)
    assert await source.token() is None
    source.forget()
    await source.close()


async def test_the_settings_say_how_bookend_proves_who_it_is() -> None:
    for settings, proof in ((WITH_SECRET, Secret), (WITH_IDENTITY, ManagedIdentity)):
        source = tokens(settings)
        assert isinstance(source, KeptTokens) and isinstance(source._proof, proof)
        await source.close()
