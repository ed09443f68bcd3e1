"""What is kept of a platform's answers, and for how long."""

import asyncio

import pytest

from bot.chat.kept import Kept

pytestmark = pytest.mark.anyio


class Slow:
    """Answers with how often it was asked, each time only when it is let."""

    def __init__(self) -> None:
        self.asked = 0
        self.begun, self.let = asyncio.Event(), asyncio.Event()

    async def answer(self, name: str) -> str:
        self.asked += 1
        said = f"{name} {self.asked}"
        self.begun.set()
        await self.let.wait()
        return said


async def test_an_answer_is_kept_until_it_is_forgotten() -> None:
    platform = Slow()
    platform.let.set()
    kept = Kept(platform.answer)

    twice = [await kept.of("jo"), await kept.of("jo")]
    kept.forget(["sam"])
    others = await kept.of("jo")
    kept.forget(["jo"])

    assert (twice, others, await kept.of("jo")) == (["jo 1", "jo 1"], "jo 1", "jo 2")


async def test_an_answer_to_a_question_from_before_it_was_forgotten_is_not_kept() -> None:
    platform = Slow()
    kept = Kept(platform.answer)
    before = asyncio.create_task(kept.of("jo"))
    await platform.begun.wait()

    kept.forget(["jo"])
    platform.let.set()

    assert (await before, await kept.of("jo")) == ("jo 1", "jo 2")
