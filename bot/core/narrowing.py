"""A condition with what is known taken out: what is left of "laser, and on the face" where all is laser."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
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


def ever_asked(step: Step, playbook: Playbook) -> bool:
    """Say whether a patient of this playbook can be asked a step at all."""
    return narrowed(step.when, known_of(playbook)) != NEVER
