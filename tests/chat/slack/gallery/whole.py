"""The gallery: what Slack is given for each card and form, by name and size."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import chain

from bot.chat.slack.drawing.kit import Drawn, line
from bot.chat.slack.drawing.modal import modal, otherwise
from bot.chat.slack.drawing.render import drawn, over
from bot.core.case import Outcome
from bot.core.messages import Card, Form, Response
from tests.chat.slack.gallery import a_day, edges, the_people
from tests.chat.slack.gallery.a_day import Json

TYPICAL = (
    *(a_day.whole_case, a_day.busy, a_day.stops, a_day.lapsing, a_day.urgent),
    *(the_people.handed_over, the_people.claimed, the_people.uncovered, the_people.out_of_use),
    *(the_people.differing, the_people.moments, the_people.on_the_day, the_people.asked_again),
    the_people.booked,
)
#: Which forms are also shown as they are when something is different.
DIFFERENT = ("prep-form-one.typical", "form-every-kind.largest")


@cache
def gallery() -> dict[str, Json]:
    """Return what Slack is given, by name and size; as it is given to `chat.postMessage` or `views.open`."""
    sized = {
        "smallest": edges.smallest(),
        "typical": chain.from_iterable(scene() for scene in TYPICAL),
        "largest": edges.largest(),
    }
    found = {f"{name}.{size}": given(what) for size, named in sized.items() for name, what in named}
    return found | dict(_nudges()) | dict(_otherwise(found))


def given(what: Card | Response | str | Json) -> Json:
    """What Slack is given for a card, a form, or the line that says why a card is over."""
    if isinstance(what, dict):
        return what
    if isinstance(what, Form):
        return modal(what, channel="D0JO")
    return _message(over(what) if isinstance(what, str) else drawn(what))


def _message(what: Drawn) -> Json:
    return {"text": what.text, "blocks": what.json()}


def _nudges() -> Iterator[tuple[str, Json]]:
    yield "nudge.smallest", _message(line("Still open."))
    yield "nudge.typical", _message(line("Still open: First antiviral dose taken · K7Q2.", "U0JO"))
    yield "nudge.largest", _message(line(edges.SENTENCE * 40, "U0JO"))


def _otherwise(found: dict[str, Json]) -> Iterator[tuple[str, Json]]:
    for place in DIFFERENT:
        name, size = place.split(".")
        for outcome in (Outcome.CAUGHT, Outcome.NOT_APPLICABLE, Outcome.PROBLEM):
            yield f"{name}-{outcome}.{size}", otherwise(found[place], outcome)
