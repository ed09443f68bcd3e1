"""A script as text that `bookend rehearse` reads again: one line of YAML for each line of the script."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import Any

import yaml

from bot.core import script as lines
from bot.core.case import Booking
from bot.core.conditions import Value
from bot.core.script import Script, ScriptLine
from bot.core.times import WEEKDAYS, Calendar

_WORDS: Mapping[type[ScriptLine], str] = {
    lines.AnswerWhenDue: "answer_when_due",
    lines.Nothing: "nothing",
    lines.Answer: "answer",
    lines.Amend: "amend",
    lines.Decide: "decide",
    lines.Undo: "undo",
    lines.SetFact: "set_fact",
    lines.Move: "move",
    lines.AddSession: "session",
    lines.Cancel: "cancel",
    lines.Event: "event",
    lines.Mark: "mark",
}


#: PyYAML puts whatever holds a colon in quotes; a time needs none.
_QUOTED = re.compile(r"'(\d[\dT:-]+\d)'")


class _Plain(yaml.CSafeDumper):
    """Writes words as our reader takes them: `no` and `10:00` are words like any other, without quotes."""


_Plain.yaml_implicit_resolvers = {}


def script_text(script: Script, *comments: str) -> str:
    """Return a script in YAML, with comments above it."""
    data = script_data(script)
    return "\n".join(
        [
            *(f"# {comment}" for comment in comments),
            "booking:",
            *(f"  {name}: {_flow(value)}" for name, value in data["booking"].items()),
            "script:",
            *(f"  - {_flow(line)}" for line in data["script"]),
            "",
        ]
    )


def script_data(script: Script) -> dict[str, Any]:
    """Return a script as plain data."""
    calendar = script.booking.calendar
    starts = [line.start for line in script.lines if isinstance(line, lines.Move | lines.AddSession)]
    added = sum(isinstance(line, lines.AddSession) for line in script.lines)
    sessions = len(script.booking.starts) + added
    return {
        "booking": dict(_booking(script.booking, max([*script.booking.starts, *starts]))),
        "script": [dict(_line(line, calendar, sessions)) for line in script.lines],
    }


def _flow(value: Any) -> str:
    written: str = yaml.dump(
        value, Dumper=_Plain, default_flow_style=True, sort_keys=False, allow_unicode=True, width=10**6
    )
    return _QUOTED.sub(r"\1", written.removesuffix("\n").removesuffix("\n..."))


def _booking(booking: Booking, latest: datetime) -> Iterator[tuple[str, Any]]:
    calendar = booking.calendar
    last = latest.year + 1
    yield "playbook", booking.playbook
    yield "clinic", dict(_calendar(calendar, booking.opened.year, last))
    for name, moment in (
        ("opened", booking.opened),
        ("consult", booking.consult),
        ("booked", booking.booked),
    ):
        if moment is not None:
            yield name, _moment(moment, calendar)
    yield "sessions", [_moment(start, calendar) for start in booking.starts]
    for name, value in (
        ("minutes", booking.minutes),
        ("room", booking.room),
        ("device", booking.device),
        ("operator", booking.operator),
    ):
        if value:
            yield name, str(value)
    if facts := {name: _word(value, calendar) for name, value in booking.facts.items() if value is not None}:
        yield "facts", facts
        if booking.told:
            yield "told", "yes"


def _calendar(calendar: Calendar, first: int, last: int) -> Iterator[tuple[str, Any]]:
    yield "timezone", calendar.zone.key
    yield "working_days", [WEEKDAYS[day] for day in sorted(calendar.working_days)]
    if calendar.hours:
        hours = sorted(calendar.hours.items())
        yield "open", {WEEKDAYS[day]: f"{opens:%H:%M}-{closes:%H:%M}" for day, (opens, closes) in hours}
    holidays = [day for day in sorted(calendar.holidays) if first <= day.year <= last]
    yield "holidays", [day.isoformat() for day in holidays]


def _line(line: ScriptLine, calendar: Calendar, sessions: int) -> Iterator[tuple[str, Any]]:
    """Yield what a line says, its moment first, and nothing that is usual."""
    timed = "until" if isinstance(line, lines.AnswerWhenDue | lines.Nothing) else "at"
    yield timed, _moment(lines.moment_of(line), calendar)
    yield "do", _WORDS[type(line)]
    for name in line.__dataclass_fields__:
        value = getattr(line, name)
        if name == timed or value in ((), "", {}) or (value is None and name != "value"):
            continue
        usual = (("occurrence", 1), ("outcome", "confirmed"), *((("session", 1),) if sessions == 1 else ()))
        if (name, value) not in usual:
            yield name, _plain(value, calendar)


def _plain(value: Any, calendar: Calendar) -> Any:
    if isinstance(value, Mapping):
        return {key: _word(each, calendar) for key, each in value.items()}
    # of a fact that is a number or a date, "unknown" is nothing
    return "unknown" if value is None else _word(value, calendar)


def _word(value: Value | int, calendar: Calendar) -> Any:
    match value:
        case None:
            return "null"
        case tuple():
            return list(value)
        case datetime():
            return _moment(value, calendar)
        case time():
            return f"{value:%H:%M}"
        case date():
            return value.isoformat()
        case float() | int():
            return f"{value:.9f}".rstrip("0").rstrip(".")
        case _:
            return str(value)


def _moment(moment: datetime, calendar: Calendar) -> str:
    """Return a moment as the clinic's wall time, to the second."""
    here = calendar.local(moment)
    return f"{here:%Y-%m-%dT%H:%M:%S}".removesuffix(":00")
