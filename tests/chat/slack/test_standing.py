"""An edit that would change nothing is not made, unless somebody else may have drawn there."""

from dataclasses import replace

import pytest

from bot.chat.slack.drawing.render import drawn
from bot.chat.standing import MOST, Standing
from bot.core.errors import Unsure
from bot.core.replies import MessageRef
from tests.chat import samples
from tests.chat.slack.trial import JO_THERE, slack_trial

pytestmark = pytest.mark.anyio


async def test_what_stands_there_already_is_not_drawn_again() -> None:
    async with slack_trial(alone=True) as on:
        ref = await on.chat.send(samples.PREP, JO_THERE, once="a")
        await on.chat.update(ref, samples.PREP)
        await on.chat.update(ref, samples.WORKLIST)
        await on.chat.update(ref, samples.WORKLIST)
        await on.chat.update(ref, samples.PREP)

        assert on.slack.count("chat.update") == 2
        assert samples.PREP.heading in (await on.seen(ref)).words


async def test_where_others_draw_as_well_everything_is_drawn() -> None:
    async with slack_trial() as on:
        ref = await on.chat.send(samples.PREP, JO_THERE, once="a")
        await on.chat.update(ref, samples.PREP)
        await on.chat.update(ref, samples.PREP)

        assert on.slack.count("chat.update") == 2


@pytest.mark.parametrize("trouble", ["lose", "drop", "502"])
async def test_an_edit_whose_reply_was_lost_is_made_again(trouble: str) -> None:
    async with slack_trial(alone=True) as on:
        ref = await on.chat.send(samples.PREP, JO_THERE, once="a")
        on.slack.troubles["chat.update"].append(trouble)
        with pytest.raises(Unsure):
            await on.chat.update(ref, samples.WORKLIST)

        await on.chat.update(ref, samples.PREP)
        await on.chat.update(ref, samples.WORKLIST)

        assert on.slack.count("chat.update") == 3
        assert samples.WORKLIST.heading in (await on.seen(ref)).words


async def test_a_retired_card_is_drawn_again_when_it_lives_again() -> None:
    async with slack_trial(alone=True) as on:
        ref = await on.chat.send(samples.PREP, JO_THERE, once="a")
        await on.chat.retire(ref, "Over.")
        await on.chat.update(ref, samples.PREP)

        assert samples.PREP.heading in (await on.seen(ref)).words


def test_only_so_many_messages_are_remembered_the_newest() -> None:
    known, ref, what = (
        Standing(alone=True),
        MessageRef(platform="slack", channel="D1", message="0"),
        drawn(samples.PREP).told,
    )
    for number in range(MOST + 1):
        known.keep(replace(ref, message=f"{number}"), what)

    assert not known.has(ref, what)
    assert known.has(replace(ref, message=f"{MOST}"), what)
    assert len(known._digests) == MOST
