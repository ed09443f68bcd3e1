"""What a log may show: ids, numbers, moments and sentences of ours; never what anybody said.

A log is kept, copied and sent away by programs that know nothing of patients. So nothing is shown because it
looks harmless, but only what cannot be somebody's words: everything else is withheld.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from enum import Enum

from bot.core.errors import BookendError, Mistakes, Refused

WITHHELD = "(withheld)"
#: A case code, an item, a card, a person's or a channel's id: one word, without a space.
_ID = re.compile(r"[A-Za-z0-9_.:@/+=#-]{0,200}", re.ASCII)
#: What repeats what somebody wrote, to whoever wrote it.
_REPEATING = (Refused, Mistakes)

#: What ends a line, hides what stands in it or turns it round.
_STEERING = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+")


class Ours(str):
    """A sentence of Bookend's own, in which nobody's words stand: it may be logged as it is."""

    __slots__ = ()


def shown(value: object) -> object:
    """Return what a log may show of something."""
    match value:
        case None | bool() | int() | float() | datetime() | date() | timedelta() | Ours():
            return value
        case Enum():
            return shown(value.value)
        case str():
            return value if _ID.fullmatch(value) else WITHHELD
        case BookendError() if not isinstance(value, _REPEATING):
            # a platform's words may stand in it: they neither begin a line nor steer a terminal
            return _STEERING.sub(" ", str(value))
        case BaseException():
            return " < ".join(_kinds(value))
        case _:
            return WITHHELD


def _kinds(error: BaseException) -> Iterator[str]:
    """Name an error and what it came from, in none of their words."""
    found: BaseException | None = error
    while found is not None:
        yield type(found).__name__
        found = found.__cause__ or found.__context__
