"""The same cards where a clinic lets names in (`privacy: full`): each kind that has a place for one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.core.messages import Notice
from bot.core.named import codes_on, named
from tests.chat.gallery.a_day import Named, Page, Shown

#: A name that stands in no other text, and one that tries all that a name could do to a message.
NAME = "Ada Zebrafinch"
HOSTILE = "Zebrafinch <!channel> <https://a.b|c> *A* [x](javascript:y)"
#: Of a usual day, one of each kind.
_TYPICAL = (
    *("prep", "doctor", "room", "timeout", "record", "after", "prep-answered", "worklist-six", "clearance"),
    *("desk-arrivals", "decision", "decision-settled", "settling", "case", "screen-history", "mine", "claim"),
    *("overdue", "home-nurse", "home-manager", "board", "status", "prep-form-one", "decide-form"),
)
_LARGEST = ("worklist", "decision", "board", "case", "home", "form-every-kind")
#: What the cards of a size are called by.
_OF_SIZE = {"typical": (_TYPICAL, NAME), "largest": (_LARGEST, HOSTILE)}


def by_name(size: str, scenes: Iterable[Named]) -> Iterator[Named]:
    """Yield those of some scenes that show names, as they do then."""
    chosen, name = _OF_SIZE.get(size, ((), ""))
    for scene, what in scenes:
        if scene in chosen:
            yield f"{scene}-by-name", shown(what, name)


def shown(what: Shown, name: str) -> Shown:
    """What is shown where every code stands for somebody of this name."""
    if isinstance(what, Page):
        seen = shown(what.what, name)
        assert not isinstance(seen, Page | str)
        return replace(what, what=seen)  # type: ignore[arg-type]
    assert not isinstance(what, str | Notice)
    return named(what, dict.fromkeys(codes_on(what), name))
