"""A file that is laid somewhere: whole or not at all, and nothing else is left of it."""

from __future__ import annotations

import secrets
from pathlib import Path


def lay(file: Path, content: bytes, *, private: bool = False) -> None:
    """Write a file under a name of its own and give it its name when it is whole; raise OSError, and leave
    what was there, where it cannot be. A `private` one is its owner's alone from the beginning.
    """
    fresh = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        fresh.touch(mode=0o600 if private else 0o666, exist_ok=False)
        fresh.write_bytes(content)
        fresh.replace(file)
    finally:
        fresh.unlink(missing_ok=True)
