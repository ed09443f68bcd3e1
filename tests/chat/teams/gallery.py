"""The gallery: what Teams is given for each card and form, by name and size."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from bot.chat.teams.drawing.asked import Opening
from bot.chat.teams.drawing.carried import HISTORY, Screen
from bot.chat.teams.drawing.form import form
from bot.chat.teams.drawing.kit import Drawn
from bot.chat.teams.drawing.render import HERE, drawn, line, over
from bot.core.actions import Action, Button
from bot.core.case import Outcome
from bot.core.messages import CaseView, Form, Home, Notice, TaskCard
from bot.core.replies import MessageRef
from tests.chat.gallery import edges
from tests.chat.gallery.a_day import Page, Shown
from tests.chat.gallery.whole import scenes
from tests.chat.teams.client import inputs, sent

Json = dict[str, Any]
#: Where the forms of the gallery were opened: ids as long as those of Teams.
AT = MessageRef(platform="teams", channel=f"a:1{'jo' * 25}", message="1771405800001")
OPENING = Opening(at=AT, once="f:00000000-0000-4000-8000-000000000001")
#: Which forms are also shown as they are when something is different, in a window, and sent with mistakes.
DIFFERENT = ("prep-form-one.typical", "form-every-kind.largest")
#: What stands in a channel, where everybody reads it.
CHANNEL = ("board.typical", "board.largest", "claim.typical", "coverage.typical")
JO = ("29:1jo", "Jo Park")


@cache
def gallery() -> dict[str, Json]:
    """Return what Teams is given, by name and size, as it is given to the connector; no form in a window."""
    found = {name: given(what) for name, what in scenes().items() if not isinstance(what, Home)}
    more = (_around(), _in_channels(), _different(), _mistaken())
    return found | {name: dict(what.activity()) for named in more for name, what in named}


def given(what: Shown) -> Json:
    """What Teams is given for whatever is shown; it has no Home."""
    return dict(_drawn(what).activity())


def _drawn(what: Shown) -> Drawn:
    match what:
        case Form():
            return form(what, opening=OPENING)
        case Page():
            return drawn(what.what, screen=Screen(word=what.word, about=what.about, page=what.page))
        case str():
            return over(what)
        case Home():
            raise AssertionError("Teams has no Home")
    return drawn(what)


def _around() -> Iterator[tuple[str, Drawn]]:
    """Lines that call somebody, what just happened on top of a card, and further pages."""
    yield "nudge.smallest", line("Still open.")
    yield "nudge.typical", line("Still open: First antiviral dose taken · K7Q2.", JO)
    yield "nudge.largest", line(edges.SENTENCE * 40, JO)
    undo = Button(action=Action.UNDO, label="Undo", tasks=("K7Q2:g.allergies:1:1",), revision=2)
    note = Notice(text="Allergies: confirmed · K7Q2.", tone="good", buttons=(undo,))
    for name in ("worklist.typical", "worklist.largest"):
        what = scenes()[name]
        assert isinstance(what, TaskCard)
        label, size = name.split(".")
        yield f"{label}-noted.{size}", drawn(what, note=note)
    what = scenes()["worklist.largest"]
    assert isinstance(what, TaskCard)
    yield "worklist-second.largest", drawn(what, screen=replace(HERE, page=2))
    case = scenes()["case.largest"]
    assert isinstance(case, CaseView)
    yield "screen-history.largest", drawn(case, screen=Screen(word=HISTORY, about=case.code))


def _in_channels() -> Iterator[tuple[str, Drawn]]:
    for name in CHANNEL:
        what = scenes()[name]
        assert not isinstance(what, Form | Home | Page | str)
        label, size = name.split(".")
        yield f"{label}-channel.{size}", drawn(what, channel=True)


def _different() -> Iterator[tuple[str, Drawn]]:
    for name in DIFFERENT:
        what = scenes()[name]
        assert isinstance(what, Form)
        label, size = name.split(".")
        kept = _answered(form(what, opening=OPENING))
        for outcome in (Outcome.CAUGHT, Outcome.NOT_APPLICABLE, Outcome.PROBLEM):
            yield f"{label}-{outcome}.{size}", form(what, opening=OPENING, outcome=outcome, kept=kept)
        yield f"{label}-window.{size}", form(what, opening=OPENING, dialog=True)


def _mistaken() -> Iterator[tuple[str, Drawn]]:
    """Forms that were sent, and need another look."""
    for name in DIFFERENT:
        what = scenes()[name]
        assert isinstance(what, Form)
        label, size = name.split(".")
        problems = {field.name: f"{field.label}: please look again." for field in what.parts[0].fields[:3]}
        kept = _answered(form(what, opening=OPENING))
        yield f"{label}-again.{size}", form(what, opening=OPENING, kept=kept, problems=problems)


def _answered(asked: Drawn) -> Json:
    """What comes back of a form in which the first of everything was chosen."""
    answers = {}
    for key, each in inputs(asked).items():
        first = {"Input.Number": "36.8", "Input.Date": "2027-02-01", "Input.Time": "09:05"}
        answers[key] = first.get(each["type"], "as agreed")
        if "choices" in each:
            answers[key] = each["choices"][0]["value"]
    return sent(asked, asked.content["actions"][0]["title"], **answers)
