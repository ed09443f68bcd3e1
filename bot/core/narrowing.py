"""A condition with what is known taken out: what is left of "laser, and on the face" where all is laser."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from bot.core.conditions import ALWAYS, AllOf, AnyOf, Condition, Is, Not, Values, holds
from bot.core.playbook import Playbook, Step

#: A condition that nothing meets.
NEVER = AnyOf(parts=())


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """What is known: the words that a fact may still have, and values that are sure at a `start`."""

    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    values: Values = field(default_factory=dict)
    start: date = date.max


def known_of(playbook: Playbook) -> Known:
    """Return what a playbook settles by itself: its own name, and the values of facts that it allows."""
    return Known(words={**playbook.narrowed, "playbook": (playbook.id,)})


def narrowed(condition: Condition, known: Known) -> Condition:
    """Return what is left to ask of a condition; `ALWAYS` and `NEVER` leave nothing."""
    match condition:
        case AllOf():
            return _joined(condition.parts, known, AllOf, empty=ALWAYS, settles=NEVER)
        case AnyOf():
            return _joined(condition.parts, known, AnyOf, empty=NEVER, settles=ALWAYS)
        case Not():
            inner = narrowed(condition.part, known)
            if inner in (ALWAYS, NEVER):
                return NEVER if inner == ALWAYS else ALWAYS
            return Not(part=inner)
        case _ if condition.name in known.values:
            return ALWAYS if holds(condition, known.values, known.start) else NEVER
        case Is() if allowed := known.words.get(condition.name):
            left = tuple(word for word in condition.words if word in allowed)
            return (
                ALWAYS
                if set(left) == set(allowed)
                else Is(name=condition.name, words=left)
                if left
                else NEVER
            )
        case _:
            return condition


def _joined(
    parts: Iterable[Condition],
    known: Known,
    kind: Callable[..., AllOf | AnyOf],
    *,
    empty: Condition,
    settles: Condition,
) -> Condition:
    left = [narrowed(part, known) for part in parts]
    if settles in left:
        return settles
    left = [part for part in left if part != empty]
    if len(left) == 1:
        return left[0]
    return kind(parts=tuple(left)) if left else empty


def settled(step: Step, known: Known, by_itself: Known) -> Step:
    """Return a step with what is `known` taken out of its condition.

    From its stops, judged on answers that nobody gave yet, goes only what the playbook settles `by_itself`.
    """
    answers = {field.name for field in step.ask}
    sure = Known(words={name: words for name, words in by_itself.words.items() if name not in answers})
    hard, md = (None if part is None else narrowed(part, sure) for part in (step.stops.hard, step.stops.md))
    stops = replace(step.stops, hard=None if hard == NEVER else hard, md=None if md == NEVER else md)
    return replace(step, when=narrowed(step.when, known), stops=stops)


def ever_asked(step: Step, playbook: Playbook) -> bool:
    """Say whether a patient of this playbook can be asked a step at all."""
    return narrowed(step.when, known_of(playbook)) != NEVER
