"""Who a patient is, kept apart from everything else: shown on one page of ours, and never in chat."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from bot.core.errors import WrongValues
from bot.core.written import read_date

#: No name or record number is longer.
LONGEST = 120
#: Nobody was born before.
EARLIEST = date(1900, 1, 1)
#: What steers a screen or turns the reading direction: a name must read as it was written. The two that join
#: and part letters, as some scripts need them, stay.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Identity:
    """Two identifiers of a patient and, where the clinic has one, the number of their record."""

    name: str
    born: date
    record: str = ""


def read_identity(name: str, born: str, record: str, *, today: date) -> Identity:
    """Return what was typed; raise WrongValues with every field that needs another look."""
    problems: dict[str, str] = {}
    name, record = (re.sub(r"\s+", " ", _UNSEEN.sub(" ", each)).strip() for each in (name, record))
    if not any(each.isalpha() for each in name):
        problems["name"] = "Please write the name as it stands on the patient's identity card."
    problems |= {
        field: f"Please keep it under {LONGEST} characters."
        for field, text in (("name", name), ("record", record))
        if len(text) > LONGEST
    }
    day = _born(born, today, problems)
    if problems or day is None:
        raise WrongValues(problems)
    return Identity(name=name, born=day, record=record)


def _born(text: str, today: date, problems: dict[str, str]) -> date | None:
    try:
        day = read_date(text)
    except ValueError:
        problems["born"] = "Please write the date of birth like 1984-03-27."
        return None
    if not EARLIEST <= day <= today:
        problems["born"] = f"{day.isoformat()} cannot be a date of birth. Please look again."
    return day
