"""`here` in Teams: the desk learns in which channel it was written, where a board can stand there."""

import pytest

from bot.core.replies import Command
from tests.chat.teams.fake import BOARD, payloads
from tests.chat.teams.front import Front, front

pytestmark = pytest.mark.anyio


def heard(on: Front) -> tuple[tuple[str, ...], str]:
    (command,) = on.desk.heard
    assert isinstance(command, Command)
    return command.words, command.channel


async def test_the_channel_in_which_it_was_written_goes_along() -> None:
    async with front() as on:
        await on.jo.mention("here", channel=BOARD)

        assert heard(on) == (("here",), BOARD)


@pytest.mark.parametrize("kind", ["shared", "private"])
async def test_of_a_channel_where_others_read_or_no_bot_is_heard_nothing_goes_along(kind: str) -> None:
    async with front() as on:
        on.teams.conversations[BOARD].type = kind

        await on.jo.mention("Here", channel=BOARD)

        assert heard(on) == (("Here",), "")


async def test_what_is_about_no_channel_names_none() -> None:
    async with front() as on:
        await on.jo.mention("today", channel=BOARD)

        assert heard(on) == (("today",), "")


async def test_a_group_chat_is_no_channel() -> None:
    async with front() as on:
        said = payloads.activity("message", on.jo.who, on.teams.conversations[BOARD], on.teams)
        said |= payloads.line("here", mention=True)
        said["conversation"] |= {"conversationType": "groupChat", "id": "19:group@thread.v2"}
        said["channelData"] = {"tenant": said["channelData"]["tenant"]}

        await on.door.deliver(said)

        assert heard(on) == (("here",), "")
