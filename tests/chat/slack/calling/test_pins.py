"""The day's board is pinned while it lives, and a pin that fails keeps nothing back."""

import pytest

from tests.chat import boards, samples
from tests.chat.slack.trial import BOARD_THERE, JO_THERE, slack_trial

pytestmark = pytest.mark.anyio


async def test_a_board_is_pinned_when_it_is_posted_and_no_other_card_is() -> None:
    async with slack_trial() as on:
        ref = await on.chat.send(boards.BOARD, BOARD_THERE, once="a")
        await on.chat.send(samples.PREP, JO_THERE, once="b")

        assert on.slack.pins == [ref.message]


async def test_an_edit_of_a_pinned_board_asks_for_no_second_pin() -> None:
    async with slack_trial() as on:
        ref = await on.chat.send(boards.BOARD, BOARD_THERE, once="a")
        await on.chat.update(ref, boards.CLEAR)

        assert on.slack.count("pins.add") == 1


async def test_a_board_whose_day_is_over_is_unpinned_once() -> None:
    async with slack_trial() as on:
        ref = await on.chat.send(boards.BOARD, BOARD_THERE, once="a")
        await on.chat.update(ref, boards.ENDED)
        await on.chat.update(ref, boards.ENDED)

        assert on.slack.pins == []
        assert on.slack.count("pins.remove") == 1


async def test_after_a_restart_a_pin_that_is_there_already_is_no_trouble() -> None:
    async with slack_trial() as on:
        ref = await on.chat.send(boards.BOARD, BOARD_THERE, once="a")
        await on.begin_again()
        await on.chat.update(ref, boards.CLEAR)
        await on.chat.update(ref, boards.CLEAR)

        assert (on.slack.pins, on.slack.count("pins.add")) == ([ref.message], 2)


@pytest.mark.parametrize(
    ("trouble", "tries"), [("refuse:missing_scope", 1), ("refuse:unknown_method", 1), ("429", 2), ("502", 2)]
)
async def test_a_board_stands_although_it_cannot_be_pinned(trouble: str, tries: int) -> None:
    async with slack_trial() as on:
        on.slack.troubles["pins.add"].append(trouble)

        ref = await on.chat.send(boards.BOARD, BOARD_THERE, once="a")
        await on.chat.update(ref, boards.CLEAR)

        assert await on.count(BOARD_THERE) == 1
        assert on.slack.count("pins.add") == tries


async def test_a_line_in_the_thread_calls_whom_it_mentions_and_nobody_else() -> None:
    async with slack_trial() as on:
        ref = await on.chat.send(boards.BOARD, BOARD_THERE, once="a")
        await on.chat.nudge(ref, "K7Q2: was cleared, now stopped. <!channel>", once="b", mention="U0JO")
        await on.chat.nudge(ref, "Nobody is called here.", once="c", mention="<!here>")

        lines = [each["text"] for each in on.slack.messages[ref.channel] if "thread_ts" in each]
        assert lines[0] == "<@U0JO> K7Q2: was cleared, now stopped. &lt;!channel&gt;"
        assert lines[1] == "Nobody is called here."


async def test_a_board_that_moved_away_leaves_no_pin() -> None:
    async with slack_trial() as on:
        ref = await on.chat.send(boards.BOARD, BOARD_THERE, once="a")

        await on.chat.retire(ref, "The board moved to another channel.")

        assert on.slack.pins == []
