"""What people really send: edits, pictures, mentions, a line twice; and where each reads its answer."""

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.chat.slack.drawing.carried import OPEN
from bot.core.messages import Notice
from bot.core.replies import Command, MessageRef, Typed
from tests.chat import boards, samples
from tests.chat.slack.fake import BOARD, JO, PENDING, SHARED, channel
from tests.chat.slack.front import IMPATIENT, Front, command, front, line, mention, press

pytestmark = pytest.mark.anyio

#: Channels where no case is shown: shared, about to be, without Bookend, private and unknown, of two others.
AWAY, SECRET, OTHERS = "C0AWAY", "G0SECRET", "D0THEM"
NO_CASES = (SHARED, PENDING, AWAY, SECRET, OTHERS)


def edited(text: str, before: str = "done", **more: object) -> Any:
    said = {"type": "message", "subtype": "message_changed", "channel": "D0JO", "channel_type": "im"}
    own = {
        "type": "message",
        "user": JO,
        "ts": "1000.000002",
        "text": text,
        "edited": {"user": JO, "ts": "1001"},
    }
    return said | {"message": own | more, "previous_message": {"text": before}, "ts": "1001.1"}


async def told(on: Front) -> str:
    await on.connected.stop()
    return " ".join(str(each["text"]) for each in on.slack.whispers)


async def test_when_a_line_was_sent_reaches_the_desk() -> None:
    async with front() as on:
        await on.event(line("done", thread_ts="1000.000001"), at=1_800_000_000)
        await on.event(line("status", ts="1000.000009"), at=1_800_000_000)

        assert [said.at for said in on.desk.heard] == [datetime(2027, 1, 15, 8, 0, tzinfo=UTC)] * 2


async def test_an_edit_acts_on_nothing_and_is_told_once() -> None:
    async with front() as on:
        await on.event(line("done"))
        for _ in range(3):
            await on.event(edited("2 done"))

        said = await told(on)
        assert len(on.desk.heard) == 1
        assert said.count("I do not read edits") == 1


@pytest.mark.parametrize(
    "event",
    [
        edited("done"),
        edited("2 done", bot_id="B0BOT"),
        edited("2 done", edited=None),
        {**edited("", "done"), "subtype": "message_deleted", "deleted_ts": "1000.000002"},
        {"type": "reaction_added", "user": JO, "reaction": "+1", "item": {"channel": "D0JO"}},
        {
            "type": "message",
            "channel": "C0BOARD",
            "channel_type": "channel",
            "user": JO,
            "text": "done",
            "ts": "1",
        },
    ],
    ids=["a link unfolds", "our own card", "unfolded", "deleted", "a reaction", "not to us"],
)
async def test_what_slack_or_a_person_does_besides_is_left_alone(event: Any) -> None:
    async with front() as on:
        assert (await on.event(event)).status_code == 200

        assert await told(on) == ""
        assert on.desk.heard == []


@pytest.mark.parametrize("more", [{"subtype": "file_share", "files": [{"id": "F0VOICE"}]}, {"blocks": []}])
async def test_a_voice_clip_or_a_picture_without_words_is_not_fetched_and_changes_nothing(more: Any) -> None:
    async with front() as on:
        await on.event(line("", **more))

        assert "I read only words" in await told(on)
        assert on.desk.heard == []
        assert {name for name, _ in on.slack.calls} <= {"auth.test", "users.info", "chat.postEphemeral"}


async def test_a_reply_that_is_also_sent_to_the_channel_counts_once() -> None:
    async with front() as on:
        for subtype in (None, "thread_broadcast"):
            await on.event(line("done", thread_ts="1000.000001", subtype=subtype), once=f"Ev{subtype}")

        said = await told(on)
        assert len({heard.once for heard in on.desk.heard}) == 1
        assert said == "Noted."


async def test_a_line_that_comes_as_a_message_and_as_a_mention_is_one_line() -> None:
    async with front() as on:
        words = "<@U0BOT> 1 done"
        await on.event(line(words, thread_ts="1000.000001"), once="Ev1")
        await on.event(
            mention("1 done", channel="D0JO", thread_ts="1000.000001", ts="1000.000002"), once="Ev2"
        )

        said = await told(on)
        message, mentioned = on.desk.heard
        assert message == mentioned
        assert isinstance(message, Typed) and message.text == "1 done"
        assert said == "Noted."


async def test_a_mention_in_a_channel_is_a_command_answered_for_the_person_alone() -> None:
    async with front() as on:
        on.desk.says = boards.BOARD
        await on.event(mention("Status"))
        await told(on)

        expected = Command(platform="slack", account=JO, once=f"line:{BOARD}:1000.000003", words=("Status",))
        assert on.desk.heard == [expected]
        (whisper,) = on.slack.whispers
        assert (whisper["channel"], whisper["user"]) == (BOARD, JO)
        assert on.slack.messages[BOARD] == []


async def test_a_bare_mention_asks_for_help() -> None:
    async with front() as on:
        await on.event(mention(""))

        (heard,) = on.desk.heard
        assert isinstance(heard, Command) and heard.words == ()


async def test_a_mention_under_a_card_in_a_channel_answers_that_card() -> None:
    async with front() as on:
        await on.event(mention("1 done", thread_ts="1000.000001"))
        await told(on)

        (heard,) = on.desk.heard
        assert isinstance(heard, Typed)
        assert heard.message == MessageRef(platform="slack", channel=BOARD, message="1000.000001")
        assert on.slack.whispers[0]["thread_ts"] == "1000.000001"


async def test_a_command_in_a_thread_is_still_a_command() -> None:
    async with front() as on:
        await on.event(mention("case K7Q2", thread_ts="1000.000001"))

        (heard,) = on.desk.heard
        assert isinstance(heard, Command)


def closed_to_us(on: Front) -> None:
    on.slack.channels[AWAY] = channel(AWAY, is_member=False)
    on.slack.channels[SECRET] = channel(SECRET, is_private=True, is_member=False)


@pytest.mark.parametrize("where", NO_CASES)
async def test_a_command_where_no_case_may_stand_is_answered_in_direct_messages(where: str) -> None:
    async with front() as on:
        closed_to_us(on)
        on.desk.says = samples.CASE

        answer = await on.command(command("case K7Q2", channel=where))
        await told(on)

        assert "K7Q2" not in answer.text and "direct messages" in answer.json()["text"]
        assert on.slack.whispers == []
        (sent,) = on.written()
        assert "K7Q2" in sent


@pytest.mark.parametrize("where", [SHARED, PENDING])
async def test_a_mention_where_another_company_reads_is_answered_in_direct_messages(where: str) -> None:
    async with front() as on:
        on.desk.says = samples.CASE
        await on.event(mention("case K7Q2", channel=where))

        said = await told(on)

        assert "K7Q2" not in said and "direct messages" in said
        assert ["K7Q2" in each for each in on.written()] == [True]


async def test_a_command_to_bookend_itself_is_answered_there() -> None:
    async with front() as on:
        on.desk.says = samples.CASE

        answer = await on.command(command("case K7Q2", channel="D0JO"))

        assert "K7Q2" in answer.json()["text"]


async def test_a_slow_command_where_no_case_may_stand_is_answered_in_direct_messages_alone() -> None:
    async with front(IMPATIENT) as on:
        on.desk.says = samples.CASE
        on.desk.busy.clear()

        await on.command(command("case K7Q2", channel=SHARED))
        on.desk.busy.set()
        await told(on)

        assert on.slack.whispers == []
        assert len(on.written()) == 1


@pytest.mark.parametrize("code", ["user_not_in_channel", "not_in_channel", "channel_not_found"])
async def test_where_slack_shows_one_person_nothing_the_answer_goes_to_direct_messages(code: str) -> None:
    async with front() as on:
        on.slack.troubles["chat.postEphemeral"].append(f"refuse:{code}")

        await on.event(mention("status"))
        await told(on)

        assert ["Noted." in each for each in on.written()] == [True]


async def test_a_form_that_a_typed_line_needs_opens_by_its_button() -> None:
    async with front() as on:
        on.desk.says = samples.FORM
        await on.event(line("event k7q2"))
        await on.slack.until_said()
        (button,) = (e for b in on.slack.whispers[0]["blocks"] for e in b.get("elements", ()))

        body = press(button["value"], at="3.5")
        body["actions"][0]["action_id"] = button["action_id"]
        await on.interact(body)
        await on.slack.until_said(2)

        assert (button["action_id"], button["value"]) == (OPEN, "event K7Q2")
        assert [heard.words for heard in on.desk.heard] == [("event", "k7q2"), ("event", "K7Q2")]
        assert len(on.slack.views) == 1


async def test_a_button_with_a_persons_words_in_it_opens_nothing() -> None:
    async with front() as on:
        body = press("move Mrs Example")
        body["actions"][0]["action_id"] = OPEN

        await on.interact(body)

        assert "another version" in await told(on)
        assert on.desk.heard == []


async def test_a_form_of_a_command_whose_trigger_ran_out_has_its_button() -> None:
    async with front() as on:
        on.desk.says = samples.FORM
        on.slack.troubles["views.open"].append("refuse:expired_trigger_id")

        await on.command(command("event K7Q2"))
        await told(on)

        assert OPEN in str(on.slack.whispers[0]["blocks"])


@pytest.mark.parametrize("account", ["U0GUEST", "U0STRANGE", "U0OTHER"])
async def test_a_mention_by_whoever_is_no_full_member_is_refused_kindly(account: str) -> None:
    async with front() as on:
        on.slack.members[BOARD].add(account)
        on.desk.says = Notice(text="K7Q2 is ready.")

        await on.event(mention("status", account=account))

        said = await told(on)
        assert "full members" in said and "ask whoever looks after your Slack" in said
        assert on.desk.heard == []
