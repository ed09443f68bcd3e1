"""What a card says, piece by piece: as much of it as there is room for goes into one message."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.chat.looks import LEVELS, LINES, TONES, called_by, standing_out, worst_first
from bot.chat.teams.drawing.kit import (
    LABEL,
    TEXT,
    TITLE,
    Json,
    bold,
    box,
    cut,
    few,
    joined,
    paragraph,
    run,
    safe,
    small,
    spelled,
)
from bot.core.actions import Button
from bot.core.case import case_of
from bot.core.due import LISTS
from bot.core.messages import CaseView, DecisionCard, Line, LineState, Notice, TaskCard

#: What a text on a line weighs at most: a title, what was said and why it is asked.
_TITLE, _SAID, _WHY = 300, 500, 600
_OPEN = (LineState.OPEN, LineState.LATER, LineState.OVERDUE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """A line of a card: all of it, a shorter one for where space is short, and what can be pressed for it.

    `name` is what it is called where one of several is chosen.
    """

    whole: tuple[Json, ...]
    short: tuple[Json, ...]
    buttons: tuple[Button, ...] = ()
    name: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Content:
    """Everything that a card says, in the order in which it is read.

    `above` and `below` stand on the first page alone. `noun` is what its pieces are called: "item";
    `command` asks for all of them. The buttons of pieces stand below each, or together at the end of the card
    where they are `apart`.
    """

    heading: str
    label: str = ""
    who: str = ""
    above: tuple[Json, ...] = ()
    pieces: tuple[Piece, ...] = ()
    below: tuple[Json, ...] = ()
    buttons: tuple[Button, ...] = ()
    link: tuple[str, str] | None = None
    noun: str = "item"
    command: str = ""
    apart: bool = False


def of_tasks(card: TaskCard) -> Content:
    """Return a list of items: what is said aloud, the late and the stopping ones first, the answered last."""
    if card.over:
        return Content(heading="", above=(small(safe(card.over, TEXT)),))
    card = standing_out(card)
    lines = worst_first(card.lines)
    above = [*_news(card.news), *_waits(card), *_aloud(card)]
    return Content(
        heading=card.heading,
        label=card.label,
        who=card.who,
        above=tuple(above),
        pieces=tuple(line_piece(line, why=card.kind not in LISTS) for line in lines),
        buttons=card.buttons,
    )


def of_decision(card: DecisionCard) -> Content:
    """Return a stop: what stops, for which reasons, what was said, and the first date allowed."""
    title = joined(
        bold(f"{'✅' if card.settled else '🛑'} {safe(card.title, _TITLE)}"),
        run(LEVELS[card.level], italic=True),
    )
    reasons = [paragraph(run(each), spacing="small") for each in few(card.reasons, 4500, 500, "• ")]
    said = [paragraph(run(safe(card.said, _SAID)), spacing="small")] if card.said.strip() else []
    first = (
        [paragraph(run("First date allowed: "), bold(safe(card.first_allowed, 60)), spacing="small")]
        if card.first_allowed
        else []
    )
    told = [paragraph(*title), *reasons, *said, *first]
    why = [small(safe(card.why, _WHY))] if card.why.strip() else []
    return Content(
        heading=card.heading,
        label=card.label,
        who=card.who,
        above=(*(told if card.closed else [box(told, "attention")]), *why),
        buttons=card.buttons,
    )


def of_case(view: CaseView) -> Content:
    """Return a case: what somebody must know of it, how its gates stand, and its lines, what stops first."""
    gates = [
        paragraph(bold(f"{safe(name, 60)}: "), run(safe(stands, 250)), spacing="small")
        for name, stands in view.gates[:8]
    ]
    return Content(
        heading=view.heading,
        label=view.label,
        who=view.who,
        above=(*warned(view.notes), *gates),
        pieces=tuple(line_piece(line, why=False, numbered=False) for line in worst_first(view.lines)),
        buttons=view.buttons,
    )


def history(view: CaseView) -> Content:
    """Return all that was said and done in a case, the newest first."""
    return Content(
        heading=f"History of {view.code}" if view.code else "History",
        label=view.label,
        who=view.who,
        pieces=tuple(_told(f"• {safe(line, _SAID)}") for line in reversed(view.history)),
        noun="line",
    )


def of_notice(notice: Notice) -> Content:
    """Return a sentence or a few: a new code first and large."""
    tone = TONES.get(notice.tone, "")
    code = (
        [paragraph(bold(safe(notice.code, 60), size="extraLarge", fontType="monospace"))]
        if notice.code
        else []
    )
    said = [safe(each, 1200) for each in notice.text.splitlines() if each.strip()] or ["Noted."]
    first = said[0] if notice.heading else tone + said[0]
    lines = (f"• {safe(each, _SAID)}" for each in notice.lines)
    return Content(
        heading=tone + notice.heading if notice.heading else "",
        above=tuple(code),
        pieces=tuple(_told(each, spells=True) for each in (first, *said[1:], *lines)),
        buttons=notice.buttons,
        link=notice.link,
        noun="line",
    )


def noted(notice: Notice) -> Json:
    """Draw what just happened, as it stands on top of a card."""
    said = [each for each in (notice.heading, *notice.text.splitlines()) if each.strip()] or ["Noted."]
    lines = [*few(said, 1200, 500), *few(notice.lines, 1500, 200, "• ")]
    code = [bold(f"{safe(notice.code, 60)} ")] if notice.code else []
    first = paragraph(*code, run(TONES.get(notice.tone, "") + lines[0]))
    others = [paragraph(run(each), spacing="small") for each in lines[1:]]
    return box([first, *others], {"good": "good", "bad": "warning"}.get(notice.tone, "emphasis"))


def line_piece(line: Line, *, why: bool, numbered: bool = True) -> Piece:
    """Return a line of a card: its number, title and state, its case, what was said, why it is asked.

    A number is what a typed reply names: where nobody can reply, there is none.
    """
    number = f"{line.number}. " if numbered else ""
    title = f"{LINES[line.state]} {number}{safe(line.title, _TITLE)}"
    whole = _asked(line, title, why) if line.state in (*_OPEN, LineState.BLOCKED) else _answered(line, title)
    return Piece(
        whole=tuple(whole),
        short=(_short(line, f"{LINES[line.state]} {number}{safe(line.title, 90)}"),),
        buttons=line.buttons,
        name=f"{number}{line.title}{f' · {case_of(line.task)}' if line.label else ''}",
    )


def _short(line: Line, title: str) -> Json:
    """Draw a line with what nobody may overlook: that it stops, how late it is, and of which case it is."""
    label = called_by(safe(line.label, 90), safe(line.who, 60))
    if line.state not in (*_OPEN, LineState.BLOCKED):
        return paragraph(*joined(title, label), spacing="small")
    told = paragraph(*joined(*_first(line, bold(title)), label), spacing="small")
    return box([told], "attention") if line.state is LineState.BLOCKED else told


def _first(line: Line, title: Json) -> list[Json]:
    late = {"color": "attention"} if line.state is LineState.OVERDUE else {}
    stops = bold("stopped" if line.state is LineState.BLOCKED else "")
    return [title, stops, run(safe(line.due, 90), **late), run(LEVELS[line.level], italic=True)]


def _asked(line: Line, title: str, why: bool) -> Iterator[Json]:
    first = paragraph(*joined(*_first(line, bold(title))))
    below = [
        paragraph(run(each), spacing="none")
        for each in (safe(called_by(line.label, line.who), LABEL),)
        if each
    ]
    below += [paragraph(run(each), spacing="none") for each in (safe(line.said, _SAID),) if each]
    if why and line.why.strip() and line.state in _OPEN:
        below.append(small(safe(line.why, _WHY), spacing="none"))
    if line.state is LineState.BLOCKED:
        yield box([first, *below], "attention")
    else:
        yield from (first, *below)


def _answered(line: Line, title: str) -> Iterator[Json]:
    # what is over steps back: it is not bold, and who answered stands beside it
    parts = (title, safe(called_by(line.label, line.who), LABEL), safe(line.due, 90), safe(line.said, _SAID))
    yield paragraph(*(run(each["text"], isSubtle=True) for each in joined(*parts)), spacing="small")


def warned(notes: Iterable[str]) -> Iterator[Json]:
    """Draw what somebody must know besides."""
    told = [paragraph(run(each), spacing="small") for each in few(notes, 2500, 500, "⚠️ ")]
    if told:
        yield box(told, "warning")


def _news(lines: Iterable[str]) -> Iterator[Json]:
    return (small(each, spacing="small") for each in few(lines, 1500, 150, "✨ "))


def _waits(card: TaskCard) -> Iterator[Json]:
    if card.waits:
        led = [_led(each) for each in few(card.waits, 2500, 400)]
        yield box([paragraph(bold("🛑 Not yet. Still open:")), *led], "attention")


def _aloud(card: TaskCard) -> Iterator[Json]:
    if card.aloud:
        led = [_led(each) for each in few(card.aloud, 5000, 800)]
        sources = cut(" · ".join(map(safe, card.sources)), 500)
        # small, so that nobody reads it out
        below = [small(sources)] if sources else []
        yield box([paragraph(bold("📢 Say aloud:")), *led, *below], "emphasis")


def _led(said: str) -> Json:
    """Draw what is said with its first words, up to a colon or the end of a question, in bold."""
    found = re.match(r"([^:?]*[:?]) (.+)", said)
    runs = (bold(f"• {found[1]} "), run(found[2])) if found else (run(f"• {said}"),)
    return paragraph(*runs, spacing="small")


def _told(said: str, *, spells: bool = False) -> Piece:
    return Piece(
        whole=(paragraph(*(spelled(said) if spells else [run(said)]), spacing="small"),),
        short=(paragraph(run(cut(said, 200)), spacing="small"),),
        name=cut(said, TITLE),
    )


def shown(pieces: Sequence[Piece], whole: int) -> list[tuple[Json, ...]]:
    """Return how pieces are drawn where there is room for the first `whole` ones with all their words."""
    return [piece.whole if place < whole else piece.short for place, piece in enumerate(pieces)]
