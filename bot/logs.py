"""The log: what happened to Bookend, a line each on standard error, as words for people or JSON for programs.

Only sentences that stand in Bookend's own code are written, with what `bot.core.logged` lets be shown in
them. Of what a library says its place is named and its words are withheld: slack_sdk writes whole messages
when it stumbles, uvicorn what was asked, SQLAlchemy the values of a row. An accident is its kind and where in
Bookend's code it happened, never its text, which may quote what somebody typed.
"""

from __future__ import annotations

import json
import logging
import sys
import threading
import traceback
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from bot.core.logged import Ours, shown

if TYPE_CHECKING:
    # every command writes a log, and few need what the parts promise each other
    from bot.core.happened import Happened
    from bot.ports import Meter

_OURS = Path(__file__).parent
#: Said at this level: it concerns whoever looks for what happened to a case, and nobody else.
_TOLD = logging.INFO

log = logging.getLogger(__name__)


class Form(StrEnum):
    """How a line of the log looks."""

    #: words, and only what somebody should look at
    PLAIN = "plain"
    #: one JSON object, also for what happened as it should
    JSON = "json"


def begin(form: Form = Form.PLAIN) -> None:
    """Write the log in a form, from now on; an accident in a thread stands in it as well."""
    to = logging.StreamHandler(sys.stderr)
    to.setFormatter(Structured() if form is Form.JSON else Plain())
    root = logging.getLogger()
    root.handlers[:] = [to]
    root.setLevel(logging.WARNING)
    logging.getLogger("bot").setLevel(_TOLD if form is Form.JSON else logging.WARNING)
    threading.excepthook = _in_a_thread


def _in_a_thread(what: threading.ExceptHookArgs) -> None:
    log.error("A thread met an accident", exc_info=what.exc_value)


def told(line: str) -> None:
    """Write a sentence of ours into the log of a program that reads it, instead of saying it."""
    log.info("%s", Ours(line))


class Plain(logging.Formatter):
    """A sentence, and below it where an accident happened."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        fault = _fault(record)
        where = [f"  {fault['kind']}", *(f"  {place}" for place in fault["at"])] if fault else []
        return "\n".join([_words(record), *where])


class Structured(logging.Formatter):
    """One JSON object: when, how grave, from where, what, and what it was about."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "what": _words(record),
            **_about(record),
        }
        if fault := _fault(record):
            line["fault"] = fault
        return json.dumps(line, ensure_ascii=True, default=str)


class Journal:
    """The port Meter, for a log that programs read: each thing that happens is a line, and then counted."""

    def __init__(self, then: Meter) -> None:
        self._then = then

    def note(self, what: Happened) -> None:
        """Write it down and pass it on."""
        told = {
            "platform": what.platform,
            "clinic": what.clinic,
            "why": what.why,
            "about": what.about,
            "number": what.number if what.number > 1 else "",
            "waited": what.waited.total_seconds() if what.waited is not None else "",
        }
        log.info("%s", what.kind.name.lower(), extra={"about": {k: v for k, v in told.items() if v != ""}})
        self._then.note(what)


def _words(record: logging.LogRecord) -> str:
    if not _is_ours(record.pathname):
        return f"{record.name} said something at {Path(record.pathname).name}:{record.lineno}."
    given = record.args
    if isinstance(given, Mapping):
        return record.msg % {name: shown(each) for name, each in given.items()}
    return str(record.msg) % tuple(shown(each) for each in given) if given else str(record.msg)


def _about(record: logging.LogRecord) -> dict[str, object]:
    told = getattr(record, "about", None)
    return {str(name): shown(each) for name, each in told.items()} if isinstance(told, Mapping) else {}


def _fault(record: logging.LogRecord) -> dict[str, Any]:
    found = record.exc_info
    if not found or found[1] is None:
        return {}
    return {"kind": shown(found[1]), "at": [*_places(found[2])]}


def _places(trace: TracebackType | None) -> Iterator[str]:
    for frame in traceback.extract_tb(trace):
        if _is_ours(frame.filename):
            place = Path(frame.filename).relative_to(_OURS.parent)
            yield f"{place}:{frame.lineno} {frame.name}"


def _is_ours(file: str) -> bool:
    return Path(file).is_relative_to(_OURS)
