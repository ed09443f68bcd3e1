"""The marks, how each may be spelled in bytes, and the search for them."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from html import escape
from itertools import count
from urllib.parse import quote, quote_plus

#: Notes that tell who a patient is, each in one way.
NOTES = {"name": "{} rang", "born": "born {}", "phone": "call {}", "record": "{}"}


class Fate(StrEnum):
    """What must become of a mark."""

    #: it goes nowhere and is kept nowhere
    NOWHERE = "nowhere"
    #: kept encrypted, shown on the page of names, and on cards where a clinic is full
    SEALED = "sealed"
    #: it names nobody: kept, and shown on cards
    STAYS = "stays"


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """A text that stands nowhere else: what it is, where it was put, and what must become of it."""

    kind: str
    text: str
    where: str
    fate: Fate


@dataclass(frozen=True, kw_only=True, slots=True)
class Trace:
    """Something that Bookend sent, said or kept: where that was, and its bytes."""

    place: str
    data: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Leak:
    """A mark that was found."""

    mark: Mark
    place: str
    spelled: str


class Planted:
    """The marks of a day; each that is drawn is another one."""

    def __init__(self) -> None:
        self.marks: list[Mark] = []
        self._numbers = count(1)

    def telling(self, where: str) -> Iterator[str]:
        """Yield notes of which each tells who a patient is: by name, birth date, telephone and record."""
        return (self.note(kind, where) for kind in NOTES)

    def note(self, kind: str, where: str) -> str:
        """Return a note that tells who a patient is in one way."""
        return NOTES[kind].format(self.drawn(kind, where))

    def drawn(self, kind: str, where: str, fate: Fate = Fate.NOWHERE) -> str:
        """Return a new mark."""
        number = next(self._numbers)
        text = {
            "name": f"Anna Quîll{_letters(number)}",
            "born": f"{date(1931, 1, 7) + timedelta(days=37 * number)}",
            "phone": f"07700 9{number:05}",
            "record": f"MRN-7{number:06}",
            "word": f"heronword{_letters(number)}",
        }[kind]
        self.marks.append(Mark(kind=kind, text=text, where=where, fate=fate))
        return text

    def of(self, fate: Fate) -> list[Mark]:
        """Return the marks of which this must become."""
        return [mark for mark in self.marks if mark.fate is fate]


def _letters(number: int) -> str:
    return "".join("bcdfghjklm"[int(digit)] + "aeiou"[int(digit) % 5] for digit in f"{number:03}")


def found(marks: Iterable[Mark], traces: Iterable[Trace]) -> list[Leak]:
    """Return every mark that stands in any trace, in whatever spelling."""
    together: dict[str, list[bytes]] = {}
    for trace in traces:
        together.setdefault(trace.place, []).append(trace.data.lower())
    whole = {place: b"\n".join(data) for place, data in together.items()}
    return [
        Leak(mark=mark, place=place, spelled=name)
        for mark in marks
        for name, sign in spellings(mark).items()
        for place, data in whole.items()
        if sign in data
    ]


def spellings(mark: Mark) -> Mapping[str, bytes]:
    """Return how a mark may stand in bytes, in small letters."""
    found: dict[str, bytes] = {}
    for form, text in _forms(mark):
        plain = text.encode()
        some = {
            "plain": plain,
            "utf-16": text.encode("utf-16-le"),
            "reversed": text[::-1].encode(),
            "percent": quote(text, safe="").encode(),
            "plus": quote_plus(text).encode(),
            "json": json.dumps(text)[1:-1].encode(),
            "html": escape(text).encode("ascii", "xmlcharrefreplace"),
            "hex": plain.hex().encode(),
            **{f"base64 {start}": _base64(plain, start) for start in range(3)},
        }
        found |= {f"{form} {name}": sign.lower() for name, sign in some.items()}
    return found


def _forms(mark: Mark) -> Iterator[tuple[str, str]]:
    yield "as typed", mark.text
    match mark.kind:
        case "name":
            # without the letter that is another byte in capitals, and in other ways of writing an accent
            yield "surname", mark.text.rpartition("î")[2]
        case "born":
            day = date.fromisoformat(mark.text)
            yield "dotted", f"{day:%d.%m.%Y}"
            yield "in words", f"{day.day} {day:%b %Y}"
        case "phone":
            yield "digits", mark.text.replace(" ", "")
        case "record":
            yield "digits", mark.text.removeprefix("MRN-")


def _base64(plain: bytes, start: int) -> bytes:
    """Return what stands for these bytes in base64, where so many others of a group of three came before."""
    whole = b64encode(b"\0" * start + plain).rstrip(b"=")
    # the letters at either end also stand for what is beside them
    return whole[(0, 2, 3)[start] : -1]
