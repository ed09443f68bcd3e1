"""`python -m tests.bench.workspace CARDS CLINICS CASES PAIR`: the invented Slack of a bench, by itself.

It has everybody of the group in it, and the messages of CARDS, a JSON file of those that stand there already.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from tests.bench.group import Group
from tests.chat.slack.fake import Json, fake_slack


async def serve(cards: dict[str, list[Json]], group: Group) -> None:
    """Serve the workspace until the process is told to end."""
    async with fake_slack() as slack:
        group.enter(slack)
        for channel, messages in cards.items():
            slack.messages[channel] += messages
        print(slack.url, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    _, file, clinics, cases, pair = sys.argv
    asyncio.run(
        serve(
            json.loads(Path(file).read_text("utf-8")),
            Group(clinics=int(clinics), cases=int(cases), pair=int(pair)),
        )
    )
