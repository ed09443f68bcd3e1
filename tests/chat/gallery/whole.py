"""All of it, by name and size, in no platform's terms: each platform draws it in its own."""

from __future__ import annotations

from functools import cache
from itertools import chain

from tests.chat.gallery import a_day, edges, the_evening, the_people
from tests.chat.gallery.a_day import Shown
from tests.chat.gallery.by_name import by_name

_TYPICAL = (
    *(a_day.whole_case, a_day.busy, a_day.stops, a_day.lapsing, a_day.urgent),
    *(the_people.handed_over, the_people.claimed, the_people.uncovered, the_people.out_of_use),
    *(the_people.differing, the_people.moments, the_people.on_the_day, the_people.asked_again),
    *(the_people.booked, the_evening.not_gone_out, the_evening.on_paper),
)


@cache
def scenes() -> dict[str, Shown]:
    """Return what people are shown; the usual days are played by the real service."""
    sized = {
        "smallest": edges.smallest(),
        "typical": chain.from_iterable(scene() for scene in _TYPICAL),
        "largest": edges.largest(),
    }
    drawn = {size: [*named] for size, named in sized.items()}
    return {
        f"{name}.{size}": what
        for size, named in drawn.items()
        for name, what in chain(named, by_name(size, named))
    }
