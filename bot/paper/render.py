"""A playbook drawn: one page that needs no network and no script, or its timeline alone as SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.core.conditions import Values, shown
from bot.core.difference.told import Change
from bot.core.kinds import Level
from bot.core.playbook import Playbook, Step
from bot.core.sentences import Glossary, asked_words, capital, glossary, stop_words, taken_words
from bot.paper import timeline
from bot.paper.checklist import sheet
from bot.paper.moments import Part, parts
from bot.paper.pages import template

#: What the timeline needs to know of how it was laid out.
_MEASURES = ("COLUMN", "PAD", "TITLE_LINE", "WHEN_LINE", "SLOT_LINE")


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """What is drawn: a playbook, or what a patient with these `facts` would be asked of it on a date.

    `note` says in words what text it is; `playbooks` is what others are called.
    """

    playbook: Playbook
    note: str
    facts: Values | None = None
    start: date = date.max
    playbooks: Mapping[str, str] | None = None

    @property
    def known(self) -> Glossary:
        """Return what facts are called."""
        return glossary(self.playbook, self.playbooks)

    @property
    def parts(self) -> tuple[Part, ...]:
        """Return the parts of the case that ask something."""
        return parts(self.playbook, self.known, self.facts, self.start)

    @property
    def counts(self) -> Mapping[str, int]:
        """Return how many steps there are, and how many of them stop and hang on something."""
        lines = [line for part in self.parts for line in part.lines]
        return {
            "steps": len(lines),
            "hard": sum(line.step.stops.level is Level.HARD for line in lines),
            "md": sum(line.step.stops.level is Level.MD for line in lines),
            "conditional": sum(bool(line.when) for line in lines),
        }

    def patient(self) -> list[tuple[str, str]]:
        """Return the facts that were given, as a person reads them."""
        titles = {fact.name: fact.title for fact in self.playbook.facts.values()}
        return [(titles.get(name, name), shown(value)) for name, value in (self.facts or {}).items()]

    @property
    def only_for(self) -> str:
        """Return whom alone a sheet with one patient's steps is for: another patient needs other steps."""
        if self.facts is None:
            return ""
        told = "; ".join(f"{title}: {value}" for title, value in self.patient())
        known = f"with {told}. Of everything else nothing was found" if told else "of whom nothing was found"
        return (
            f"Only for a patient {known}. For anybody else, or if that changes, take the sheet for everybody."
        )


def page(what: Shown) -> str:
    """Draw the whole page: timeline, every step in words, and the checklist that it prints."""
    checklist = sheet(what.parts, what.known, what.only_for)
    return template("page.html").render(**_words(what), shown=what, svg=svg(what), sheet=checklist)


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """What lies before a director: what changed since the last signature, or `None` for the whole text.

    `lines` say what is signed, `directors` are id and name, `problem` is what hindered the last attempt.
    """

    lines: Sequence[str]
    changes: Sequence[Change] | None
    directors: Sequence[tuple[str, str]]
    next_review: date
    address: str
    problem: str = ""

    @property
    def changed(self) -> list[tuple[str, list[str]]]:
        """Return the changes under what they are of, in their order."""
        by_title: dict[str, list[str]] = {}
        for each in self.changes or ():
            by_title.setdefault(each.title, []).append(f"{capital(each.words)}.")
        return list(by_title.items())


def to_sign(what: Shown, desk: Desk) -> str:
    """Draw the page on which a director signs."""
    checklist = sheet(what.parts, what.known, what.only_for)
    return template("sign.html").render(**_words(what), shown=what, desk=desk, svg=svg(what), sheet=checklist)


def signed(title: str, lines: Sequence[str]) -> str:
    """Draw what a director sees after signing."""
    return template("signed.html").render(title=title, lines=lines)


def svg(what: Shown) -> str:
    """Draw the timeline alone."""
    drawn = timeline.figure(what.parts)
    measures = {name: getattr(timeline, name) for name in _MEASURES}
    title = what.playbook.title
    return template("timeline.svg").render(**_words(what), **measures, figure=drawn, title=title)


def _words(what: Shown) -> dict[str, object]:
    known = what.known

    def stops(step: Step) -> list[str]:
        return [f"{capital(words)}." for words in stop_words(step, known)]

    def tip(step: Step) -> str:
        return " ".join([asked_words(step, known), *stops(step)])

    return {"said": lambda step: asked_words(step, known), "stops": stops, "taken": taken_words, "tip": tip}
