"""The menu of a message: report a problem with the case that it is about."""

import json
from typing import Any

import pytest

from bot.chat.slack.drawing.carried import REPORT
from bot.chat.slack.drawing.modal import modal
from bot.core.errors import Unclear
from bot.core.replies import MessageRef, Pointed
from tests.chat import samples
from tests.chat.slack.fake import BOARD, JO, TEAM, channel
from tests.chat.slack.front import IMPATIENT, LATE, command, front

pytestmark = pytest.mark.anyio

TEXT = "<@U0SAM> K7Q2 &amp; her mother rang"


def pointing(*, account: str = JO, where: str = BOARD, trigger: str = "t1", **message: object) -> Any:
    """The shortcut as Slack reports it."""
    return {
        "type": "message_action",
        "callback_id": REPORT,
        "team": {"id": TEAM},
        "user": {"id": account, "team_id": TEAM},
        "channel": {"id": where},
        "message": {"type": "message", "user": "U0SAM", "ts": "1000.000007", "text": TEXT} | message,
        "message_ts": "1000.000007",
        "trigger_id": trigger,
        "action_ts": "5.5",
    }


async def test_the_desk_hears_of_the_message_and_its_form_opens() -> None:
    async with front() as on:
        on.desk.says = samples.FORM

        answer = await on.interact(pointing(thread_ts="1000.000001"))
        await on.slack.until_said()

        assert (answer.status_code, answer.content) == (200, b"")
        (heard,) = on.desk.heard
        assert heard == Pointed(
            platform="slack",
            account=JO,
            once=f"point:{BOARD}:1000.000007:5.5:{JO}",
            message=MessageRef(platform="slack", channel=BOARD, message="1000.000007"),
            under=MessageRef(platform="slack", channel=BOARD, message="1000.000001"),
            text="@U0SAM K7Q2 & her mother rang",
        )
        assert on.slack.views == [modal(samples.FORM, channel=BOARD)]
        assert "mother" not in repr(heard)


async def test_nothing_of_the_message_goes_back_to_slack() -> None:
    async with front() as on:
        on.desk.says = samples.FORM

        await on.interact(pointing())
        await on.slack.until_said()

        assert "mother" not in json.dumps(on.slack.calls)


async def test_a_slow_desk_is_waited_for_in_a_modal() -> None:
    async with front(IMPATIENT) as on:
        on.desk.says = samples.FORM
        on.desk.busy.clear()

        await on.interact(pointing())
        await on.slack.until_said()
        on.desk.busy.set()
        await on.slack.until_said(2)

        assert on.slack.views[-1] == modal(samples.FORM, channel=BOARD)


async def test_the_same_deed_told_twice_opens_one_form() -> None:
    async with front() as on:
        on.desk.says = samples.FORM

        await on.interact(pointing())
        await on.slack.until_said()
        await on.form({"payload": json.dumps(pointing())})
        await on.connected.stop()

        assert len(on.slack.views) == 1
        assert on.slack.whispers == []


@pytest.mark.parametrize("trigger", ["t1", LATE])
async def test_a_message_without_a_case_is_answered_alone(trigger: str) -> None:
    async with front() as on:
        on.desk.says = Unclear("I find no case in this message.")

        await on.interact(pointing(trigger=trigger))
        await on.connected.stop()

        (whisper,) = on.slack.whispers
        assert whisper["text"] == "I find no case in this message."


@pytest.mark.parametrize("where", ["C0AWAY", "D0THEM"])
async def test_where_bookend_is_not_the_answer_goes_to_direct_messages(where: str) -> None:
    async with front() as on:
        on.slack.channels["C0AWAY"] = channel("C0AWAY", is_member=False)
        on.desk.says = Unclear("I find no case in this message.")

        await on.interact(pointing(where=where))
        await on.connected.stop()

        assert on.slack.whispers == []
        (sent,) = on.written()
        assert "I find no case in this message." in sent


async def test_a_locked_telephone_shows_that_there_is_an_answer_and_nothing_that_was_typed() -> None:
    async with front() as on:
        on.slack.channels["C0AWAY"] = channel("C0AWAY", is_member=False)
        on.desk.says = Unclear("I did not understand '1 na her sister called'.")

        await on.command(command("1 na her sister called", channel="C0AWAY"))
        await on.connected.stop()

        (sent,) = on.rung()
        assert "her sister" in on.written()[0]
        assert "her sister" not in sent["text"] and "I answered you" in sent["text"]


@pytest.mark.parametrize("account", ["U0GUEST", "U0STRANGE", "U0OTHER"])
async def test_whoever_is_no_full_member_reports_nothing(account: str) -> None:
    async with front() as on:
        on.slack.members[BOARD].add(account)

        await on.interact(pointing(account=account))
        await on.connected.stop()

        assert on.desk.heard == []
        assert "full members" in on.whispered()
