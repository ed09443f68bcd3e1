"""What befalls one of several instances on one PostgreSQL, or PostgreSQL itself, while people press."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from tests.kills.databases import Server
from tests.kills.instances import Instance


@dataclass(frozen=True, kw_only=True, slots=True)
class Cluster:
    """Instances that share a PostgreSQL, each there under a name of its own, so that one can be shut out."""

    server: Server
    instances: Sequence[Instance]
    draw: Random
    #: How long a pause and a cut last at most, in seconds: longer than any lease.
    longest: float
    befell: Counter[str] = field(default_factory=Counter)

    async def befall(self) -> str:
        """Let one thing happen and be over: those that happened least come first. Return what it was."""
        least = min(self.befell[each] for each in BEFALLS)
        what = self.draw.choice([each for each in BEFALLS if self.befell[each] == least])
        self.befell[what] += 1
        await BEFALLS[what](self, self.draw.choice(self.instances))
        return what

    def name_of(self, instance: Instance) -> str:
        """The name under which an instance is known to PostgreSQL."""
        return named(self.instances.index(instance))


def named(number: int) -> str:
    """Return the name of an instance in the database."""
    return f"bookend_{number}"


def addresses(server: Server, many: int) -> list[str]:
    """Make a name in the database for each instance; return their addresses."""
    for number in range(many):
        server.run(f"CREATE ROLE {named(number)} LOGIN SUPERUSER")
    return [server.address.replace("//postgres:", f"//{named(number)}:", 1) for number in range(many)]


async def _killed(at: Cluster, instance: Instance) -> None:
    instance.kill()
    await asyncio.sleep(at.draw.uniform(0.0, 3.0))
    instance.begin()
    await instance.up()


async def _paused(at: Cluster, instance: Instance) -> None:
    instance.pause()
    await asyncio.sleep(at.draw.uniform(1.0, at.longest))
    instance.resume()


async def _cut_off(at: Cluster, instance: Instance) -> None:
    name = at.name_of(instance)
    at.server.run(
        f"ALTER ROLE {name} NOLOGIN",
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{name}'",
    )
    await asyncio.sleep(at.draw.uniform(1.0, at.longest))
    at.server.run(f"ALTER ROLE {name} LOGIN")


async def _restarted(at: Cluster, _: Instance) -> None:
    how = at.draw.choice(("fast", "immediate"))
    await asyncio.to_thread(at.server.stop, how)
    await asyncio.sleep(at.draw.uniform(0.0, 5.0))
    await asyncio.to_thread(at.server.start)


#: What can happen: to an instance, or to all of them.
BEFALLS: Mapping[str, Callable[[Cluster, Instance], Awaitable[None]]] = {
    "killed": _killed,
    "paused": _paused,
    "cut off": _cut_off,
    "PostgreSQL restarted": _restarted,
}
