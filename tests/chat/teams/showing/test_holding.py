"""What a card must not lose: how long a form and a word on a deed keep their place, alone or among others."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.chat.teams.drawing.render import over
from bot.chat.teams.showing.holding import FILLING, TOLD, Holding, Remembered
from bot.clock import VirtualClock
from bot.core.actions import Action, Button
from bot.core.errors import StoreTrouble
from bot.core.messages import Notice
from bot.core.replies import MessageRef
from bot.ports import Shown
from bot.service.shown import KeptShown
from tests.service.clinic import OPENED, here, practice
from tests.store.memory import memory_store

HERE = MessageRef(platform="teams", channel="a:1-jo", message="1")
ELSEWHERE = MessageRef(platform="teams", channel="a:1-jo", message="2")
DONE = Notice(
    text="Confirmed.",
    tone="good",
    lines=("K7Q2", "09:30"),
    buttons=(Button(action=Action.UNDO, label="Undo", tasks=("K7Q2:g.skin_exam:1:1",), revision=3),),
)

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock(OPENED)


@pytest.fixture(params=["memory", "several"])
def held(request: pytest.FixtureRequest, clock: VirtualClock) -> Holding:
    """What one program remembers, and what several have in common."""
    alone: Shown = Remembered(lambda: clock.now().timestamp())
    several: Shown = KeptShown(practice=practice(memory_store(), clock))
    return Holding(alone if request.param == "memory" else several, here)


@pytest.fixture
def later(clock: VirtualClock) -> Callable[[float], None]:
    return lambda seconds: clock.advance(clock.now() + timedelta(seconds=seconds))


async def test_a_form_keeps_its_place_for_ten_minutes_and_no_longer(
    held: Holding, later: Callable[[float], None]
) -> None:
    await held.fills(HERE)

    later(FILLING - 1)
    before = await held.has_form(HERE)
    later(1)

    assert (before, await held.has_form(HERE), await held.has_form(ELSEWHERE)) == (True, False, False)


async def test_a_form_that_was_saved_or_left_keeps_nothing(held: Holding) -> None:
    await held.fills(HERE)

    await held.ended(HERE)

    assert not await held.has_form(HERE)


async def test_a_word_on_a_deed_stands_as_long_as_it_can_be_taken_back(
    held: Holding, later: Callable[[float], None]
) -> None:
    await held.fills(HERE)
    await held.tell(HERE, DONE)
    await held.ended(HERE)

    later(TOLD - 1)
    before = await held.told(HERE)
    later(1)

    assert (before, await held.told(HERE), await held.told(ELSEWHERE)) == (DONE, None, None)


async def test_an_answer_is_known_with_what_asks_for_it_again(held: Holding) -> None:
    drawn = over("Waiting for you.")

    await held.answered(HERE, drawn, ("mine",))

    assert (held.answer(HERE), await held.asked(HERE)) == (drawn, ("mine",))
    assert held.asked_here(HERE) == ("mine",)
    assert (held.answer(ELSEWHERE), await held.asked(ELSEWHERE)) == (None, ())


async def test_where_it_cannot_be_kept_what_was_done_stays_done(held: Holding) -> None:
    async def away(*_: object) -> None:
        raise StoreTrouble("The database is away.")

    held._run = away

    await held.tell(HERE, DONE)

    assert (await held.told(HERE), await held.has_form(HERE), await held.asked(HERE)) == (None, False, ())
