"""Who is heard: full members, also while their platform does not say who they are; nobody else ever."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.chat import reception
from bot.chat.reception import Reception
from bot.core.errors import NotAllowed, TryLater
from tests.chat.played import PlayedDesk

pytestmark = pytest.mark.anyio


class Members:
    """What a platform says of everybody."""

    def __init__(self) -> None:
        self.says: Callable[[], str] = lambda: ""

    async def why_not(self, account: str) -> str:
        return self.says()


def away() -> str:
    raise TryLater("Teams cannot be reached.", timedelta(seconds=10))


def slow() -> str:
    raise TimeoutError


def at_reception() -> tuple[Reception, Members]:
    members = Members()
    return Reception(desk=PlayedDesk(), run=asyncio.to_thread, members=members, platform="Teams"), members


async def heard(at: Reception) -> str:
    return await at.heard("jo", lambda desk: "heard")


@pytest.mark.parametrize("silent", [away, slow])
async def test_a_full_member_is_heard_on_while_the_platform_is_silent(
    silent: Callable[[], str],
) -> None:
    at, members = at_reception()
    await heard(at)
    members.says = silent

    assert await heard(at) == "heard"


@pytest.mark.parametrize("silent", [away, slow])
async def test_somebody_of_whom_nothing_is_known_waits_for_the_platform(silent: Callable[[], str]) -> None:
    at, members = at_reception()
    members.says = silent

    with pytest.raises(TryLater):
        await heard(at)


async def test_whoever_was_refused_since_is_not_heard_however_silent_the_platform_is() -> None:
    at, members = at_reception()
    await heard(at)
    members.says = lambda: "is a guest"
    with pytest.raises(NotAllowed):
        await heard(at)
    members.says = away

    with pytest.raises(TryLater):
        await heard(at)


async def test_an_hour_later_the_platform_must_have_said_so_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reception, "STILL", 0.0)
    at, members = at_reception()
    await heard(at)
    members.says = away

    with pytest.raises(TryLater):
        await heard(at)
