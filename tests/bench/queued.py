"""What else one could do: one job of pgqueuer, a queue in PostgreSQL, for each reminder; its defaults."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from importlib.util import find_spec
from typing import Any

#: What says how the row comes about where it is missing.
MISSING = "pgqueuer is missing, and its row left out: pip install pgqueuer"
LATER = timedelta(days=1)
ENTRY = "remind"


def is_there() -> bool:
    """Say whether pgqueuer is installed: nothing but this row needs it."""
    return find_spec("pgqueuer") is not None


class Queue:
    """A queue with so many reminders for later; each sweep finds some more that are due."""

    def __init__(self, address: str, *, waiting: int, due: int) -> None:
        self._address = address
        self._due = due
        asyncio.run(self._begin(waiting))

    def sweep(self, _: int) -> float:
        """Return how long it takes from the first job that is due to the last; what comes before the one and
        after the other is theirs for nothing.
        """
        return asyncio.run(self._sweep())

    async def _begin(self, waiting: int) -> None:
        async with self._queries() as queries:
            await queries.install()
            await self._enqueue(queries, waiting, LATER)
            await queries.driver.execute("ANALYZE")

    async def _sweep(self) -> float:
        from pgqueuer.core.qm import QueueManager

        moments = list[float]()
        async with self._queries() as queries:
            await self._enqueue(queries, self._due, timedelta())
            manager = QueueManager(queries)

            @manager.entrypoint(ENTRY)
            async def remind(_job: Any) -> None:
                moments.append(time.perf_counter())
                if len(moments) == self._due:
                    manager.shutdown.set()

            await manager.run()
        return moments[-1] - moments[0]

    @staticmethod
    async def _enqueue(queries: Any, many: int, after: timedelta) -> None:
        names, tasks = [ENTRY] * many, [f"task-{number}".encode() for number in range(many)]
        await queries.enqueue(names, tasks, [0] * many, execute_after=[after] * many)

    @asynccontextmanager
    async def _queries(self) -> AsyncIterator[Any]:
        from pgqueuer.adapters.persistence.queries import Queries
        from psycopg import AsyncConnection

        async with await AsyncConnection.connect(self._address, autocommit=True) as connection:
            yield Queries.from_psycopg_connection(connection)
