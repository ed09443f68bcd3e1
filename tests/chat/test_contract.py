"""What every platform keeps of the Chat port. A new platform adds how to open it, and nothing else here."""

from dataclasses import replace

import pytest

from bot.core.errors import Never, Undeliverable, Unsure
from bot.core.messages import Card
from bot.core.replies import Address, MessageRef
from tests.chat import boards, samples
from tests.chat.local.trial import local_trial
from tests.chat.slack.trial import slack_trial
from tests.chat.teams.trial import teams_trial
from tests.chat.trial import LONG_AGO, OpenTrial

pytestmark = pytest.mark.anyio

CARDS: list[Card] = [
    samples.WORKLIST,
    samples.PREP,
    samples.TIMEOUT,
    samples.DECISION,
    boards.BOARD,
    samples.REVIEW,
    samples.HELD,
    samples.OFFER,
    samples.CLAIM,
    samples.HERE,
    samples.LATE,
    samples.UNCOVERED,
]
ONLY_READ = (boards.BOARD, samples.REVIEW, samples.HELD, samples.LATE, samples.UNCOVERED)


#: Platforms that tell where something stands, and those that tell nobody.
TELLING = [pytest.param(local_trial, id="local"), pytest.param(slack_trial, id="slack")]
SILENT = [pytest.param(teams_trial, id="teams")]


@pytest.fixture(params=[*TELLING, *SILENT])
def open_trial(request: pytest.FixtureRequest) -> OpenTrial:
    return request.param


@pytest.fixture(params=TELLING)
def open_telling(request: pytest.FixtureRequest) -> OpenTrial:
    return request.param


@pytest.fixture(params=SILENT)
def open_silent(request: pytest.FixtureRequest) -> OpenTrial:
    return request.param


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.heading)
async def test_a_card_that_was_sent_stands_there_with_its_words_and_buttons(
    open_trial: OpenTrial, card: Card
) -> None:
    async with open_trial() as on:
        ref = await on.chat.send(card, on.person, once="a")

        seen = await on.seen(ref)

        assert ref.platform == on.chat.platform
        assert card.heading in seen.words
        assert (seen.buttons > 0) is (card not in ONLY_READ)


async def test_a_card_can_stand_in_a_channel(open_trial: OpenTrial) -> None:
    async with open_trial() as on:
        ref = await on.chat.send(boards.BOARD, on.channel, once="a")

        assert "1 not ready" in (await on.seen(ref)).words
        assert (await on.count(on.channel), await on.count(on.person)) == (1, 0)


async def test_a_card_is_found_again_by_its_delivery(open_telling: OpenTrial) -> None:
    async with open_telling() as on:
        ref = await on.chat.send(samples.PREP, on.person, once="a")
        await on.chat.send(samples.PREP, on.person, once="b")

        assert await on.chat.find(on.person, once="a", since=LONG_AGO) == ref


async def test_a_line_in_a_thread_is_found_again_by_its_delivery(open_telling: OpenTrial) -> None:
    async with open_telling() as on:
        ref = await on.chat.send(samples.PREP, on.person, once="a")
        await on.chat.nudge(ref, "Four lines are still open.", once="b")

        assert await on.chat.find(on.person, once="b", since=LONG_AGO, under=ref) is not None
        assert await on.chat.find(on.person, once="c", since=LONG_AGO, under=ref) is None


async def test_two_deliveries_are_two_messages(open_trial: OpenTrial) -> None:
    async with open_trial() as on:
        first = await on.chat.send(samples.PREP, on.person, once="a")
        second = await on.chat.send(samples.PREP, on.person, once="b")

        assert first != second
        assert await on.count(on.person) == 2


async def test_what_was_never_sent_is_not_found(open_telling: OpenTrial) -> None:
    async with open_telling() as on:
        await on.chat.send(samples.PREP, on.person, once="a")

        assert await on.chat.find(on.person, once="b", since=LONG_AGO) is None
        assert await on.chat.find(on.channel, once="a", since=LONG_AGO) is None


async def test_where_nobody_is_told_what_stands_there_nothing_is_said_to_be_missing(
    open_silent: OpenTrial,
) -> None:
    async with open_silent() as on:
        ref = await on.chat.send(boards.BOARD, on.channel, once="a")

        for under in (None, ref):
            with pytest.raises(Unsure):
                await on.chat.find(on.channel, once="b", since=LONG_AGO, under=under)


async def test_an_update_draws_the_card_anew_where_it_stands(open_trial: OpenTrial) -> None:
    async with open_trial() as on:
        ref = await on.chat.send(samples.PREP, on.person, once="a")

        await on.chat.update(ref, replace(samples.PREP, heading="Prep, nearly done", lines=(), buttons=()))

        seen = await on.seen(ref)
        assert "Prep, nearly done" in seen.words
        assert "Same-day check" not in seen.words
        assert (seen.buttons, await on.count(on.person)) == (0, 1)


async def test_a_nudge_is_one_line_in_the_thread_and_leaves_the_card_alone(open_trial: OpenTrial) -> None:
    async with open_trial() as on:
        ref = await on.chat.send(samples.PREP, on.person, once="a")
        before = await on.seen(ref)

        await on.chat.nudge(ref, "Four lines are still open.", once="b")

        assert await on.seen(ref) == replace(before, thread=("Four lines are still open.",))
        assert await on.count(on.person) == 1


async def test_a_line_in_a_channel_mentions_whom_it_is_for_and_no_other_line_does(
    open_trial: OpenTrial,
) -> None:
    async with open_trial() as on:
        ref = await on.chat.send(boards.BOARD, on.channel, once="a")

        await on.chat.nudge(ref, "K7Q2 was cleared, now stopped.", once="b", mention=on.person.account)
        await on.chat.nudge(ref, "M4XD was cleared, now stopped.", once="c")

        first, second = (await on.seen(ref)).thread
        assert on.person.account in first and first.endswith("K7Q2 was cleared, now stopped.")
        assert second == "M4XD was cleared, now stopped."


async def test_a_retired_card_says_why_and_has_no_button_left(open_trial: OpenTrial) -> None:
    async with open_trial() as on:
        ref = await on.chat.send(samples.PREP, on.person, once="a")

        await on.chat.retire(ref, "Answered by Sam Reed 10:20.")

        seen = await on.seen(ref)
        assert "Answered by Sam Reed 10:20." in seen.words
        assert "Same-day check" not in seen.words
        assert seen.buttons == 0


async def test_nothing_can_be_done_to_a_message_that_does_not_stand_there(open_trial: OpenTrial) -> None:
    async with open_trial() as on:
        ref = await on.chat.send(boards.BOARD, on.channel, once="a")
        nowhere = replace(ref, message="987654321.000100" if "." in ref.message else "987654321")

        for attempt in (
            on.chat.update(nowhere, boards.BOARD),
            on.chat.nudge(nowhere, "Still open.", once="b"),
            on.chat.retire(nowhere, "Over."),
        ):
            with pytest.raises(Undeliverable) as trouble:
                await attempt
            assert trouble.value.reason is Never.MESSAGE_GONE


async def test_a_place_of_another_platform_is_refused(open_trial: OpenTrial) -> None:
    async with open_trial() as on:
        elsewhere = Address(platform="pigeon", account="coo")
        stray = MessageRef(platform="pigeon", channel="coop", message="1")

        with pytest.raises(Undeliverable):
            await on.chat.send(samples.PREP, elsewhere, once="a")
        with pytest.raises(Undeliverable):
            await on.chat.update(stray, samples.PREP)


async def test_after_a_kill_a_repeat_is_known(open_telling: OpenTrial) -> None:
    async with open_telling() as on:
        ref = await on.chat.send(samples.PREP, on.person, once="a")

        await on.begin_again()

        assert await on.chat.find(on.person, once="a", since=LONG_AGO) == ref


async def test_after_a_kill_the_messages_stand_and_can_be_drawn_anew(open_trial: OpenTrial) -> None:
    async with open_trial() as on:
        ref = await on.chat.send(samples.PREP, on.person, once="a")
        before = await on.seen(ref)

        await on.begin_again()

        assert await on.seen(ref) == before
        await on.chat.update(ref, samples.WORKLIST)
        assert samples.WORKLIST.heading in (await on.seen(ref)).words
