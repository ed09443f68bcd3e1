"""What a step asks, as boxes to tick and lines to write on: short enough for paper, and honest about stops.

A box is ticked when all is as it should be, so an empty one is what stops. A tick may say so only of a field
that stops by itself; what stops in connection with something else is written out as a sentence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.core.conditions import AllOf, AnyOf, Bounds, Condition, Is, Missing, Not, Within, names
from bot.core.kinds import FieldKind, Level
from bot.core.playbook import Field, Step
from bot.core.sentences import Glossary
from bot.core.wording import plain
from bot.paper.brief import allowed_words, brief_words

#: Answers that are shorter than this together are printed, to be ringed; else there is a line to write on.
RINGED = 34
#: Words that add nothing to a title.
_EMPTY = {"on", "done", "is", "was", "the", "taken"}
#: Answers that say yes or no, each as good as another of its kind.
YES, NO = ("yes", "not_needed"), ("no", "none", "never")


class Kind(StrEnum):
    """What is done with a box, in the order in which they are printed."""

    #: ticked when it is so
    SO = "so"
    #: ticked when it is not so
    NOT_SO = "not_so"
    #: an answer ringed or written
    WRITE = "write"
    #: a stop in words
    RULE = "rule"


@dataclass(frozen=True, kw_only=True, slots=True)
class Box:
    """One thing to tick, ring, write or heed; `level` is what an empty box, or a bad answer, means."""

    text: str
    kind: Kind
    level: Level = Level.NONE


def boxes(step: Step, known: Glossary) -> list[Box]:
    """Return what is to be ticked or written of a step; what is for the patient's record is written there.

    What must not be so stands together, so that "no" is said once.
    """
    asked = [field for field in step.ask if field.recorded or field.kind is FieldKind.RATIO]
    found = [_box(step, field) for field in asked] + list(_rules(step, known))
    return sorted(found, key=lambda box: list(Kind).index(box.kind))


def says_no_more(box: Box, step: Step) -> bool:
    """Say whether a box says no more than the title beside it, as "Exam done" beside "Skin exam"."""
    return box.kind is Kind.SO and set(box.text.lower().split()) - _EMPTY <= set(step.title.lower().split())


def _box(step: Step, field: Field) -> Box:
    level = stopping(step, field)
    bad = {word: at for at, leaf in _alone(step) for word in _stopping_words(leaf, field)}
    if good := _as_it_should_be(field, set(bad), level):
        kind = Kind.NOT_SO if good in NO else Kind.SO
        words = field.label if good in (*YES, *NO) else f"{field.label}: {plain(good)}"
        hardest = Level.HARD if Level.HARD in bad.values() else Level.MD if bad else Level.NONE
        return Box(text=words, kind=kind, level=hardest)
    return Box(text=_line(step, field, set(bad)), kind=Kind.WRITE, level=level)


def _line(step: Step, field: Field, bad: set[str]) -> str:
    choices = [plain(word).upper() if word in bad else plain(word) for word in field.choices]
    if choices and len(" / ".join(choices)) <= RINGED:
        return f"{field.label}: {' / '.join(choices)}"
    limits = [
        allowed_words(leaf)
        for _, leaf in _alone(step)
        if isinstance(leaf, Bounds | Within) and leaf.name == field.name
    ]
    limits += [f"not {' or '.join(word for word in choices if word.isupper())}"] if bad else []
    unit = f" {field.unit}" if field.unit else ""
    return f"{field.label} ____{unit}" + (f" ({', '.join(limits)})" if limits else "")


def stopping(step: Step, field: Field) -> Level:
    """Return how hard an answer to this field can stop."""
    for level in (Level.HARD, Level.MD):
        condition = step.stops.of(level)
        if condition is not None and field.name in names(condition):
            return level
    return Level.NONE


def _as_it_should_be(field: Field, bad: set[str], level: Level) -> str:
    """Return the answer that is well, if a tick can say it: the normal, or what is left when others stop."""
    if field.kind is not FieldKind.CHOICE or (level is not Level.NONE and not bad):
        return ""
    good = [choice for choice in field.choices if choice not in bad]
    if isinstance(field.normal, str) and field.normal in good and (bad or not field.sets):
        return field.normal
    if bad and good and (len(good) == 1 or set(good) <= set(YES)):
        return good[0]
    return "yes" if set(field.choices) == {"yes", "no"} and not bad and not field.sets else ""


def _stopping_words(leaf: Condition, field: Field) -> Iterator[str]:
    match leaf:
        case Is(name=field.name, words=words):
            yield from (word for word in field.choices if word in words)
        case Not(part=Is(name=field.name, words=words)):
            yield from (word for word in field.choices if word not in words)


def _alone(step: Step) -> Iterator[tuple[Level, Condition]]:
    """Yield the comparisons that stop by themselves, whatever else is so, and how hard; the hardest last."""
    for level in (Level.MD, Level.HARD):
        yield from ((level, part) for part in _ways(step.stops.of(level)) if not isinstance(part, AllOf))


def _rules(step: Step, known: Glossary) -> Iterator[Box]:
    """Yield in words what stops outright, but only together with something else."""
    boxes_that_stop = AnyOf(parts=tuple(leaf for _, leaf in _alone(step)))
    for part in _ways(step.stops.hard):
        if isinstance(part, AllOf) and part.parts:
            rest = tuple(each for each in part.parts if each != boxes_that_stop)
            words = brief_words(AllOf(parts=rest), known.of(step))
            words += " and a box is empty" if rest != part.parts else ""
            yield Box(text=f"if {words}.", kind=Kind.RULE, level=Level.HARD)


def _ways(condition: Condition | None) -> Iterator[Condition]:
    """Yield the ways in which a condition can be met, each enough by itself."""
    match condition:
        case None:
            return
        case AnyOf():
            for part in condition.parts:
                yield from _ways(part)
        case AllOf(parts=(part,)):
            yield from _ways(part)
        case Missing():
            return
        case _:
            yield condition
