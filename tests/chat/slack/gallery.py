"""The gallery: what Slack is given for each card and form, by name and size."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from bot.chat.slack.drawing.carried import Screen
from bot.chat.slack.drawing.home import drawn_home
from bot.chat.slack.drawing.kit import Drawn, line
from bot.chat.slack.drawing.modal import modal, otherwise
from bot.chat.slack.drawing.render import drawn, over
from bot.chat.slack.drawing.screens import drawn_screen
from bot.core.case import Outcome
from bot.core.messages import Form, Home
from tests.chat.gallery import edges
from tests.chat.gallery.a_day import Page, Shown
from tests.chat.gallery.whole import scenes

Json = dict[str, Any]
#: Which forms are also shown as they are when something is different.
DIFFERENT = ("prep-form-one.typical", "form-every-kind.largest")


@cache
def gallery() -> dict[str, Json]:
    """Return what Slack is given, by name and size; as it is given to `chat.postMessage` or `views.open`."""
    found = {name: given(what) for name, what in scenes().items()}
    return found | dict(_nudges()) | dict(_otherwise(found))


def given(what: Shown) -> Json:
    """What Slack is given for whatever is shown."""
    match what:
        case Form():
            return modal(what, channel="D0JO")
        case Home():
            return drawn_home(what)
        case Page():
            return drawn_screen(Screen(word=what.word, about=what.about, page=what.page), what.what)
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
