"""Where only loopback exists: for programs that listen on every interface, with whatever they speak to.

`run_alone` starts pytest once more in such a place.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path
from time import monotonic
from typing import TypeVar

from tests.conftest import missing

_PROJECT = Path(__file__).resolve().parent.parent
# Linux: SIOCGIFFLAGS and SIOCSIFFLAGS read and write an interface's flags, of which IFF_UP is one.
_READ_FLAGS, _WRITE_FLAGS, _UP = 0x8913, 0x8914, 1

Answer = TypeVar("Answer")


def wait_until(happens: Callable[[], Answer | None], *, what: str, timeout: float = 10) -> Answer:
    """Ask every 20 ms until the answer is true, and return it."""
    deadline = monotonic() + timeout
    while not (answer := happens()):
        assert monotonic() < deadline, f"waited {timeout:g} s in vain for {what}"
        threading.Event().wait(0.02)
    return answer


def be_alone() -> None:
    """Raise RuntimeError where others could reach a program that listens on every interface."""
    if others := {name for _, name in socket.if_nameindex() if _flags(name) & _UP} - {"lo"}:
        raise RuntimeError(f"It would listen on {', '.join(sorted(others))}: start it by run_alone().")


def run_alone(*arguments: str, timeout: float = 240) -> subprocess.CompletedProcess[str]:
    """Run pytest with these arguments where only loopback exists, or skip the test that asked."""
    again = (*_into_loopback(), sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments)
    return subprocess.run(again, cwd=_PROJECT, capture_output=True, text=True, timeout=timeout, check=False)


@cache
def _into_loopback() -> tuple[str, ...]:
    # Root needs no user namespace, and one would hide other users' files from it.
    for rights in ((), ("--map-root-user",)) if shutil.which("unshare") else ():
        command = ("unshare", *rights, "--net", sys.executable, "-m", "tests.alone")
        if not subprocess.run((*command, "true"), cwd=_PROJECT, capture_output=True, check=False).returncode:
            return command
    missing("This machine allows no network of one's own, and such a program listens on all interfaces.")


def _flags(interface: str) -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        answer = fcntl.ioctl(any_socket, _READ_FLAGS, struct.pack("40s", interface.encode()))
    return int(struct.unpack_from("16xH", answer)[0])


def _raise_loopback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, _WRITE_FLAGS, struct.pack("16sH22x", b"lo", _flags("lo") | _UP))


if __name__ == "__main__":
    _raise_loopback()
    os.execvp(sys.argv[1], sys.argv[1:])
