"""Instants behind words: which moment "Mon 16 Feb 09:30" on a card is, for readers in another zone.

A card says the clinic's wall time, in plain words. Whoever draws one listens meanwhile: `wording` tells each
moment that it puts into words, and which words are a person's own. A platform that knows its reader's zone
can then show the moment itself. Words that would mean two moments on one card stay words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime

#: A moment as `wording` writes it: "09:30", and of another day "Mon 16 Feb 09:30".
_MOMENT = r"(?<!\w)(?<!\d:)(?:[A-Z][a-z]{2} \d{1,2} [A-Z][a-z]{2} )?\d\d:\d\d(?!\w|:\d)"


@dataclass(frozen=True, kw_only=True, slots=True)
class Instants:
    """What the words on a card mean; `own` are words of people in which a time is nothing but text. `days`
    says of a time that stands without its day which day it is in the clinic: "09:30" -> "Mon 16 Feb".
    """

    times: Mapping[str, datetime] = field(default_factory=dict)
    own: tuple[str, ...] = ()
    days: Mapping[str, str] = field(default_factory=dict)

    def pieces(self, text: str) -> Iterator[tuple[str, datetime | None]]:
        """Cut a text into words, each with the moment that it is, if it is one; joined they are the text."""
        end = 0
        for found in re.finditer("|".join([*map(re.escape, self.own), _MOMENT]), text):
            yield text[end : found.start()], None
            yield found[0], None if found[0] in self.own else self.times.get(found[0])
            end = found.end()
        yield text[end:], None


@dataclass(frozen=True, kw_only=True, slots=True)
class Listening:
    """What was told while somebody listened."""

    told: list[tuple[str, datetime]] = field(default_factory=list)
    own: set[str] = field(default_factory=set)
    days: dict[str, str] = field(default_factory=dict)

    @property
    def instants(self) -> Instants:
        """Return the words that mean one moment, and those that are people's own, the longest first."""
        meant: dict[str, set[datetime]] = {}
        for words, at in self.told:
            meant.setdefault(words, set()).add(at.replace(second=0, microsecond=0))
        times = {words: at for words, (at, *others) in meant.items() if not others}
        own = tuple(sorted(self.own, key=lambda words: (-len(words), words)))
        return Instants(times=times, own=own, days=dict(self.days))


_LISTENING: ContextVar[Listening | None] = ContextVar("listening", default=None)


@contextmanager
def listening() -> Iterator[Listening]:
    """Listen to the moments that are put into words meanwhile."""
    heard = Listening()
    before = _LISTENING.set(heard)
    try:
        yield heard
    finally:
        _LISTENING.reset(before)


def told(words: str, at: datetime, day: str = "") -> str:
    """Return the words of a moment as they are, and let whoever listens know which it is, and of which `day`
    where they do not say it.
    """
    if (heard := _LISTENING.get()) is not None:
        heard.told.append((words, at))
        if day:
            heard.days[words] = day
    return words


def own(words: str) -> str:
    """Return a person's words as they are, and let whoever listens know that a time in them is but text."""
    # words reach a card on one line, and only those with a time in them need to be told apart
    if (heard := _LISTENING.get()) is not None and re.search(r"\d\d:\d\d", words):
        heard.own.add(" ".join(words.split()))
    return words
