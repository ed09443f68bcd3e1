"""What people write in a form or a command: numbers, dates, times, and notes that must not name a patient."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, time

from bot.core.errors import WrongValues


def read_number(text: str) -> float:
    """Read 52, 36.8 or 36,8; raise ValueError. "nan" and "inf" are no numbers that anybody means."""
    if not re.fullmatch(r"-?\d{1,9}(?:[.,]\d{1,9})?", text.strip()):
        raise ValueError(f"{text!r} is not a number.")
    return float(text.strip().replace(",", "."))


#: The first year in which people are born.
EARLIEST = 1900


def read_date(text: str) -> date:
    """Read 2027-02-18, 18.2.2027 (the day first) or 18 Feb 2027; raise ValueError with an example."""
    for pattern in ("%Y-%m-%d", "%d.%m.%Y", "%d %b %Y", "%d %B %Y"):
        try:
            found = datetime.strptime(text.strip(), pattern).date()  # noqa: DTZ007 (a date has no zone)
        except ValueError:
            continue
        if found.year < EARLIEST:
            raise ValueError(f"{text!r} is before anybody here was born. Is the year right?")
        return found
    raise ValueError(f"{text!r} is not a date. Write it like 2027-02-18.")


def read_time(text: str) -> time:
    """Read 9:30, 09:30 or 9.30; raise ValueError with an example."""
    found = re.fullmatch(r"([01]?\d|2[0-3])[:.]([0-5]\d)", text.strip())
    if not found:
        raise ValueError(f"{text!r} is not a time. Write it like 09:30.")
    return time(int(found[1]), int(found[2]))


def read_start(words: Sequence[str]) -> tuple[date, time]:
    """Read a date and a time, and nothing besides: who adds "pm" or a room must not be half understood.
    Raise ValueError.
    """
    day, _, at = re.sub(r"(?<=\d)T(?=\d)", " ", " ".join(words)).rpartition(" ")
    return read_date(day), read_time(at)


#: How long a note may be: a line or two, not a letter.
LONGEST = 1000
#: Between two digits of one number.
_GAP = r"[\s.()/\u2010-\u2015-]{0,3}"
_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}"
#: A whole date of the 2020s or later: when something happened or is planned, hardly ever a birth date.
_DAY, _NUMBER, _YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"20[2-9]\d"
_LATELY = re.compile(
    rf"\b(?:{_YEAR}-{_NUMBER}-{_DAY}|{_DAY}[./-]{_DAY}[./-]{_YEAR}|{_DAY}\.? ?{_MONTH}\.?,? ?{_YEAR})\b",
    re.IGNORECASE,
)
# every repetition is bounded: no text can make one of these take long
_IDENTIFYING = (
    (re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}\.\w"), "an e-mail address"),
    (re.compile(rf"(?:\+|\b)\d(?:{_GAP}\d){{7}}"), "a phone or record number"),
    (re.compile(r"\b\d{1,2}[./-]\d{1,2}[./-](?:\d\d){1,2}\b"), "a birth date"),
    (re.compile(rf"\b\d{{1,2}}\.? ?{_MONTH}\.?,? ?(?:19|20)\d\d\b", re.IGNORECASE), "a birth date"),
    (
        re.compile(r"\b(?:dob|d\.o\.b\.?|d o b|born|birth ?date|date of birth|mrn|nhs)\b", re.IGNORECASE),
        "a birth date or record number",
    ),
)


def noted(text: str) -> str:
    """Return a typed note, trimmed; raise WrongValues if it looks as if it named a patient."""
    try:
        return unnamed(text)
    except ValueError as wrong:
        raise WrongValues({"note": str(wrong)}) from None


def unnamed(text: str) -> str:
    """Return typed words, trimmed and without characters that nobody sees; raise ValueError with what looks
    as if it named a patient.
    """
    seen = "".join(_visible(character) for character in text[: LONGEST + 1]).strip()
    if len(text) > LONGEST:
        raise ValueError(f"Please keep it under {LONGEST} characters; nothing was kept.")
    undated = _LATELY.sub("(a date)", seen)
    for pattern, what in _IDENTIFYING:
        if pattern.search(undated):
            raise ValueError(f"This looks like {what}. Please write it without; nothing was kept.")
    return seen


def _visible(character: str) -> str:
    # marks that turn the reading direction or hide between two digits
    kind = unicodedata.category(character)
    return "" if kind == "Cf" else " " if kind == "Cc" and character != "\n" else character
