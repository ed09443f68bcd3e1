"""`python -m tests.kills --times 200 --store sqlite`: kill, settle, and say what is left."""

from __future__ import annotations

import argparse
import asyncio
import json
import secrets
import shutil
import tempfile
from pathlib import Path

from tests.kills.databases import database
from tests.kills.runs import clinic, killed


async def _play(told: argparse.Namespace, seed: int, folder: Path, address: str) -> bool:
    async with clinic(folder, address, seed, socket=told.by == "socket", every=told.every) as at:
        figures = await killed(at, told.times, lambda line: print(line, flush=True))
    print(json.dumps({"store": told.store, "by": told.by, "seed": seed} | figures, indent=2))
    return not figures["wrong"]


def main() -> int:
    """Play, print the figures as JSON, and return 1 if anything is wrong."""
    asked = argparse.ArgumentParser(prog="python -m tests.kills", description=__doc__)
    asked.add_argument("--times", type=int, default=200)
    asked.add_argument("--store", choices=("sqlite", "postgres"), default="sqlite")
    asked.add_argument("--by", choices=("signed", "socket"), default="signed")
    asked.add_argument("--every", type=float, default=5.0, help="seconds between two patients")
    asked.add_argument("--seed", type=int, help="which moments and which buttons; drawn if it is not given")
    told = asked.parse_args()
    seed = secrets.randbelow(10**6) if told.seed is None else told.seed
    print(f"seed {seed}", flush=True)
    folder = Path(tempfile.mkdtemp(prefix="bookend-kills-"))
    with database(told.store, folder) as address:
        good = asyncio.run(_play(told, seed, folder, address))
    if good:
        shutil.rmtree(folder)
    else:
        print(f"what is wrong may be looked at in {folder}")
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
