"""The page that shows who a patient is: before the look, the look itself with its form, and afterwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.core.conditions import shown
from bot.core.identity import Identity
from bot.paper.render import template

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
    fold: str = ""
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


def seen(
    *, code: str, label: str, identity: Identity | None, action: str, over: str, may_write: bool, typed: Typed
) -> str:
    """Draw the look: who it is where that is known, and a form for what is not."""
    if identity is None:
        title, lines = f"Nobody wrote down who {code} is", ("Look in your appointment book for the code.",)
    else:
        title, lines = identity.name, (f"This page hides itself after {HIDES} seconds.",)
    page = Page(
        title=title,
        label=label,
        problem="Please look at the form once more." if typed.problems else "",
        lines=lines,
        known=_known(identity),
        fields=_fields(identity, typed) if may_write else (),
        fold="Correct it" if identity else "",
        action=action,
        button="Keep it" if may_write else "",
        # nobody loses what they are typing
        hides=HIDES if identity and not typed.problems else 0,
        over=over,
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


def _known(identity: Identity | None) -> tuple[tuple[str, str], ...]:
    if identity is None:
        return ()
    record = (("Record number", identity.record),) if identity.record else ()
    return (("Date of birth", shown(identity.born)), *record)


def _fields(identity: Identity | None, typed: Typed) -> tuple[Input, ...]:
    old: dict[str, str] = {}
    if identity is not None:
        old = {"name": identity.name, "born": identity.born.isoformat(), "record": identity.record}
    labels = {"name": "Full name", "born": "Date of birth", "record": "Record number, if you have one"}
    return tuple(
        Input(
            name=name,
            label=label,
            type="date" if name == "born" else "text",
            value=typed.told.get(name, old.get(name, "")),
            error=typed.problems.get(name, ""),
        )
        for name, label in labels.items()
    )


def _drawn(page: Page) -> str:
    return template("who.html").render(page=page)
