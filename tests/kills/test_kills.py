"""A short slice of `python -m tests.kills`: `bookend serve` itself is killed while people press."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.kills.databases import Server, database, server
from tests.kills.runs import befallen, clinic, ended, full, killed
from tests.kills.troubles import BEFALLS, addresses

pytestmark = pytest.mark.kills


HURRIED = "tests.kills.hurried"


def test_nothing_is_lost_and_nothing_said_twice_by_a_bookend_that_is_killed(tmp_path: Path) -> None:
    async def play(address: str) -> dict[str, Any]:
        async with clinic(tmp_path, address, seed=7, every=3.0, module=HURRIED) as at:
            return await killed(at, 2, print, moments=["posting"])

    with database("sqlite", tmp_path) as address:
        found = asyncio.run(play(address))

    assert (found["wrong"], found["repeats"], found["tracebacks"]) == ([], [], 0)
    assert found["taken"] > 10


def test_a_bookend_that_is_told_to_end_finishes_what_it_has_in_hand(tmp_path: Path) -> None:
    async def play(address: str) -> dict[str, Any]:
        async with clinic(tmp_path, address, seed=8, every=3.0) as at:
            return await ended(at, 1)

    with database("sqlite", tmp_path) as address:
        found = asyncio.run(play(address))

    assert max(found["took_s"]) < 10
    assert (found["left"], found["wrong"], found["repeats"], found["tracebacks"]) == (0, [], [], 0)


def test_a_disk_without_room_loses_nothing_that_somebody_was_told_is_kept(tmp_path: Path) -> None:
    async def play(address: str) -> dict[str, Any]:
        async with clinic(tmp_path, address, seed=9, every=3.0, module=HURRIED) as at:
            return await full(at, 20)

    with database("sqlite", tmp_path) as address:
        found = asyncio.run(play(address))

    assert (found["wrong"], found["repeats"], found["tracebacks"]) == ([], [], 0)
    assert found["taken"] > found["taken_before"]


def test_one_of_several_is_killed_paused_past_its_lease_or_cut_off_and_nothing_is_lost(
    need_postgres: None, tmp_path: Path
) -> None:
    async def play(postgres: Server) -> dict[str, Any]:
        places = addresses(postgres, 2)
        async with clinic(tmp_path, *places, seed=10, every=4.0, socket=True, module=HURRIED) as at:
            return await befallen(at, postgres, len(BEFALLS), 7.0, print)

    with server() as postgres:
        found = asyncio.run(play(postgres))

    assert found["befell"] == dict.fromkeys(BEFALLS, 1)
    assert (found["wrong"], found["repeats"], found["tracebacks"]) == ([], [], 0)
