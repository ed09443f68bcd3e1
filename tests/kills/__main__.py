"""`python -m tests.kills --times 200 --store sqlite`: kill, settle, and say what is left."""

from __future__ import annotations

import argparse
import asyncio
import json
import secrets
import shutil
import tempfile
from pathlib import Path
from typing import Any

from tests.kills.databases import database, server
from tests.kills.runs import befallen, clinic, killed
from tests.kills.troubles import addresses


async def _killed(told: argparse.Namespace, folder: Path) -> dict[str, Any]:
    with database(told.store, folder) as address:
        by = {"seed": told.seed, "every": told.every, "socket": told.by == "socket"}
        async with clinic(folder, address, **by) as at:
            return {"store": told.store, "by": told.by} | await killed(
                at, told.times, _say, minutes=told.minutes
            )


async def _befallen(told: argparse.Namespace, folder: Path) -> dict[str, Any]:
    with server() as postgres:
        # the first is where the owner looks
        places = addresses(postgres, told.instances)
        async with clinic(folder, *places, seed=told.seed, every=told.every, socket=True) as at:
            found = await befallen(at, postgres, told.times, told.longest, _say, minutes=told.minutes)
            return {"instances": told.instances, "longest_s": told.longest} | found


def _say(line: str) -> None:
    print(line, flush=True)


def main() -> int:
    """Play, print the figures as JSON, and return 1 if anything is wrong."""
    asked = argparse.ArgumentParser(prog="python -m tests.kills", description=__doc__)
    asked.add_argument("--times", type=int, default=200)
    asked.add_argument("--store", choices=("sqlite", "postgres"), default="sqlite")
    asked.add_argument("--by", choices=("signed", "socket"), default="signed")
    asked.add_argument("--every", type=float, default=12.0, help="seconds between two patients")
    asked.add_argument("--seed", type=int, help="which moments and which buttons; drawn if it is not given")
    asked.add_argument("--minutes", type=float, default=60, help="kill no more after so long")
    asked.add_argument("--instances", type=int, default=1, help="more than one share a PostgreSQL")
    asked.add_argument("--longest", type=float, default=75.0, help="seconds of a pause, or of being cut off")
    told = asked.parse_args()
    told.seed = secrets.randbelow(10**6) if told.seed is None else told.seed
    _say(f"seed {told.seed}")
    folder = Path(tempfile.mkdtemp(prefix="bookend-kills-"))
    figures = asyncio.run((_befallen if told.instances > 1 else _killed)(told, folder))
    _say(json.dumps({"seed": told.seed} | figures, indent=2))
    if figures["wrong"]:
        _say(f"What is wrong may be looked at in {folder}.")
        return 1
    shutil.rmtree(folder)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
