"""The places that a platform told us of: kept over restarts, and for every program on the same database."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from bot.core.errors import Conflict
from bot.core.outgoing import Arrangement
from bot.core.places import Place
from bot.service.practice import Practice

#: The kind of the arrangement that keeps a place, by platform and name.
PLACE = "place"
_KEPT = ("platform", "name", "conversation", "service", "member", "team", "refused")


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptPlaces:
    """The port Places."""

    practice: Practice

    def all(self, platform: str) -> Sequence[Place]:
        """Return every place of a platform."""
        with self.practice.store.reading() as reading:
            found = [_place(made) for made in reading.arrangements("", PLACE)]
        return [place for place in found if place.platform == platform]

    def keep(self, place: Place) -> None:
        """Keep a place instead of what was known of it; nothing is written where that is the same."""
        # of two programs that hear the same, one is late and may leave it
        with suppress(Conflict), self.practice.store.writing() as tx:
            made = tx.arrangement(PLACE, f"{place.platform}:{place.name}")
            if made is None:
                tx.arrange(self._fresh(place))
            elif _place(made) != place:
                tx.arrange(replace(made, at=self.practice.clock.now(), detail=_detail(place)))

    def _fresh(self, place: Place) -> Arrangement:
        return Arrangement(
            kind=PLACE,
            key=f"{place.platform}:{place.name}",
            clinic="",
            by="bookend",
            at=self.practice.clock.now(),
            detail=_detail(place),
        )


def _detail(place: Place) -> dict[str, str]:
    return {name: str(getattr(place, name)) for name in _KEPT}


def _place(made: Arrangement) -> Place:
    return Place(**{name: str(made.detail.get(name, "")) for name in _KEPT})
