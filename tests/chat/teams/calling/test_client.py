"""The one client, over real HTTP: what it sends, to whom alone, and what it makes of lost answers."""

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable
from datetime import timedelta

import httpx
import pytest

from bot.chat.teams.calling.client import NO_ID, _id, client
from bot.chat.teams.calling.pace import TeamsLimits
from bot.core.errors import ChatTrouble, Never, Paced, TryLater, Undeliverable, Unsure
from tests.chat.hours import Hours
from tests.chat.teams.calling.speaking import HELLO, SAID, Speaking, speaking
from tests.chat.teams.fake import BOARD, JO, MSI_SECRET, TEAM, account, direct, fake_teams
from tests.chat.teams.trial import settings_of

pytestmark = pytest.mark.anyio

Call = Callable[[Speaking], Awaitable[object]]

#: Everything that can be asked of Teams, by the name that the tenant has for it.
CALLS: dict[str, Call] = {
    "post": lambda on: on.client.post(on.jo, HELLO),
    "edit": lambda on: on.client.edit(on.jo, "1800", HELLO),
    "converse": lambda on: on.client.converse(on.teams.service, "29:jo"),
    "member": lambda on: on.client.member(on.board, "29:jo"),
    "pages": lambda on: on.client.members(on.board),
    "channels": lambda on: on.client.channels(on.teams.service, TEAM),
}
#: Those that may be made twice without harm.
AGAIN = [name for name in CALLS if name != "post"]
#: Answers after which Teams is left alone for a while.
PAUSES = ["429", "412", "502", "503", "504"]
ODD = ["", ".", "..", "a..b", "../../evil?x=1#", "a/b", "a\\b", "a%2fb", "a b", "a\n", "é", ";x", "a" * 501]


@pytest.fixture(autouse=True)
def an_identity(monkeypatch: pytest.MonkeyPatch) -> None:
    """What Azure tells programs on its machines; where the identity is given is told by each test."""
    monkeypatch.setenv("IDENTITY_HEADER", MSI_SECRET)


@pytest.fixture
def from_here(monkeypatch: pytest.MonkeyPatch) -> Callable[[Speaking], None]:
    return lambda on: monkeypatch.setenv("IDENTITY_ENDPOINT", f"{on.teams.url}/msi")


async def test_a_message_is_posted_and_put_anew_where_it_stands() -> None:
    async with speaking() as on:
        message = await on.client.post(on.jo, HELLO)
        (posted,) = [dict(each) for each in on.teams.cards("jo")]
        await on.client.edit(on.jo, message, {"type": "message", "text": "Done"})
        (edited,) = [dict(each) for each in on.teams.cards("jo")]

        assert (posted["id"], posted["text"]) == (message, SAID)
        assert (edited["id"], edited["text"], edited["edits"]) == (message, "Done", 1)


async def test_in_a_channel_a_line_stands_under_the_first_message_of_its_thread() -> None:
    async with speaking() as on:
        root = await on.client.post(on.board, HELLO)
        await on.client.post(on.board, {"type": "message", "text": "under it"}, thread=root)

        assert [each.get("thread") for each in on.teams.cards(BOARD)] == [None, root]


async def test_a_thread_whose_first_message_is_gone_loses_no_channel() -> None:
    async with speaking() as on:
        on.teams.troubles["post"].append("404:ConversationNotFound")

        with pytest.raises(Undeliverable) as gone:
            await on.client.post(on.board, HELLO, thread="1800")

        assert gone.value.reason is Never.MESSAGE_GONE


async def test_a_person_is_reached_by_either_of_their_ids() -> None:
    async with speaking() as on:
        found = [await on.client.converse(on.teams.service, each) for each in ("29:jo", JO)]

        assert found == [direct("jo")] * 2


async def test_everybody_in_a_channel_is_told_page_by_page() -> None:
    async with speaking() as on:
        joined = ["ali", "bea", "cem", "dan", "eva", "fay"]
        for name in joined:
            on.teams.join(name)

        inside = await on.client.members(on.board)

        assert [each["id"] for each in inside] == [f"29:{name}" for name in ("jo", *joined)]
        assert on.teams.count("pages") == 3


async def test_one_person_and_the_channels_of_a_team_are_told_as_teams_tells_them() -> None:
    async with speaking() as on:
        jo = await on.client.member(on.board, JO)
        channels = await on.client.channels(on.teams.service, TEAM)

        assert (jo["id"], jo["userRole"]) == ("29:jo", "user")
        assert [each["id"] for each in channels] == [TEAM, BOARD]


@pytest.mark.parametrize("odd", ODD)
async def test_what_is_no_id_leads_nowhere(odd: str) -> None:
    async with speaking() as on:
        tries = [
            on.client.post(on.place(odd), HELLO),
            on.client.edit(on.jo, odd, HELLO),
            on.client.converse(on.teams.service, odd),
            on.client.member(on.board, odd),
            on.client.members(on.place(odd)),
            on.client.channels(on.teams.service, odd),
        ]
        for each in tries:
            with pytest.raises(Undeliverable):
                await each

        assert on.teams.calls == []


@pytest.mark.parametrize("what", CALLS)
async def test_a_forged_service_address_gets_no_token_and_no_request(
    what: str, from_here: Callable[[Speaking], None]
) -> None:
    async with fake_teams() as evil, speaking(identity=True) as on:
        from_here(on)
        forged = Speaking(client=on.client, teams=evil)

        with pytest.raises(Undeliverable):
            await CALLS[what](forged)

        assert (evil.calls, on.teams.calls) == ([], [])
        await on.client.post(on.jo, HELLO)
        assert [each.what for each in on.teams.calls] == ["msi", "post"]
        assert on.teams.calls[-1].bearer


async def test_not_even_microsoft_hears_of_a_test_client(
    from_here: Callable[[Speaking], None],
) -> None:
    async with speaking(identity=True) as on:
        from_here(on)
        with pytest.raises(Undeliverable):
            await on.client.post(
                on.place(direct("jo"), service="https://smba.trafficmanager.net/emea"), HELLO
            )

        assert on.teams.calls == []


@pytest.mark.parametrize("what", CALLS)
async def test_nobody_is_followed_elsewhere(what: str, from_here: Callable[[Speaking], None]) -> None:
    async with fake_teams() as evil, speaking(identity=True) as on:
        from_here(on)
        on.teams.troubles[what].append(f"307:{evil.service}/v3/conversations/{direct('jo')}/activities")

        with pytest.raises(TryLater):
            await CALLS[what](on)

        assert evil.calls == []


@pytest.mark.parametrize("lost", ["empty", "list", "page"])
async def test_a_post_whose_answer_names_no_message_is_in_doubt(lost: str) -> None:
    async with speaking() as on:
        on.teams.troubles["post"].append(lost)

        with pytest.raises(Unsure):
            await on.client.post(on.jo, HELLO)


@pytest.mark.parametrize("lost", ["empty", "list", "page"])
async def test_an_edit_that_was_taken_is_good_whatever_is_said_of_it(lost: str) -> None:
    async with speaking() as on:
        message = await on.client.post(on.jo, HELLO)
        on.teams.troubles["edit"].append(lost)

        await on.client.edit(on.jo, message, HELLO)

        assert on.teams.count("edit") == 1


@pytest.mark.parametrize("lost", ["empty", "list", "page"])
@pytest.mark.parametrize("what", ["converse", "member", "pages", "channels"])
async def test_a_question_that_was_not_answered_is_asked_again_later(what: str, lost: str) -> None:
    async with speaking() as on:
        on.teams.troubles[what].append(lost)

        with pytest.raises(TryLater):
            await CALLS[what](on)


@pytest.mark.parametrize("lost", ["drop", "lose", "after:502", "after:504", "after:500", "hang"])
async def test_a_post_whose_answer_was_lost_is_in_doubt(lost: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.chat.teams.calling.client.LONGEST", 0.03)
    async with speaking() as on:
        on.teams.troubles["post"].append(lost)

        with pytest.raises(Unsure):
            # no longer than a call may take, whatever httpx would wait for
            async with asyncio.timeout(2):
                await on.client.post(on.jo, HELLO)


async def test_an_id_that_stands_for_none_is_none() -> None:
    assert [_id(httpx.Response(201, json={"id": told})) for told in ("1800", NO_ID, "", 1800, None)] == [
        "1800",
        *[""] * 4,
    ]


async def test_a_token_that_teams_does_not_take_is_replaced(
    from_here: Callable[[Speaking], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    # none is too new to be what is wrong
    monkeypatch.setattr("bot.chat.teams.calling.tokens_out.REFUSED", -1.0)
    async with speaking(identity=True) as on:
        from_here(on)
        on.teams.troubles["post"].append("401")
        with pytest.raises(TryLater, match="bookend doctor"):
            await on.client.post(on.jo, HELLO)

        await on.client.post(on.jo, HELLO)

        assert [each.what for each in on.teams.calls] == ["msi", "post", "msi", "post"]


@pytest.mark.parametrize("lost", ["drop", "502", "hang"])
@pytest.mark.parametrize("what", AGAIN)
async def test_what_can_be_done_twice_is_never_in_doubt(
    what: str, lost: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.chat.teams.calling.client.LONGEST", 0.03)
    async with speaking() as on:
        on.teams.troubles[what].append(lost)

        with pytest.raises(TryLater):
            await CALLS[what](on)


async def test_what_never_left_leaves_no_doubt() -> None:
    async with fake_teams() as teams:
        gone = teams.service
    speaker = client(settings_of(gone, identity=False))

    with pytest.raises(TryLater):
        await speaker.post(Speaking(client=speaker, teams=teams).jo, HELLO)
    await speaker.close()


async def test_after_a_pause_was_asked_for_nobody_sends_into_that_conversation() -> None:
    hours = Hours(limits=TeamsLimits())
    async with speaking(hours.pace) as on:
        on.teams.troubles["post"].append("429:42")
        with pytest.raises(TryLater) as asked:
            await on.client.post(on.jo, HELLO)

        with pytest.raises(Paced) as held:
            await on.client.edit(on.jo, "1800", HELLO)
        await on.client.post(on.board, HELLO)
        await on.client.member(on.jo, "29:jo")
        hours.now += 42
        await on.client.post(on.jo, HELLO)

        assert asked.value.after == held.value.after == timedelta(seconds=42)
        assert (on.teams.count("post"), on.teams.count("edit")) == (3, 0)


@pytest.mark.parametrize("status", PAUSES)
async def test_every_pause_that_teams_names_is_kept_to_the_second(status: str) -> None:
    hours = Hours(limits=TeamsLimits())
    async with speaking(hours.pace) as on:
        on.teams.troubles["edit"].append(f"{status}:42")

        asked = await _trouble(on.client.edit(on.jo, "1800", HELLO))
        held = await _trouble(on.client.post(on.jo, HELLO))
        hours.now += 42
        await on.client.post(on.jo, HELLO)

        assert asked.after == held.after == timedelta(seconds=42)
        assert (on.teams.count("edit"), on.teams.count("post")) == (1, 1)


@pytest.mark.parametrize("status", PAUSES)
async def test_where_teams_names_no_time_it_is_left_alone_longer_each_time_until_it_takes_a_call(
    status: str,
) -> None:
    async with speaking() as on:
        on.teams.troubles["edit"] += [status] * 6
        pauses = [(await _trouble(CALLS["edit"](on))).after.total_seconds() for _ in range(6)]
        message = await on.client.post(on.jo, HELLO)
        await on.client.edit(on.jo, message, HELLO)
        on.teams.troubles["edit"].append(status)
        anew = (await _trouble(CALLS["edit"](on))).after.total_seconds()

        assert all(2 * 2**n / 2 <= pause <= 2 * 2**n for n, pause in enumerate(pauses[:5]))
        assert max(pauses) <= 60
        assert anew <= 2


async def _trouble(call: Awaitable[object]) -> TryLater:
    with pytest.raises(TryLater) as trouble:
        await call
    return trouble.value


@pytest.mark.parametrize(
    ("name", "trouble", "reason"),
    [
        ("jo", "older:MessageWritesBlocked", Never.PERSON_LOST),
        ("jo", "403:ConversationBlockedByUser", Never.PERSON_LOST),
        ("jo", "404:ConversationNotFound", Never.PERSON_LOST),
        ("board", "403:BotNotInConversationRoster", Never.CHANNEL_LOST),
        ("board", "404:ConversationNotFound", Never.CHANNEL_LOST),
        ("board", "404:ActivityNotFoundInConversation", Never.MESSAGE_GONE),
        ("jo", "403:BotDisabledByAdmin", Never.NO_RIGHT),
        ("jo", "413", Never.REFUSED),
    ],
)
async def test_what_teams_will_never_take_has_its_reason(name: str, trouble: str, reason: Never) -> None:
    async with speaking() as on:
        on.teams.troubles["edit"].append(trouble)

        with pytest.raises(Undeliverable) as never:
            await on.client.edit(getattr(on, name), "1800", HELLO)

        assert never.value.reason is reason


@pytest.mark.parametrize(
    "trouble", ["403", "404", "413", "429", "500", "drop", "lose", "page", "307:http://x"]
)
async def test_no_log_and_no_error_says_where_or_what_was_written(
    trouble: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with speaking() as on:
        on.teams.troubles["post"].append(trouble)
        with pytest.raises(ChatTrouble) as raised:
            await on.client.post(on.jo, HELLO)

    told = "".join(traceback.format_exception(raised.value))
    assert raised.value.__cause__ is None
    # the tenant writes a log of its own
    logged = "".join(each.getMessage() for each in caplog.records if not each.name.startswith("aiohttp"))
    assert not [text for text in (SAID, direct("jo"), "a%3A1-jo") if text in told + logged]


async def test_half_a_letter_that_somebody_typed_keeps_no_card_back() -> None:
    async with speaking() as on:
        await on.client.post(on.jo, {"type": "message", "text": "Jos\ud83d é"})

        assert [each["text"] for each in on.teams.cards("jo")] == ["Jos? é"]


async def test_no_proxy_sees_what_stays_on_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    async with speaking() as on:
        assert await on.client.post(on.jo, HELLO)


async def test_somebody_of_whom_nothing_is_known_is_no_person_to_reach() -> None:
    async with speaking() as on:
        with pytest.raises(Undeliverable) as refused:
            await on.client.member(on.board, account("nobody"))

        assert refused.value.reason is Never.PERSON_LOST
