"""The page that shows who a patient is: before the look, the look itself, the form, and afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.core.conditions import shown
from bot.core.identity import Identity
from bot.paper.pages import template

#: Seconds after which a name leaves the screen by itself.
HIDES = 60


@dataclass(frozen=True, kw_only=True, slots=True)
class Input:
    """One input of the form; `type` is HTML's."""

    name: str
    label: str
    type: str = "text"
    value: str = ""
    error: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """What stands on the page; with `hides` it leaves after so many seconds, and `over` follows."""

    title: str
    label: str = ""
    problem: str = ""
    lines: Sequence[str] = ()
    known: Sequence[tuple[str, str]] = ()
    fields: Sequence[Input] = ()
    correct: str = ""
    action: str = ""
    button: str = ""
    hides: int = 0
    over: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Typed:
    """What came back in the form, and what needs another look."""

    told: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)


def before(*, code: str, label: str, reader: str, action: str) -> str:
    """Draw what a link opens: nothing is shown yet, and the look is not counted."""
    lines = (
        f"This page is for {reader} alone. If that is not you, please close it.",
        "The name is shown once. Your look is written into the history of the case.",
        "The code never replaces the check at the bedside: ask the patient for name and date of birth.",
    )
    return _drawn(Page(title=f"Who is {code}?", label=label, lines=lines, action=action, button="Show me"))


def to_open(*, title: str, label: str, reader: str, action: str) -> str:
    """Draw what a link to a sheet opens: a button, since programs that preview links press none."""
    lines = (
        f"This page is for {reader} alone. If that is not you, please close it.",
        "The sheet shows codes and no name. Tear it up when its day is over.",
    )
    return _drawn(Page(title=title, label=label, lines=lines, action=action, button="Open the sheet"))


def seen(*, label: str, identity: Identity, correct: str, over: str) -> str:
    """Draw who it is; the name leaves the screen by itself."""
    page = Page(
        title=identity.name,
        label=label,
        lines=(f"This page hides itself after {HIDES} seconds.",),
        known=_known(identity),
        correct=correct,
        hides=HIDES,
        over=over,
    )
    return _drawn(page)


def form(*, code: str, label: str, action: str, known: bool, typed: Typed) -> str:
    """Draw the form in which somebody writes down who it is; it hides nothing while they type."""
    page = Page(
        title=f"Who is {code}?" if known else f"Nobody wrote down who {code} is",
        label=label,
        problem="Please look at the form once more." if typed.problems else "",
        lines=("This takes the place of what was written before.",)
        if known
        else ("Look in your appointment book for the code. If you know the patient, write it down here.",),
        fields=_fields(typed),
        action=action,
        button="Keep it",
    )
    return _drawn(page)


def kept(*, code: str, label: str, identity: Identity, over: str) -> str:
    """Draw what was written down."""
    lines = (f"{code} is written down, encrypted and apart from everything else.",)
    page = Page(title=identity.name, label=label, lines=lines, known=_known(identity), hides=HIDES, over=over)
    return _drawn(page)


def over(why: str) -> str:
    """Draw a page that shows nothing any more."""
    return _drawn(Page(title="Nothing to see here", lines=(why,)))


def _known(identity: Identity) -> tuple[tuple[str, str], ...]:
    record = (("Record number", identity.record),) if identity.record else ()
    return (("Date of birth", shown(identity.born)), *record)


def _fields(typed: Typed) -> tuple[Input, ...]:
    labels = {"name": "Full name", "born": "Date of birth", "record": "Record number, if you have one"}
    return tuple(
        Input(
            name=name,
            label=label,
            type="date" if name == "born" else "text",
            value=typed.told.get(name, ""),
            error=typed.problems.get(name, ""),
        )
        for name, label in labels.items()
    )


def _drawn(page: Page) -> str:
    return template("who.html").render(page=page)
