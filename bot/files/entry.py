"""An entry: what somebody wrote at one place of a file, and the typed questions it can be asked.

Each question answers with a value of the asked type, always. Where the entry cannot give one, it notes the
mistake with its place and answers with a harmless stand-in, so that reading goes on and all mistakes of a
file come out in one go. Whoever asked raises `Mistakes` in the end; a stand-in never leaves `bot.files`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from typing import TypeVar

from bot.core.errors import Mistake, did_you_mean

Content = str | list["Entry"] | dict[str, tuple["Entry", "Entry"]]
Answer = TypeVar("Answer")
Other = TypeVar("Other")
Member = TypeVar("Member", bound=StrEnum)

#: Minutes that a procedure can take: a day.
LONGEST = 24 * 60
#: So many mistakes of a file say what may have been meant.
MOST_HINTS = 100
#: What a date that could not be read becomes.
STAND_IN = date(2000, 1, 1)
#: Years in which people are born and treated: adding months to a date never leaves the calendar.
YEARS = range(1900, 2200)
_NOTHING = {"", "null", "Null", "NULL", "~"}
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,9})?")
_WHOLE = re.compile(r"\d{1,9}")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(?::([0-5]\d))?")


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """A file and the mistakes found in it so far; `hinted` are the places of which a hint was looked for."""

    file: str
    mistakes: list[Mistake] = field(default_factory=list)
    hinted: set[tuple[int, int]] = field(default_factory=set)

    def wrong(self, what: str, *, line: int = 0, column: int = 0) -> None:
        """Note a mistake; `line` and `column` count from 0, as the parser does."""
        self.mistakes.append(Mistake(file=self.file, line=line + 1, column=column + 1, what=what))


@dataclass(kw_only=True, slots=True, eq=False)
class Entry:
    """A word, list or mapping and its place, counted from 0; `plain` words stood without quotes."""

    source: Source
    line: int = 0
    column: int = 0
    content: Content = ""
    plain: bool = True
    #: What `bot.files.digests` made of it.
    said: str = ""

    def wrong(self, what: str) -> None:
        """Note a mistake at this place."""
        self.source.wrong(what, line=self.line, column=self.column)

    @property
    def missing(self) -> bool:
        """Say whether nothing stands here: an empty value or an unquoted null."""
        return self.plain and isinstance(self.content, str) and self.content in _NOTHING

    @property
    def is_word(self) -> bool:
        """Say whether a single word or text stands here."""
        return isinstance(self.content, str) and not self.missing

    @property
    def is_list(self) -> bool:
        """Say whether a list stands here."""
        return isinstance(self.content, list)

    @property
    def is_mapping(self) -> bool:
        """Say whether a mapping stands here."""
        return isinstance(self.content, dict)

    @property
    def shown(self) -> str:
        """Describe what stands here, for a message."""
        if isinstance(self.content, str):
            short = self.content if len(self.content) <= 40 else f"{self.content[:37]}..."
            return "nothing" if self.missing else repr(short)
        return "a list" if isinstance(self.content, list) else "a mapping"

    # Mappings

    def pairs(self) -> list[tuple[Entry, Entry]]:
        """Return the names and values of a mapping."""
        if isinstance(self.content, dict):
            return list(self.content.values())
        self.wrong(f"expected `name: value` lines, found {self.shown}")
        return []

    def only(self, *known: str) -> bool:
        """Say whether all names of a mapping are known here, and note each that is not."""
        clear = len(self.source.mistakes)
        for key, _ in self.pairs():
            key.known(known, "key")
        return len(self.source.mistakes) == clear

    def get(self, name: str) -> Entry | None:
        """Return what stands under a name, `None` if nothing does."""
        if isinstance(self.content, dict) and name in self.content:
            value = self.content[name][1]
            return None if value.missing else value
        return None

    def need(self, name: str) -> Entry:
        """Return what stands under a name, else note that it is missing and return an entry nobody hears."""
        found = self.get(name)
        if found is None:
            if isinstance(self.content, dict):
                self.wrong(f"`{name}` is missing")
            return Entry(source=Source(file=self.source.file), line=self.line, column=self.column)
        return found

    def maybe(self, name: str, ask: Callable[[Entry], Answer], otherwise: Other) -> Answer | Other:
        """Return what stands under a name, asked in the given way, or the other value if nothing does."""
        found = self.get(name)
        return otherwise if found is None else ask(found)

    # Lists

    def each(self) -> list[Entry]:
        """Return the items of a list."""
        if isinstance(self.content, list):
            return self.content
        self.wrong(f"expected a list such as [a, b], found {self.shown}")
        return []

    def texts(self) -> tuple[str, ...]:
        """Return the items of a list of texts."""
        return tuple(each.text() for each in self.each())

    def all_of(self, words: Iterable[str]) -> tuple[str, ...]:
        """Return the items of a list in which each is one of these words."""
        words = tuple(words)
        return tuple(each.one_of(words) for each in self.each())

    # Single values

    def text(self) -> str:
        """Return a text that is not empty."""
        if isinstance(self.content, str) and not self.missing and self.content.strip():
            return self.content.strip()
        self.wrong(f"expected text, found {self.shown}")
        return ""

    def known(self, names: Iterable[str], kind: str) -> str:
        """Return the word if it is one of the names of that kind, which are too many to list."""
        names = tuple(names)
        word = self.content if isinstance(self.content, str) else ""
        if word not in names:
            self.wrong(f"there is no {kind} {self.shown} here.{self._nearest(word, names)}")
        return word

    def one_of(self, words: Iterable[str]) -> str:
        """Return the word if it is one of these few."""
        words = tuple(words)
        word = self.content if isinstance(self.content, str) else ""
        if word in words:
            return word
        self.wrong(f"expected one of {', '.join(words)}, found {self.shown}.{self._nearest(word, words)}")
        return words[0] if words else ""

    def _nearest(self, word: str, known: Iterable[str]) -> str:
        # looking for what was meant takes long: of a file in which nearly all is wrong, not for each
        hinted = self.source.hinted
        if len(hinted) < MOST_HINTS:
            hinted.add((self.line, self.column))
        return nearest(word, known) if (self.line, self.column) in hinted else ""

    def member(self, kind: type[Member], *members: Member) -> Member:
        """Return the member of an enumeration (or of those named of it) that the word names."""
        return kind(self.one_of(each.value for each in members or tuple(kind)))

    def flag(self) -> bool:
        """Return yes as true and no as false; true and false are understood, too."""
        if self.content in ("true", "false"):
            return self.content == "true"
        return self.one_of(("yes", "no")) == "yes"

    def number(self) -> float:
        """Return a number, whole where it is written whole."""
        if isinstance(self.content, str) and _NUMBER.fullmatch(self.content):
            return float(self.content) if "." in self.content else int(self.content)
        self.wrong(f"expected a number, found {self.shown}")
        return 0

    def whole(self, *, least: int = 0, most: int | None = None) -> int:
        """Return a whole number that is not below the least, nor above the most."""
        if isinstance(self.content, str) and _WHOLE.fullmatch(self.content):
            number = int(self.content)
            if number >= least and (most is None or number <= most):
                return number
        limits = f"of at least {least}" if most is None else f"from {least} to {most}"
        self.wrong(f"expected a whole number {limits}, found {self.shown}")
        return least

    def day(self) -> date:
        """Return a calendar date."""
        return day(self, self.content if isinstance(self.content, str) else "")

    def clock(self) -> time:
        """Return a wall time."""
        return clock(self, self.content if isinstance(self.content, str) else "")

    def moment(self) -> tuple[date, time]:
        """Return a date and a wall time of the clinic; a zone is refused, the clinic has its own."""
        found = _MOMENT.fullmatch(self.content) if isinstance(self.content, str) else None
        if found:
            return day(self, found[1]), clock(self, found[2]).replace(second=int(found[3] or 0))
        self.wrong(
            f"expected the clinic's date and time such as 2027-02-18T09:30 (no zone), found {self.shown}"
        )
        return STAND_IN, time(0)


def day(entry: Entry, written: str) -> date:
    """Return the date written in (a part of) an entry."""
    try:
        if _DAY.fullmatch(written) and date.fromisoformat(written).year in YEARS:
            return date.fromisoformat(written)
        entry.wrong(f"expected a date such as 2027-02-15, found {entry.shown}")
    except ValueError:
        entry.wrong(f"there is no such date as {written!r}")
    return STAND_IN


def clock(entry: Entry, written: str) -> time:
    """Return the wall time written in (a part of) an entry."""
    found = _CLOCK.fullmatch(written)
    if found and int(found[1]) < 24 and int(found[2]) < 60:
        return time(int(found[1]), int(found[2]))
    problem = "there is no such time of day as" if found else "expected a time such as 09:30, found"
    entry.wrong(f"{problem} {written!r}" if written else f"{problem} {entry.shown}")
    return time(0)


def plain_id(entry: Entry, kind: str) -> str:
    """Return the short name of a clinic, person, room or playbook."""
    name = entry.text()
    if name and not _ID.fullmatch(name):
        entry.wrong(f"a {kind} is named in small letters, digits, - and _, not {name!r}")
    return name


def nearest(word: str, known: Iterable[str]) -> str:
    """Return " Did you mean ...?", also where only capitals differ or true stands for yes."""
    known = tuple(str(each) for each in known)
    same = {"true": "yes", "false": "no"}.get(word.lower(), word.lower())
    return f" Did you mean {same!r}?" if same != word and same in known else did_you_mean(word, known)
