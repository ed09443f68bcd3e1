"""Which column of a clinic's book is which: guessed by its heading, said once, remembered.

Columns that say who the patient is are never read: only a column that has a meaning here is read at all, and
none of these can be given one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.core.errors import BookendError, did_you_mean

#: Our columns, what each is, and headings that mean it, in plain letters.
OURS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "number": (
        "the appointment's own number",
        (
            *("appointmentid", "appointmentno", "appointmentnumber", "apptid", "apptno", "bookingid"),
            *("bookingno", "bookingnumber", "bookingref", "bookingreference", "id", "no", "number"),
            *("ref", "reference", "terminnr", "terminnummer"),
        ),
    ),
    "procedure": (
        "what is done",
        (
            "procedure",
            "treatment",
            "service",
            "appointmenttype",
            "appttype",
            "type",
            "behandlung",
            "leistung",
        ),
    ),
    "start": (
        "when it starts: date and time",
        ("start", "starts", "starttime", "startsat", "datetime", "dateandtime", "begin", "begins", "beginn"),
    ),
    "date": (
        "the day, where date and time stand apart",
        ("date", "day", "appointmentdate", "apptdate", "startdate", "datum"),
    ),
    "time": ("the time of day", ("time", "appointmenttime", "appttime", "from", "uhrzeit", "zeit", "von")),
    "room": ("where", ("room", "location", "treatmentroom", "resource", "raum", "zimmer")),
    "operator": (
        "who operates",
        ("operator", "provider", "practitioner", "clinician", "therapist", "staff", "with", "behandler"),
    ),
    "minutes": (
        "how long it takes",
        (
            "minutes",
            "min",
            "mins",
            "duration",
            "durationmin",
            "durationminutes",
            "length",
            "dauer",
            "dauermin",
        ),
    ),
    "session": ("which session of a course", ("session", "sessionno", "sessionnumber", "sitzung")),
    "course": (
        "what the sessions of one course share",
        ("course", "courseno", "courseid", "treatmentplan", "plan", "planno", "planid", "package", "kur"),
    ),
    "status": ("whether it is still on", ("status", "state", "appointmentstatus", "bookingstatus")),
}
_WHO = re.compile(
    r"(patient|client|customer|guest|kunde|birth|geburt|phone|mobile|telephone|e?mail|address|adresse|street|strasse"
    r"|postcode|insurance|versicher|passport|surname|forename|vorname|nachname|emergency|lastname|firstname|record)"
    r"|(dob|tel|fax|zip|plz|city|ort|mrn|chart|file|nhs|ssn|gender|sex|age|alter|kin)$",
)
_WORDS = re.compile(r"[^\W_]+")
#: Beside one of these, a name is nobody's who is treated.
_OURS = {
    *("provider", "operator", "practitioner", "clinician", "staff", "therapist", "room", "service"),
    *("procedure", "treatment", "device", "location"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Columns:
    """Where our columns stand in a sheet, and what is not read of it."""

    at: Mapping[str, int]
    headings: tuple[str, ...]
    #: Columns that say who the patient is.
    dropped: tuple[str, ...] = ()
    #: Columns that mean nothing here.
    unused: tuple[str, ...] = ()

    def heading(self, ours: str) -> str:
        """Return how the sheet calls one of our columns."""
        return self.headings[self.at[ours]] if ours in self.at else ours


def says_who(heading: str) -> bool:
    """Say whether a heading is that of a column that tells who the patient is."""
    words = [word.casefold() for word in _WORDS.findall(_split(heading))]
    named = any(word.endswith("name") for word in words) and _OURS.isdisjoint(words)
    return named or any(_WHO.match(word) for word in (*words, "".join(words)))


def _split(heading: str) -> str:
    # FirstName is two words
    return re.sub(r"(?<=[a-zäöü])(?=[A-ZÄÖÜ])", " ", heading)


def find_columns(
    headings: tuple[str, ...], said: Mapping[str, str], remembered: Mapping[str, str]
) -> Columns:
    """Return which column is which: as it is said now, as it was said before, else as its heading reads."""
    at = {ours: _place(ours, theirs, headings) for ours, theirs in said.items()}
    for ours, theirs in remembered.items():
        if ours not in at and theirs in headings:
            at[ours] = headings.index(theirs)
    who = {index for index, heading in enumerate(headings) if says_who(heading)}
    for index, heading in enumerate(headings):
        ours = _guess(heading)
        if ours and ours not in at and index not in at.values():
            at[ours] = index
    _enough(at, headings)
    rest = [index for index, heading in enumerate(headings) if heading and index not in at.values()]
    return Columns(
        at=at,
        headings=headings,
        dropped=tuple(headings[index] for index in rest if index in who),
        unused=tuple(headings[index] for index in rest if index not in who),
    )


def _place(ours: str, theirs: str, headings: tuple[str, ...]) -> int:
    if ours not in OURS:
        raise BookendError(
            f"There is no column {ours!r} to map: {', '.join(OURS)}.{did_you_mean(ours, OURS)}"
        )
    if theirs not in headings:
        raise BookendError(
            f"The file has no column {theirs!r}; it has {', '.join(map(repr, filter(None, headings)))}."
            f"{did_you_mean(theirs, headings)}"
        )
    if says_who(theirs):
        raise BookendError(
            f"{theirs!r} says who the patient is, and is not read. Name a column that does not, such as the"
            " appointment's own number."
        )
    return headings.index(theirs)


def _guess(heading: str) -> str:
    plain = "".join(_WORDS.findall(heading)).casefold()
    return next((ours for ours, (_, words) in OURS.items() if plain in words), "")


def _enough(at: Mapping[str, int], headings: Iterable[str]) -> None:
    missing = [ours for ours in ("procedure",) if ours not in at]
    missing += ["start"] if "start" not in at and not {"date", "time"} <= at.keys() else []
    if missing:
        named = " and ".join(f"`{each}` ({OURS[each][0]})" for each in missing)
        has = ", ".join(repr(each) for each in headings if each)
        raise BookendError(
            f"Which column is {named}? Say it once with --map {missing[0]}=HEADING. The file has: {has}."
        )
