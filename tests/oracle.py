"""A second reading of the rules of time, to judge the first: what a booking's plan must be.

Written from the rules and the tables alone and on purpose unlike `bot.core.plan`: it imports nothing of
`bot`, knows no playbook file, no `Step` and no `Condition`, and finds daylight saving by walking UTC. It
takes a booking as `bookend plan` does and gives the rows that `bookend plan --json` must print. What happens
to them afterwards is read in `tests.bookings.playing`.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

Row = Mapping[str, Any]
TABLES = json.loads(Path(__file__).with_name("data").joinpath("clinical-tables.json").read_text("utf-8"))
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
QUARTER = timedelta(minutes=15)
#: A playbook's first allowed device, where it is not a laser.
DEVICES = {"pel": "chemical", "mnd": "rf"}


def plan(booking: Row, rows: Iterable[Row] | None = None) -> list[dict[str, Any]]:
    """Return every task of a booking, by due time, then id; `rows` stand in for those of the tables."""
    wanted = list(rows_of(booking["playbook"]) if rows is None else rows)
    starts = booking.get("sessions") or [booking["start"]]
    found = [
        task
        for number, start in enumerate(starts, start=1)
        for row in wanted
        if row["phase"] not in ("event", "cancel", "move")
        if row["scope"] == "session" or number == 1
        if applies(row["when"], facts_of(booking, number, len(starts)))
        for task in [_task(row, booking, number, start)]
    ]
    return sorted(found, key=lambda task: (task["due_utc"], task["id"], task["session"]))


def rows_of(playbook: str) -> Iterator[Row]:
    """Yield the rows of the tables that a playbook is made of."""
    return (row for row in TABLES["steps"] if row["file"] in ("every-procedure", playbook))


def facts_of(booking: Row, number: int, sessions: int) -> dict[str, Any]:
    """Return what conditions read: the first value where nothing is named, and the place in the course."""
    first = {name: words[0] for name, words in TABLES["facts"].items() if isinstance(words, list)}
    device = DEVICES.get(booking["playbook"], "laser")
    place: dict[str, Any] = {"session_no": 1, "last_session": "yes"}
    facts = {**first, "age": 40, "device_class": device, **place, **booking.get("facts", {})}
    if booking.get("sessions"):
        facts |= {"session_no": number, "last_session": "yes" if number == sessions else "no"}
    return facts | {"playbook": booking["playbook"]}


def applies(when: str, facts: Mapping[str, Any]) -> bool:
    """Judge a condition such as "anaesthesia != none or sedation != none"; `and` binds tighter than `or`."""
    return when == "always" or any(
        all(_true(each, facts) for each in part.split(" and ")) for part in when.split(" or ")
    )


def _true(comparison: str, facts: Mapping[str, Any]) -> bool:
    name, sign, wanted = comparison.split(" ", 2)
    value = facts[name]
    match sign:
        case "=":
            return bool(value == wanted)
        case "!=":
            return bool(value != wanted)
        case "in":
            return value in wanted.strip("[]").split(", ")
        case "<":
            return bool(value < float(wanted))
        case ">":
            return bool(value > float(wanted))
    raise ValueError(comparison)


def _task(row: Row, booking: Row, number: int, start: str) -> dict[str, Any]:
    zone = booking["clinic"]["timezone"]
    begins = to_utc(start, zone)
    anchors = {
        **session_anchors(begins, booking["minutes"], facts_of(booking, 1, 1)),
        "CONSULT": to_utc(booking["consult"], zone),
        "BOOKED": to_utc(booking["booked"], zone),
    }
    return described(row, number) | dated(row, anchors, booking["clinic"], to_utc(booking["opened"], zone))


def described(row: Row, session: int) -> dict[str, Any]:
    """Return what is printed of a task however it is dated."""
    named = {"id": row["id"], "session": session}
    return named | {name: row[name] for name in ("phase", "role", "stop")}


def dated(row: Row, anchors: Mapping[str, datetime], clinic: Row, floor: datetime) -> dict[str, Any]:
    """Date a row; what would be due before `floor` is due then, late, and never on call."""
    due, on_call = due_of(row["due"], anchors, clinic)
    late = due < floor
    due = max(due, floor)
    return {
        "due_local": due.astimezone(ZoneInfo(clinic["timezone"])).strftime("%Y-%m-%dT%H:%M"),
        "due_utc": due.strftime("%Y-%m-%dT%H:%MZ"),
        "on_call": on_call and not late,
        "late": late,
    }


def session_anchors(begins: datetime, minutes: int, facts: Row) -> dict[str, datetime]:
    """Return the moments that belong to a session: its start, its end and the arrival before it."""
    early = facts["anaesthesia"] in ("topical", "topical_and_injected") or facts["sedation"] != "none"
    return {
        "T0": begins,
        "END": begins + timedelta(minutes=minutes),
        "ARRIVE": begins - timedelta(minutes=90 if early else 45),
    }


def due_of(text: str, anchors: Mapping[str, datetime], clinic: Row) -> tuple[datetime, bool]:
    """Return the moment that "T0-14d@09:00 prev" names, and whether it stayed on a closed day."""
    if minutes := re.fullmatch(r"([A-Z]+0?)([+-]\d+)m", text):
        return anchors[minutes[1]] + timedelta(minutes=int(minutes[2])), False
    anchor, days, at, closed = re.fullmatch(r"([A-Z]+0?)([+-]\d+)d@(\S+) (\w+)", text).groups()  # type: ignore[union-attr]
    here = ZoneInfo(clinic["timezone"])
    day = anchors[anchor].astimezone(here).date() + timedelta(days=int(days))
    step = {"prev": -1, "next": 1, "none": 0}[closed]
    while step and is_closed(day, clinic):
        day += timedelta(days=step)
    return to_utc(f"{day}T{at}", clinic["timezone"]), is_closed(day, clinic)


def is_closed(day: date, clinic: Row) -> bool:
    """Say whether the clinic does not work on a date."""
    return DAYS[day.weekday()] not in clinic["working_days"] or day.isoformat() in clinic["holidays"]


def to_utc(wall: str, zone: str) -> datetime:
    """Return the first instant that shows a wall time, or the first minute after it where none does."""
    asked = datetime.fromisoformat(wall)
    quarter = asked - timedelta(minutes=asked.minute % 15)
    shown = _shown(zone, asked.date())
    if quarter in shown:
        return shown[quarter] + (asked - quarter)
    return min(moment for later, moment in shown.items() if later > asked)


@cache
def _shown(zone: str, day: date) -> dict[datetime, datetime]:
    # every change of a clock in these years falls on a quarter-hour of UTC
    here, shown = ZoneInfo(zone), dict[datetime, datetime]()
    first = datetime.combine(day, time(), UTC) - timedelta(hours=24)
    for number in range(4 * 72):
        moment = first + number * QUARTER
        shown.setdefault(moment.astimezone(here).replace(tzinfo=None), moment)
    return shown
