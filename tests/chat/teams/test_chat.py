"""What becomes of a message that Teams does not simply take, and of one that changes nothing."""

from dataclasses import replace

import pytest

from bot.chat.teams import PLATFORM
from bot.core.errors import Never, TryLater, Undeliverable, Unsure
from bot.core.replies import Address, MessageRef
from tests.chat import boards, samples
from tests.chat.teams.fake import BOARD, JO, account, direct
from tests.chat.teams.front import front
from tests.chat.teams.trial import BOARD_THERE, JO_THERE, teams_trial
from tests.chat.trial import LONG_AGO

pytestmark = pytest.mark.anyio


async def test_a_message_has_one_card_and_no_text_beside_it() -> None:
    async with teams_trial() as on:
        await on.chat.send(samples.PREP, JO_THERE, once="a")

        (sent,) = [call.body for call in on.teams.calls if call.what == "post"]
        assert len(sent["attachments"]) == 1 and "text" not in sent
        assert sent["summary"]


async def test_whether_a_message_arrived_cannot_be_asked_of_teams() -> None:
    async with teams_trial() as on:
        await on.chat.send(samples.PREP, JO_THERE, once="a")

        with pytest.raises(Unsure):
            await on.chat.find(JO_THERE, once="a", since=LONG_AGO)


async def test_somebody_who_never_wrote_to_bookend_is_reached_by_their_account() -> None:
    async with teams_trial() as on:
        on.teams.join("sam")

        ref = await on.chat.send(samples.PREP, Address(platform=PLATFORM, account=account("sam")), once="a")

        assert ref.channel == direct("sam") and len(on.teams.cards("sam")) == 1


@pytest.mark.parametrize("why", [{"userRole": "guest"}, {"tenantId": "7e4a1111-0000-4000-8000-00000000000f"}])
async def test_who_is_no_full_member_gets_no_card(why: dict[str, str]) -> None:
    async with teams_trial() as on:
        on.teams.join("gus", **why)

        with pytest.raises(Undeliverable) as refused:
            await on.chat.send(samples.PREP, Address(platform=PLATFORM, account=account("gus")), once="a")

        assert refused.value.reason is Never.PERSON_LOST and on.teams.cards("gus") == []


async def test_an_edit_that_changes_nothing_is_not_made_where_no_other_program_draws() -> None:
    async with teams_trial(alone=True) as on:
        ref = await on.chat.send(samples.PREP, JO_THERE, once="a")

        await on.chat.update(ref, samples.PREP)
        await on.chat.update(ref, replace(samples.PREP, heading="Prep, changed"))

        assert on.teams.count("edit") == 1


async def test_an_edit_is_made_where_another_program_may_have_drawn_since() -> None:
    async with teams_trial() as on:
        ref = await on.chat.send(samples.PREP, JO_THERE, once="a")

        await on.chat.update(ref, samples.PREP)

        assert on.teams.count("edit") == 1


async def test_after_a_lost_reply_nobody_knows_what_stands_there_and_it_is_drawn_again() -> None:
    async with teams_trial(alone=True) as on:
        ref = await on.chat.send(samples.PREP, JO_THERE, once="a")
        on.teams.troubles["edit"].append("lose")
        with pytest.raises(TryLater):
            await on.chat.update(ref, replace(samples.PREP, heading="Prep, changed"))

        await on.chat.update(ref, samples.PREP)

        assert "Prep, changed" not in (await on.seen(ref)).words


async def test_a_line_in_a_personal_chat_stands_below_the_card() -> None:
    async with teams_trial() as on:
        ref = await on.chat.send(samples.PREP, JO_THERE, once="a")

        await on.chat.nudge(ref, "Still open: Escort · K7Q2.", once="b")

        card, line = on.teams.cards("jo")
        assert card["id"] == ref.message and "thread" not in line
        assert line["summary"] == "Still open: Escort · K7Q2."


async def test_whom_a_line_mentions_is_called_by_their_name_in_teams() -> None:
    async with teams_trial() as on:
        ref = await on.chat.send(boards.BOARD, BOARD_THERE, once="a")

        await on.chat.nudge(ref, "K7Q2 was cleared, now stopped.", once="b", mention=JO)

        _, line = on.teams.cards(BOARD)
        (called,) = line["attachments"][0]["content"]["msteams"]["entities"]
        assert called["mentioned"] == {"id": "29:jo", "name": "Jo"} and called["text"] == "<at>Jo</at>"
        assert line["thread"] == ref.message


@pytest.mark.parametrize("way", ["block", "remove"])
async def test_who_blocked_bookend_or_took_it_out_is_lost_until_they_are_back(way: str) -> None:
    async with front() as at:
        card = await at.stands(samples.PREP)
        if way == "block":
            at.jo.block()
        else:
            at.teams.without.add("29:jo")

        with pytest.raises(Undeliverable) as refused:
            await at.connected.chat.send(samples.WORKLIST, JO_THERE, once="b")
        posts = at.teams.count("post")
        with pytest.raises(Undeliverable):
            await at.connected.chat.send(samples.WORKLIST, JO_THERE, once="c")
        asked = at.teams.count("post")
        await at.jo.install()
        await at.connected.chat.send(samples.WORKLIST, JO_THERE, once="d")

        assert refused.value.reason is Never.PERSON_LOST
        assert asked == posts, "who is known to be lost is not asked for again"
        assert at.jo.own()[-1]["id"] != card["id"]


async def test_a_conversation_that_teams_never_told_of_is_nowhere() -> None:
    async with teams_trial() as on:
        ref = MessageRef(platform=PLATFORM, channel="a:1-nobody", message="1800000000001")

        with pytest.raises(Undeliverable) as refused:
            await on.chat.update(ref, samples.PREP)

        assert refused.value.reason is Never.MESSAGE_GONE and on.teams.calls == []


async def test_no_card_is_drawn_where_another_company_reads_and_what_stands_there_is_taken_back() -> None:
    async with teams_trial() as on:
        ref = await on.chat.send(boards.BOARD, BOARD_THERE, once="a")
        on.teams.conversations[BOARD].type = "shared"
        await on.begin_again()

        with pytest.raises(Undeliverable) as refused:
            await on.chat.update(ref, boards.BOARD)
        await on.chat.retire(ref, "Over: K7Q2 was answered.")

        assert refused.value.reason is Never.CHANNEL_SHARED
        assert "K7Q2" not in (await on.seen(ref)).words
