"""Kills: one `bookend serve` ended by SIGKILL again and again while people press, and what is left of it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from statistics import median
from time import monotonic
from typing import Any

import httpx

from tests.chat.slack.fake import FakeSlack, OverSocket, ToDoor, Way, fake_slack
from tests.kills.afterwards import Kept, kept, lateness, repeats, wrong
from tests.kills.clinic import furnished, hired, in_slack
from tests.kills.databases import Server
from tests.kills.instances import Instance, happens, until
from tests.kills.staff import Staff
from tests.kills.troubles import Cluster
from tests.serving import free_port

#: When it is killed: while it begins, at any moment of its work, as it posts a message or draws one anew, or
#: as it takes what people do.
MOMENTS = ("beginning", "working", "posting", "drawing", "taking")
#: The calls that post a message, and that draw one anew.
CALLS = {"posting": "chat.postMessage", "drawing": "chat.update"}
#: What goes wrong beside the kill, now and then: see `tests/chat/slack/fake/faults.py`.
TROUBLES = ("lose", "502", "503", "429:1", "drop", "delay:0.3")
#: How long after the last kill everything must be said and done, in seconds: leases run out, and what piled
#: up goes out no faster than Slack allows.
SETTLED = 900.0
Say = Callable[[str], None]


@dataclass(kw_only=True)
class Clinic:
    """A workspace with its people, and the program that serves it."""

    slack: FakeSlack
    staff: Staff
    instances: Sequence[Instance]
    #: Where what is left is read.
    address: str
    draw: Random

    @property
    def instance(self) -> Instance:
        """The one, where there is one."""
        return self.instances[0]

    async def settle(self) -> Kept:
        """Let everybody answer whatever is asked, until nothing is asked and nothing waits to be sent."""
        await self.staff.close_the_desk()
        ends = monotonic() + SETTLED
        while True:
            await asyncio.sleep(0.5)
            found = await asyncio.to_thread(kept, self.address)
            busy = self.staff.has_to_do or found.waiting or wrong(found, self.slack, ())
            if not busy or monotonic() > ends:
                await self.staff.go_home()
                return found


@asynccontextmanager
async def clinic(
    folder: Path, *addresses: str, seed: int, every: float, socket: bool = False, module: str = "bot"
) -> AsyncIterator[Clinic]:
    """A clinic in a workspace, its Bookend not begun yet: one for each address of its database, each run as
    `module`.
    """
    draw, port = Random(seed), 0 if socket else free_port()
    async with fake_slack() as slack, httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as door:
        hired(slack)
        way: Way = OverSocket(sockets=slack.sockets) if socket else ToDoor(door=door)
        shared = furnished(folder, addresses[0]) | in_slack(slack, socket=socket, port=port)
        instances = [
            Instance(
                log=folder / f"said-{number}",
                environment=shared | {"BOOKEND_DATABASE_URL": address},
                module=module,
            )
            for number, address in enumerate(addresses)
        ]
        staff = Staff(slack, way, draw, every=every)
        try:
            yield Clinic(slack=slack, staff=staff, instances=instances, address=addresses[0], draw=draw)
        finally:
            for instance in instances:
                instance.kill()


async def killed(
    at: Clinic, times: int, say: Say, *, moments: Sequence[str] = MOMENTS, minutes: float = 60
) -> dict[str, Any]:
    """Kill so many times, then let the clinic come to rest; return the figures, what is wrong among them."""
    at.instance.begin()
    await at.instance.up()
    at.staff.begin()
    came: Counter[str] = Counter()
    ends = monotonic() + minutes * 60
    for number in range(times):
        if monotonic() > ends:
            break
        moment = at.draw.choice(moments)
        await _until(at, moment)
        at.instance.kill()
        came[moment] += 1
        at.instance.begin()
        if number % 10 == 9:
            say(f"{number + 1} killed, {len(at.staff.ledger.taken)} deeds taken")
    await at.instance.up()
    return {"kills": dict(came) | {"all": came.total()}} | await settled(at)


async def befallen(
    at: Clinic, server: Server, times: int, longest: float, say: Say, *, minutes: float = 60
) -> dict[str, Any]:
    """Let something happen to the instances, or their PostgreSQL, so many times; then come to rest."""
    cluster = Cluster(server=server, instances=at.instances, draw=at.draw, longest=longest)
    for instance in at.instances:
        instance.begin()
    for instance in at.instances:
        await instance.up()
    at.staff.begin()
    ends = monotonic() + minutes * 60
    for number in range(times):
        if monotonic() > ends:
            break
        await asyncio.sleep(at.draw.uniform(0.5, 3.0))
        what = await cluster.befall()
        say(f"{number + 1}: {what}, {len(at.staff.ledger.taken)} deeds taken")
    return {"befell": dict(cluster.befell)} | await settled(at)


async def ended(at: Clinic, times: int) -> dict[str, Any]:
    """Tell it to end so many times, in the middle of its work and with a Slack that is slow; then come to
    rest. `left` is what it had in hand and did not finish.
    """
    took, left = list[float](), 0
    at.staff.begin()
    for _ in range(times):
        at.instance.begin()
        await at.instance.up()
        at.slack.troubles["chat.postMessage"].append("delay:2")
        await _next_call(at.slack, "chat.postMessage")
        took.append(await at.instance.end())
        left += (await asyncio.to_thread(kept, at.address)).in_hand
    at.instance.begin()
    await at.instance.up()
    return {"took_s": took, "left": left} | await settled(at)


async def full(at: Clinic, seconds: float) -> dict[str, Any]:
    """Let the disk have no room for a while: for the program it ends where its files end now."""
    at.instance.begin()
    await at.instance.up()
    at.staff.begin()
    await until(lambda: len(at.staff.ledger.taken) > 5, "some work")
    with at.instance.without_room():
        told = len(at.slack.whispers)
        await until(lambda: _is_said(at.slack, told, "The disk under"), "a word of the disk", within=seconds)
        in_vain = len(at.staff.ledger.taken)
    return {"taken_before": in_vain} | await settled(at)


def _is_said(slack: FakeSlack, since: int, words: str) -> bool:
    """Whether somebody was told so since then."""
    return any(words in str(each["text"]) for each in slack.whispers[since:])


async def settled(at: Clinic) -> dict[str, Any]:
    """Let the clinic come to rest; return the figures, what is wrong among them."""
    began = monotonic()
    found = await at.settle()
    return _figures(at, found) | {"settled_in_s": round(monotonic() - began, 1)}


async def _until(at: Clinic, moment: str) -> None:
    """Return when it is time to kill."""
    if moment == "beginning":
        return await asyncio.sleep(at.draw.uniform(0.0, 2.0))
    await at.instance.up()
    for method in ("chat.postMessage", "chat.update", "views.open"):
        if at.draw.random() < 0.3:
            at.slack.troubles[method].append(at.draw.choice(TROUBLES))
    await asyncio.sleep(at.draw.uniform(0.0, 3.0))
    if moment in CALLS:
        await _next_call(at.slack, CALLS[moment])
    if moment == "taking":
        deeds = at.staff.ledger.deeds
        await happens(lambda: at.staff.ledger.deeds > deeds, within=10)
        await asyncio.sleep(at.draw.uniform(0.0, 0.05))


async def _next_call(slack: FakeSlack, method: str) -> None:
    """Return as soon as Slack is asked this: it is done, and nobody hears that it was."""
    with suppress(TimeoutError):
        # now and then nobody has anything to say
        async with asyncio.timeout(10):
            before = slack.count(method)
            while slack.count(method) == before:
                slack.asked.clear()
                await slack.asked.wait()


def _figures(at: Clinic, found: Kept) -> dict[str, Any]:
    ledger, late, waited = at.staff.ledger, lateness(found), sorted(at.staff.ledger.waited)
    return {
        "cases": len(found.cases),
        "answers": len(found.answers),
        "messages": sum("thread_ts" not in each for sent in at.slack.messages.values() for each in sent),
        "taken": len(ledger.taken),
        "deeds": {"all": ledger.deeds, "twice": ledger.twice, "in_vain": ledger.in_vain},
        "wrong": wrong(found, at.slack, ledger.taken),
        "repeats": repeats(found, at.slack),
        "start_s": _spread(sorted(start for each in at.instances for start in each.starts)),
        "deed_waits_s": _spread(waited),
        "message_late_s": _spread(late),
        "tracebacks": sum(each.log.read_text("utf-8").count("Traceback") for each in at.instances),
    }


def _spread(found: Sequence[float]) -> dict[str, float]:
    if not found:
        return {}
    at_99 = found[min(len(found) - 1, int(len(found) * 0.99))]
    return {"p50": round(median(found), 3), "p99": round(at_99, 3), "max": round(found[-1], 3)}
