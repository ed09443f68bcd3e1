"""Programs that serve, each in a process of its own, as a bench asks them."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
#: How long one may take to come up, in seconds.
PATIENCE = 60


class Server:
    """A server in a process of its own."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.port = 0

    @property
    def pid(self) -> int:
        """Return its process."""
        return self._process.pid

    async def listens(self) -> None:
        """Return when it has said on which port it listens."""
        assert self._process.stdout is not None
        while line := (await self._process.stdout.readline()).decode():
            if found := re.search(r"127\.0\.0\.1:(\d+)|port (\d+)", line):
                self.port = int(found[1] or found[2])
                return
        raise RuntimeError("it ended before it listened")

    async def answers(self, path: str) -> None:
        """Return when it has answered a request with 200."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nConnection: close\r\n\r\n".encode()
        )
        answer = await reader.read()
        writer.close()
        if b" 200 " not in answer.partition(b"\r\n")[0]:
            raise RuntimeError(f"{path} was answered with {answer[:200]!r}")

    def seconds(self) -> float:
        """Return how long it has worked on a processor, whoever else was busy."""
        ran = Path(f"/proc/{self.pid}/stat").read_text("ascii").rpartition(") ")[2].split()
        return (int(ran[11]) + int(ran[12])) / os.sysconf("SC_CLK_TCK")

    def megabytes(self) -> int:
        """Return how much memory it holds."""
        status = Path(f"/proc/{self.pid}/status").read_text("ascii")
        return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) // 1024  # type: ignore[index]


@asynccontextmanager
async def running(
    module: str, *arguments: str, environment: Mapping[str, str] | None = None, kill: bool = False
) -> AsyncIterator[Server]:
    """Run a module that serves, and end it, or `kill` it where nobody waits for what it has in hand; what
    stands in the environment is added to our own.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module, *arguments),
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    server = Server(process)
    try:
        async with asyncio.timeout(PATIENCE):
            await server.listens()
        yield server
    finally:
        if process.returncode is None:
            process.kill() if kill else process.terminate()
        await process.wait()
