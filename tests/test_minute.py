"""The chores of a minute: each once a minute, and no accident of one keeps another."""

import asyncio
import logging
from datetime import timedelta
from threading import Event
from typing import cast

import pytest

from bot import minute
from bot.config import Settings
from bot.core.errors import BookendError, Conflict
from bot.halves import Half
from bot.minute import MINUTE, Chore, Minutes
from bot.store.store import SqlStore
from tests.service.clinic import OPENED
from tests.service.riverside import Riverside


def passed(minutes: Minutes, *offsets: timedelta) -> None:
    async def story() -> None:
        for offset in offsets:
            await minutes.pass_by(OPENED + offset)
        await minutes.end()

    asyncio.run(story())


def test_chores_are_done_once_a_minute_in_their_order() -> None:
    done: list[str] = []
    chores = [Chore(name=each, do=lambda each=each: done.append(each)) for each in ("first", "second")]

    passed(Minutes(chores), timedelta(), MINUTE / 2, MINUTE, MINUTE * 1.9)

    assert done == ["first", "second"] * 2


def test_a_clock_that_is_set_back_keeps_no_chore_from_being_done() -> None:
    done: list[str] = []
    chores = [Chore(name="looking", do=lambda: done.append("looked"))]

    passed(Minutes(chores), timedelta(), -MINUTE * 60, -MINUTE * 59.5, -MINUTE * 59)

    assert len(done) == 3


@pytest.mark.parametrize("trouble", [BookendError("The database is away."), ValueError("a fault of ours")])
def test_an_accident_of_one_chore_is_said_and_keeps_no_other(
    trouble: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    done: list[str] = []

    def falls() -> None:
        raise trouble

    chores = [Chore(name="Falling", do=falls), Chore(name="Standing", do=lambda: done.append("standing"))]

    with caplog.at_level(logging.ERROR):
        passed(Minutes(chores), timedelta(), MINUTE)

    assert done == ["standing"] * 2
    assert [each.getMessage().startswith("Falling") for each in caplog.records] == [True] * 2


def test_what_takes_long_keeps_nobody_waiting_and_is_not_begun_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minute, "PATIENCE", 0.01)
    begun: list[str] = []
    ended = Event()

    def long() -> None:
        begun.append("long")
        assert ended.wait(10)

    async def story() -> None:
        minutes = Minutes([Chore(name="Long", do=long)])
        for number in range(3):
            await minutes.pass_by(OPENED + MINUTE * number)
        ended.set()
        await minutes.end()

    asyncio.run(story())

    assert begun == ["long"]


def test_what_another_program_does_in_the_same_moment_is_no_trouble(caplog: pytest.LogCaptureFixture) -> None:
    done: list[str] = []

    def late() -> None:
        raise Conflict("Somebody else sealed it.")

    chores = [Chore(name="Late", do=late), Chore(name="Standing", do=lambda: done.append("standing"))]

    with caplog.at_level(logging.WARNING):
        passed(Minutes(chores), timedelta())

    assert (done, caplog.records) == (["standing"], [])


@pytest.mark.parametrize(("half", "looks"), [(Half.BOTH, True), (Half.WORKER, True), (Half.WEB, False)])
def test_who_only_hears_neither_watches_nor_forgets(half: Half, looks: bool) -> None:
    practice = Riverside("g.skin_exam").practice

    found = minute.chores(
        Settings(), practice, cast("SqlStore", practice.store), lambda: None, half, saw=lambda watched: None
    )

    names = {chore.name for chore in found}
    assert ({"Watching what went out", "Forgetting what was kept long enough"} <= names) is looks
