"""`here` in Teams: the desk learns in which channel it was written, unless others than the clinic read it."""

import pytest

from bot.core.replies import Command
from tests.chat.teams.fake import BOARD
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


async def test_of_a_channel_that_another_company_reads_nothing_goes_along() -> None:
    async with front() as on:
        on.teams.conversations[BOARD].type = "shared"

        await on.jo.mention("Here", channel=BOARD)

        assert heard(on) == (("Here",), "")


async def test_what_is_about_no_channel_names_none() -> None:
    async with front() as on:
        await on.jo.mention("today", channel=BOARD)

        assert heard(on) == (("today",), "")
