"""`keep` of clinic.yaml: how long what is kept of a patient; and the list of what was erased on request."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from bot.core.errors import BookendError
from bot.core.keeping import Because, Erasure, Keep, Span
from bot.files.entry import Entry
from bot.files.shapes import WORD, Schema, mapping
from bot.files.spans import span

FOR_EVER = "for ever"
KEYS = ("names", "answers", "messages")


def kept(entry: Entry) -> Keep:
    """Return how long a clinic keeps what."""
    entry.only(*KEYS)
    usual = Keep()
    return Keep(**{name: entry.maybe(name, _span, getattr(usual, name)) for name in KEYS})


def _span(entry: Entry) -> Span | None:
    if entry.content == FOR_EVER:
        return None
    count, unit = span(entry, "days", "months")
    if not count:
        entry.wrong(f"expected a length of a day or more, such as 30 days or 10 years, or `{FOR_EVER}`")
    return Span(days=count) if unit == "days" else Span(months=count)


def keep_schema() -> Schema:
    """Return what an editor needs to know of it."""
    length = {**WORD, "description": f"such as 30 days or 10 years, or {FOR_EVER}"}
    told = mapping(dict.fromkeys(KEYS, length))
    return {**told, "description": "how long what is kept of a patient once their case is closed"}


def remember(file: Path, erased: Erasure) -> None:
    """Write down what is about to be erased, so that it is known whatever happens next."""
    line = json.dumps(asdict(erased) | {"at": erased.at.isoformat()}, ensure_ascii=True)
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(handle, f"{line}\n".encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def remembered(file: Path) -> Sequence[Erasure]:
    """Return what was ever erased on request; raise BookendError where the list cannot be read."""
    if not file.exists():
        return ()
    try:
        return [_erasure(line) for line in file.read_text("ascii").splitlines() if line.strip()]
    except (ValueError, KeyError, TypeError):
        raise BookendError(
            f"{file}, the list of what was erased, is damaged: put it back from where you keep a copy."
        ) from None


def _erasure(line: str) -> Erasure:
    told = json.loads(line)
    return Erasure(
        code=told["code"],
        by=told["by"],
        because=Because(told["because"]),
        at=datetime.fromisoformat(told["at"]),
    )
