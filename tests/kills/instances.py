"""`bookend serve` as a process of its own: begun, killed without a word, paused, told to end."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from resource import RLIM_INFINITY, RLIMIT_FSIZE, prlimit
from time import monotonic

#: How long a busy machine may take to bring Bookend up, in seconds.
UP = 60.0


async def happens(so: Callable[[], object], *, within: float) -> bool:
    """Look every 20 ms; return whether it came to be so in that many seconds."""
    ends = monotonic() + within
    while not so():
        if monotonic() > ends:
            return False
        await asyncio.sleep(0.02)
    return True


async def until(so: Callable[[], object], what: str, *, within: float = UP) -> None:
    """Return when it is so; fail when it does not come to be."""
    assert await happens(so, within=within), f"waited {within:g} s in vain for {what}"


@dataclass(kw_only=True)
class Instance:
    """One of the programs that serve a clinic, by turns many processes; all that they said lies in `log`."""

    log: Path
    environment: Mapping[str, str]
    #: What is run: Bookend itself, or the same with short leases.
    module: str = "bot"
    #: How long each start took until people were served, in seconds.
    starts: list[float] = field(default_factory=list)
    #: How often it was begun.
    begun: int = 0
    _process: subprocess.Popen[bytes] | None = None
    _from: int = 0
    _since: float = 0.0

    @property
    def running(self) -> bool:
        """Whether the process is there."""
        return self._process is not None and self._process.poll() is None

    def begin(self) -> None:
        """Begin a new process."""
        self.begun += 1
        self._since = monotonic()
        self.log.touch()
        self._from = self.log.stat().st_size
        with self.log.open("ab") as said:
            command = (sys.executable, "-m", self.module, "serve")
            self._process = subprocess.Popen(command, env=dict(self.environment), stdout=said, stderr=said)

    def serves(self) -> bool:
        """Whether it has said so since it was begun; one that ended by itself is a failure."""
        assert self.running, f"it ended by itself: {self.said()[-2000:]}"
        return "Bookend serves" in self.said()

    def said(self) -> str:
        """What the process that runs has said."""
        with self.log.open("rb") as said:
            said.seek(self._from)
            return said.read().decode()

    async def up(self) -> None:
        """Return when it serves, and remember how long that took."""
        await until(self.serves, "bookend serve")
        self.starts.append(monotonic() - self._since)

    def kill(self) -> None:
        """End it in the middle of whatever it does."""
        self._signal(signal.SIGKILL)
        if self._process is not None:
            self._process.wait()

    def pause(self) -> None:
        """Let it stand still."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let it go on, as if nothing had been."""
        self._signal(signal.SIGCONT)

    @contextmanager
    def without_room(self) -> Iterator[None]:
        """Let none of its files grow any further, as on a disk that is full."""
        process = self._process
        assert process is not None
        grown = max((file.stat().st_size for file in self.log.parent.iterdir() if file.is_file()), default=0)
        before = prlimit(process.pid, RLIMIT_FSIZE, (grown, RLIM_INFINITY))
        try:
            yield
        finally:
            prlimit(process.pid, RLIMIT_FSIZE, before)

    async def end(self, *, within: float = 10.0) -> float:
        """Tell it to end, and return how long it took, in seconds; any other end than a good one fails."""
        began = monotonic()
        self._signal(signal.SIGTERM)
        process = self._process
        assert process is not None
        await until(lambda: process.poll() is not None, "the end", within=within)
        assert process.returncode in (0, -signal.SIGTERM), self.said()[-2000:]
        return monotonic() - began

    def _signal(self, what: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(what)
