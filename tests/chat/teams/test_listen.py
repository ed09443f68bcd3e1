"""What people press and fill in in Teams: it reaches the desk once, and is answered where they look."""

import pytest

from bot.chat.teams import PLATFORM
from bot.core.messages import Notice
from bot.core.replies import Pressed
from tests.chat import samples
from tests.chat.teams.front import TeamsDesk, front

pytestmark = pytest.mark.anyio


async def test_a_press_is_answered_by_the_card_as_it_is_now_with_a_word_on_top() -> None:
    async with front(TeamsDesk(says=Notice(text="Eyewear: done · K7Q2", tone="good"))) as at:
        card = await at.stands(samples.PREP)

        answer = await at.jo.press(card, at.jo.labels(card)[0])

        assert answer.taken
        assert samples.PREP.heading in at.jo.reads(card) and "Eyewear: done · K7Q2" in at.jo.reads(card)
        (pressed,) = at.desk.heard
        assert isinstance(pressed, Pressed)
        assert (pressed.platform, pressed.account) == (PLATFORM, at.jo.account)
