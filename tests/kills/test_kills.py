"""A short slice of `python -m tests.kills`: `bookend serve` itself is killed while people press."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.kills.databases import database
from tests.kills.runs import clinic, ended, full, killed

pytestmark = pytest.mark.kills


async def played(folder: Path, address: str, *, socket: bool, times: int) -> dict[str, Any]:
    async with clinic(folder, address, seed=7, socket=socket, every=2.5, module="tests.kills.hurried") as at:
        return await killed(at, times, print)


def test_nothing_is_lost_and_nothing_said_twice_by_a_bookend_that_is_killed(tmp_path: Path) -> None:
    with database("sqlite", tmp_path) as address:
        found = asyncio.run(played(tmp_path, address, socket=False, times=3))

    assert (found["wrong"], found["repeats"], found["tracebacks"]) == ([], [], 0)
    assert found["taken"] > 10


def test_a_bookend_that_is_told_to_end_finishes_what_it_has_in_hand(tmp_path: Path) -> None:
    async def play(address: str) -> dict[str, Any]:
        async with clinic(tmp_path, address, seed=8, every=3.0) as at:
            return await ended(at, 2)

    with database("sqlite", tmp_path) as address:
        found = asyncio.run(play(address))

    assert max(found["took_s"]) < 10
    assert (found["left"], found["wrong"], found["repeats"], found["tracebacks"]) == (0, [], [], 0)


def test_a_disk_without_room_loses_nothing_that_somebody_was_told_is_kept(tmp_path: Path) -> None:
    async def play(address: str) -> dict[str, Any]:
        async with clinic(tmp_path, address, seed=9, every=3.0, module="tests.kills.hurried") as at:
            return await full(at, 20)

    with database("sqlite", tmp_path) as address:
        found = asyncio.run(play(address))

    assert (found["wrong"], found["repeats"], found["tracebacks"]) == ([], [], 0)
    assert found["taken"] > found["taken_before"]
