"""What becomes of a message that Slack does not simply take."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.chat.slack import PLATFORM
from bot.chat.slack.chat import APART, PAGE, PAGES, mark
from bot.core.errors import ChatTrouble, Never, TryLater, Undeliverable, Unsure
from bot.core.replies import Address
from tests.chat import boards, samples
from tests.chat.slack.fake import PENDING, SHARED
from tests.chat.slack.trial import BOARD_THERE, JO_THERE, slack_trial
from tests.chat.trial import LONG_AGO

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("trouble", ["lose", "502", "hang", "drop", "page", "page:[1]", "page:{"])
async def test_a_send_without_a_sound_answer_is_unsure_and_made_once(trouble: str) -> None:
    async with slack_trial() as on:
        on.slack.troubles["chat.postMessage"].append(trouble)

        with pytest.raises(Unsure):
            await on.chat.send(samples.PREP, JO_THERE, once="a")

        assert on.slack.count("chat.postMessage") == 1


@pytest.mark.parametrize("trouble", ["lose", "502"])
async def test_a_message_whose_reply_was_lost_is_found_and_can_be_edited(trouble: str) -> None:
    async with slack_trial() as on:
        on.slack.troubles["chat.postMessage"].append(trouble)
        with pytest.raises(Unsure):
            await on.chat.send(samples.PREP, JO_THERE, once="a")

        found = await on.chat.find(JO_THERE, once="a", since=LONG_AGO)

        assert found is not None
        await on.chat.update(found, samples.WORKLIST)
        assert samples.WORKLIST.heading in (await on.seen(found)).words
        assert await on.count(JO_THERE) == 1


@pytest.mark.parametrize("trouble", ["hang", "drop"])
async def test_a_message_that_never_arrived_is_not_found(trouble: str) -> None:
    async with slack_trial() as on:
        on.slack.troubles["chat.postMessage"].append(trouble)
        with pytest.raises(Unsure):
            await on.chat.send(samples.PREP, JO_THERE, once="a")

        assert await on.chat.find(JO_THERE, once="a", since=LONG_AGO) is None


async def test_a_message_is_found_by_its_first_block_where_metadata_is_not_kept() -> None:
    async with slack_trial() as on:
        ref = await on.chat.send(samples.PREP, JO_THERE, once="a")
        for sent in on.slack.messages[ref.channel]:
            del sent["metadata"]

        assert await on.chat.find(JO_THERE, once="a", since=LONG_AGO) == ref
        assert on.slack.messages[ref.channel][0]["blocks"][0]["block_id"] == mark("a")


async def test_a_message_that_was_edited_since_is_found_by_its_metadata() -> None:
    async with slack_trial() as on:
        ref = await on.chat.send(samples.PREP, JO_THERE, once="a")
        await on.chat.update(ref, samples.WORKLIST)

        assert await on.chat.find(JO_THERE, once="a", since=LONG_AGO) == ref


async def test_a_message_is_found_behind_a_page_of_later_ones() -> None:
    async with slack_trial() as on:
        ref = await on.chat.send(boards.BOARD, BOARD_THERE, once="a")
        later = {"text": "Good morning", "blocks": []}
        on.slack.messages[ref.channel] += [{"ts": f"1900000000.{n:06}", **later} for n in range(PAGE + 1)]

        assert await on.chat.find(BOARD_THERE, once="a", since=LONG_AGO) == ref


async def test_where_slack_will_not_say_whether_it_arrived_nobody_can_tell() -> None:
    async with slack_trial() as on:
        await on.chat.send(samples.PREP, JO_THERE, once="a")
        on.slack.troubles["conversations.history"].append("refuse:missing_scope")

        with pytest.raises(Unsure):
            await on.chat.find(JO_THERE, once="a", since=LONG_AGO)


async def test_slacks_pause_is_handed_on_and_not_slept_through() -> None:
    async with slack_trial() as on:
        on.slack.troubles["chat.postMessage"].append("429:42")

        with pytest.raises(TryLater) as later:
            await on.chat.send(samples.PREP, JO_THERE, once="a")

        assert later.value.after == timedelta(seconds=42)
        assert on.slack.count("chat.postMessage") == 1


async def test_a_pause_is_a_pause_whoever_asks_for_it() -> None:
    async with slack_trial() as on:
        on.slack.troubles["chat.postMessage"].append("busy")

        with pytest.raises(TryLater):
            await on.chat.send(samples.PREP, JO_THERE, once="a")


async def test_a_pause_that_is_no_number_still_is_a_pause() -> None:
    async with slack_trial() as on:
        on.slack.troubles["chat.postMessage"].append("429:soon")

        with pytest.raises(TryLater) as later:
            await on.chat.send(samples.PREP, JO_THERE, once="a")

        assert later.value.after > timedelta(0)


async def test_what_was_never_sent_is_tried_again() -> None:
    async with slack_trial() as on:
        on.client.base_url = "http://127.0.0.1:1/api/"

        with pytest.raises(TryLater):
            await on.chat.send(samples.PREP, JO_THERE, once="a")


@pytest.mark.parametrize("method", ["users.info", "conversations.open"])
@pytest.mark.parametrize("trouble", ["502", "hang", "page"])
async def test_a_question_that_was_lost_leaves_no_doubt_about_the_message(method: str, trouble: str) -> None:
    async with slack_trial() as on:
        on.slack.troubles[method].append(trouble)

        with pytest.raises(TryLater):
            await on.chat.send(samples.PREP, JO_THERE, once="a")

        assert on.slack.count("chat.postMessage") == 0


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("channel_not_found", Undeliverable),
        ("not_in_channel", Undeliverable),
        ("is_archived", Undeliverable),
        ("msg_blocks_too_long", Undeliverable),
        ("restricted_action", Undeliverable),
        ("something_new", Undeliverable),
        ("ratelimited", TryLater),
        ("message_limit_exceeded", TryLater),
        ("invalid_auth", TryLater),
        ("token_revoked", TryLater),
        ("fatal_error", Unsure),
        ("internal_error", Unsure),
    ],
)
async def test_each_refusal_of_slacks_is_one_of_three_troubles(code: str, kind: type[ChatTrouble]) -> None:
    async with slack_trial() as on:
        on.slack.troubles["chat.postMessage"].append(f"refuse:{code}")

        with pytest.raises(kind, match=r"\.$"):
            await on.chat.send(samples.PREP, JO_THERE, once="a")


@pytest.mark.parametrize(
    "account", ["U0GUEST", "U0ULTRA", "U0GONE", "U0ROBOT", "U0STRANGE", "U0OTHER", "U0NOBODY", "USLACKBOT"]
)
async def test_nobody_but_a_full_member_of_the_workspace_gets_a_card(account: str) -> None:
    async with slack_trial() as on:
        with pytest.raises(Undeliverable, match="full members"):
            await on.chat.send(samples.PREP, Address(platform=PLATFORM, account=account), once="a")

        assert on.slack.count("chat.postMessage") == 0


@pytest.mark.parametrize("channel", [SHARED, PENDING])
async def test_no_case_is_shown_in_a_channel_that_is_shared_with_another_company(channel: str) -> None:
    async with slack_trial() as on:
        with pytest.raises(Undeliverable, match="shared"):
            await on.chat.send(boards.BOARD, Address(platform=PLATFORM, channel=channel), once="a")

        assert on.slack.count("chat.postMessage") == 0


async def test_a_channel_is_asked_about_once_and_not_for_each_message() -> None:
    async with slack_trial() as on:
        ref = await on.chat.send(boards.BOARD, BOARD_THERE, once="a")
        for _ in range(3):
            await on.chat.update(ref, boards.BOARD)

        assert on.slack.count("conversations.info") == 1


async def test_a_nudge_whose_reply_was_lost_is_found_in_its_thread() -> None:
    async with slack_trial() as on:
        ref = await on.chat.send(samples.PREP, JO_THERE, once="a")
        on.slack.troubles["chat.postMessage"].append("lose")
        with pytest.raises(Unsure):
            await on.chat.nudge(ref, "Four lines are still open.", once="b")

        assert await on.chat.find(JO_THERE, once="b", since=LONG_AGO, under=ref) is not None
        assert (await on.seen(ref)).thread == ("Four lines are still open.",)


async def test_nothing_is_asked_before_a_nudge() -> None:
    async with slack_trial() as on:
        ref = await on.chat.send(samples.PREP, JO_THERE, once="a")
        before = len(on.slack.calls)
        await on.chat.nudge(ref, "Four lines are still open.", once="b")

        assert [method for method, _ in on.slack.calls[before:]] == ["chat.postMessage"]


async def test_slack_is_asked_of_no_more_than_what_was_written_since() -> None:
    async with slack_trial() as on:
        ref = await on.chat.send(boards.BOARD, BOARD_THERE, once="a")
        posted = datetime.fromtimestamp(float(ref.message), UTC)

        just_after = await on.chat.find(BOARD_THERE, once="a", since=posted + APART / 2)
        long_after = await on.chat.find(BOARD_THERE, once="a", since=posted + 2 * APART)

        assert (just_after, long_after) == (ref, None)


async def test_where_too_much_was_written_since_nobody_can_tell() -> None:
    async with slack_trial() as on:
        await on.chat.send(boards.BOARD, BOARD_THERE, once="a")
        later = {"text": "Good morning", "blocks": []}
        on.slack.messages[BOARD_THERE.channel] += [
            {"ts": f"1900000000.{number:06}", **later} for number in range(PAGES * PAGE)
        ]

        with pytest.raises(Unsure):
            await on.chat.find(BOARD_THERE, once="a", since=LONG_AGO)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("is_archived", Never.CHANNEL_LOST),
        ("not_in_channel", Never.CHANNEL_LOST),
        ("user_disabled", Never.PERSON_LOST),
        ("missing_scope", Never.NO_RIGHT),
        ("msg_too_long", Never.REFUSED),
    ],
)
async def test_what_slack_never_takes_has_a_reason_that_a_program_can_read(code: str, reason: Never) -> None:
    async with slack_trial() as on:
        on.slack.troubles["chat.postMessage"].append(f"refuse:{code}")

        with pytest.raises(Undeliverable) as trouble:
            await on.chat.send(samples.PREP, JO_THERE, once="a")

        assert trouble.value.reason is reason


async def test_an_address_that_is_both_or_neither_is_refused() -> None:
    async with slack_trial() as on:
        for to in (
            Address(platform=PLATFORM),
            Address(platform=PLATFORM, account="U0JO", channel="C0BOARD"),
        ):
            with pytest.raises(Undeliverable):
                await on.chat.send(samples.PREP, to, once="a")
