"""The rounds: they turn at once, when they wish, when they are woken, and every few seconds besides."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest

from bot import scheduling
from bot.clock import WallClock
from bot.core.errors import StoreTrouble
from bot.scheduling import EVERY, Rounds

Wish = Callable[[datetime], datetime | None]


class Turns:
    """What the rounds do: counts, says when it wishes to be run next, and may fail."""

    def __init__(self, wish: Wish = lambda now: None) -> None:
        self.clock = WallClock()
        self.at: list[datetime] = []
        self.fail = False
        self._wish = wish
        self._more = asyncio.Event()

    async def __call__(self) -> datetime | None:
        self.at.append(self.clock.now())
        self._more.set()
        if self.fail:
            raise StoreTrouble("the disk is full")
        return self._wish(self.at[-1])

    async def until(self, many: int) -> None:
        async with asyncio.timeout(10):
            while len(self.at) < many:
                self._more.clear()
                await self._more.wait()


def run(turns: Turns, story: Callable[[Rounds], Awaitable[None]]) -> None:
    async def told() -> None:
        rounds = Rounds(turns, turns.clock)
        rounds.start()
        try:
            await story(rounds)
        finally:
            await rounds.end()

    asyncio.run(told())


def test_another_programs_change_is_seen_within_five_seconds() -> None:
    assert timedelta(seconds=5) >= EVERY + timedelta(seconds=1)


def test_the_first_turn_is_now() -> None:
    turns = Turns()
    began = turns.clock.now()

    async def story(rounds: Rounds) -> None:
        await turns.until(1)

    run(turns, story)

    assert turns.at[0] - began < timedelta(seconds=2)


def test_it_is_known_how_long_ago_a_turn_began_even_while_it_lasts() -> None:
    told: list[float | None] = []

    async def turn() -> None:
        told.append(rounds.turned())
        done.set()

    async def story() -> None:
        told.append(rounds.turned())
        rounds.start()
        await asyncio.wait_for(done.wait(), 10)
        await rounds.end()

    done, rounds = asyncio.Event(), Rounds(turn, WallClock())
    asyncio.run(story())

    before, during = told
    assert before is None
    assert during is not None and 0 <= during < 5


def test_a_wish_is_granted() -> None:
    turns = Turns(lambda now: now + timedelta(seconds=1.2))

    async def story(rounds: Rounds) -> None:
        await turns.until(2)

    run(turns, story)

    assert timedelta(seconds=1) < turns.at[1] - turns.at[0] < EVERY


def test_what_fell_due_during_a_turn_is_not_kept_waiting() -> None:
    # while another program, or the turn itself, took its time
    turns = Turns(lambda now: now if len(turns.at) < 10 else None)

    async def story(rounds: Rounds) -> None:
        await turns.until(10)

    run(turns, story)

    assert turns.at[9] - turns.at[0] < timedelta(seconds=2)


def test_no_turn_begins_beside_one_that_lasts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduling, "EVERY", timedelta(seconds=1))
    begun, ended, beside = 0, 0, list[int]()

    async def turn() -> None:
        nonlocal begun, ended
        begun += 1
        beside.append(begun - ended)
        if begun == 1:
            # what is shortest for a trigger, and a little more
            asyncio.get_running_loop().call_later(1.2, long.set)
            await long.wait()
        ended += 1
        if ended == 2:
            done.set()

    async def story() -> None:
        rounds.start()
        await asyncio.wait_for(done.wait(), 10)
        await rounds.end()

    long, done, rounds = asyncio.Event(), asyncio.Event(), Rounds(turn, WallClock())
    asyncio.run(story())

    assert beside == [1, 1]


def test_whoever_wakes_them_waits_for_nothing() -> None:
    turns = Turns()

    async def story(rounds: Rounds) -> None:
        await turns.until(1)
        await asyncio.to_thread(rounds.wake)
        await turns.until(2)

    run(turns, story)

    assert turns.at[1] - turns.at[0] < timedelta(seconds=2)


def test_being_woken_during_a_turn_means_another_one() -> None:
    turns = Turns()

    async def story(rounds: Rounds) -> None:
        await turns.until(1)
        rounds.wake()
        rounds.wake()
        await turns.until(2)

    run(turns, story)

    assert len(turns.at) >= 2


def test_a_turn_that_fails_is_followed_by_the_next_one() -> None:
    turns = Turns()

    async def story(rounds: Rounds) -> None:
        turns.fail = True
        await turns.until(1)
        turns.fail = False
        rounds.wake()
        await turns.until(2)

    run(turns, story)

    assert len(turns.at) == 2


def test_the_end_waits_for_the_turn_that_runs() -> None:
    finished: list[bool] = []

    async def told() -> None:
        begun, go_on = asyncio.Event(), asyncio.Event()

        async def slow() -> None:
            begun.set()
            await go_on.wait()
            finished.append(True)

        rounds = Rounds(slow, WallClock())
        rounds.start()
        await begun.wait()
        ending = asyncio.create_task(rounds.end())
        done, _ = await asyncio.wait([ending], timeout=0)
        assert not done
        go_on.set()
        await ending

    asyncio.run(told())

    assert finished == [True]


def test_after_the_end_nobody_turns() -> None:
    turns = Turns()
    kept: list[Rounds] = []

    async def story(rounds: Rounds) -> None:
        await turns.until(1)
        kept.append(rounds)

    run(turns, story)
    kept[0].wake()

    assert len(turns.at) == 1


def test_whoever_is_woken_again_before_the_turn_has_begun_turns_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    turns = Turns()

    async def story(rounds: Rounds) -> None:
        rounds.wake()
        rounds.wake()
        await turns.until(1)
        rounds.wake()
        rounds.wake()
        await turns.until(2)

    run(turns, story)

    assert len(turns.at) == 2
    assert caplog.records == []
