"""`python -m tests.bench.load PORT CONNECTIONS FILE`: send each request of a file as soon as a connection is
free for it, and print how long they took.

A process of its own, without a library between it and the socket, so that it costs as little as can be. Each
connection stays open and sends its next request when the one before is answered.
"""

from __future__ import annotations

import asyncio
import json
import struct
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from time import perf_counter

_LENGTH = struct.Struct("!I")
_END, _SIZE = b"\r\n\r\n", b"\r\ncontent-length:"


@dataclass(frozen=True, kw_only=True, slots=True)
class Load:
    """How a number of requests was answered: how many with each status, and in which times, in seconds."""

    statuses: dict[str, int]
    #: From the first request to the last answer.
    took: float
    p50: float
    p99: float

    @property
    def a_second(self) -> float:
        """Return how many were answered in a second."""
        return sum(self.statuses.values()) / self.took


def written(file: Path, requests: Iterable[bytes]) -> Path:
    """Write requests down for the process that sends them."""
    with file.open("wb") as out:
        for request in requests:
            out.write(_LENGTH.pack(len(request)) + request)
    return file


def read(file: Path) -> Iterator[bytes]:
    """Read them again."""
    with file.open("rb") as from_:
        while head := from_.read(_LENGTH.size):
            yield from_.read(*_LENGTH.unpack(head))


class Connection(asyncio.Protocol):
    """One connection: a request, its answer, and the next."""

    def __init__(self, requests: Iterator[bytes], times: list[float], statuses: Counter[str]) -> None:
        self._requests = requests
        self._times = times
        self._statuses = statuses
        self._heard = b""
        self._since = 0.0
        loop = asyncio.get_running_loop()
        self.done: asyncio.Future[None] = loop.create_future()
        self.closed: asyncio.Future[None] = loop.create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection, which sends nothing yet."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def begin(self) -> None:
        """Send the next request, or end where none is left."""
        request = next(self._requests, None)
        if request is None:
            self.done.set_result(None)
            return
        self._since = perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Take a part of an answer, and go on when it is whole."""
        self._heard += data
        head, end, body = self._heard.partition(_END)
        if not end:
            return
        size = head.lower().partition(_SIZE)[2].partition(b"\r\n")[0]
        if len(body) < int(size or 0):
            return
        self._times.append(perf_counter() - self._since)
        self._statuses[head[9:12].decode("ascii")] += 1
        self._heard = b""
        self.begin()

    def connection_lost(self, exc: Exception | None) -> None:
        """Fail where the other side hangs up before all is sent."""
        if not self.done.done():
            self.done.set_exception(ConnectionError("it hung up"))
        self.closed.set_result(None)


async def send(port: int, connections: int, requests: Sequence[bytes]) -> Load:
    """Send all of these over so many connections."""
    waiting, statuses = iter(requests), Counter[str]()
    times: list[float] = []
    loop = asyncio.get_running_loop()
    made = [
        await loop.create_connection(lambda: Connection(waiting, times, statuses), "127.0.0.1", port)
        for _ in range(connections)
    ]
    began = perf_counter()
    for _, each in made:
        each.begin()
    await asyncio.gather(*(each.done for _, each in made))
    took = perf_counter() - began
    for transport, each in made:
        transport.close()
        await each.closed
    percents = quantiles(times, n=100)
    return Load(statuses=dict(statuses), took=took, p50=percents[49], p99=percents[98])


async def sent(port: int, connections: int, file: Path) -> Load:
    """Send a file's requests from a process of its own; raise where one is not answered with 200."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.load", str(port), str(connections), str(file)),
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    said, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError("the requests could not be sent")
    load = Load(**json.loads(said))
    if [*load.statuses] != ["200"]:
        raise RuntimeError(f"not every request was taken: {load.statuses}")
    return load


def main(port: str, connections: str, file: str) -> None:
    """Send what lies in a file, and print how it went."""
    requests = [*read(Path(file))]
    load = asyncio.run(send(int(port), int(connections), requests))
    said = {"statuses": load.statuses, "took": load.took, "p50": load.p50, "p99": load.p99}
    print(json.dumps(said))


if __name__ == "__main__":
    main(*sys.argv[1:])
