"""Overrides: who may be the second person, why they say go, and what exactly they saw."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256

from bot.core.actions import Action, Button
from bot.core.case import Session
from bot.core.course import Course
from bot.core.errors import Refused, Settled, Unclear, did_you_mean
from bot.core.kinds import Level
from bot.core.people import Person
from bot.core.readiness import Blocker, Readiness


class Why(StrEnum):
    """Why somebody says go although something is open: one word, to be counted."""

    #: the physician looked at the patient
    SEEN = "seen"
    #: it was answered, but not here
    ELSEWHERE = "elsewhere"
    #: it will be answered before the procedure, at the next moment that there is
    LATER = "later"
    #: it was weighed with the patient, and is taken
    RISK = "risk"
    #: nothing could be asked: the power or the network was away
    OUTAGE = "outage"


WHY: Mapping[Why, str] = {
    Why.SEEN: "seen in person",
    Why.ELSEWHERE: "answered elsewhere",
    Why.LATER: "will be answered before the start",
    Why.RISK: "risk weighed with the patient",
    Why.OUTAGE: "outage",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Go:
    """What a second person says: why, in a line, and who asked for it; `seen` names what was open then."""

    why: Why
    line: str
    asked: str
    seen: str = ""

    @property
    def reason(self) -> str:
        """Return what stays visible."""
        return f"{WHY[self.why]}, {self.line}"


def why_of(word: str) -> Why:
    """Return the reason code of a word; raise Unclear with those there are."""
    try:
        return Why(word.lower())
    except ValueError:
        known = "; ".join(f"`{code}` ({words})" for code, words in WHY.items())
        near = did_you_mean(word.lower(), list(Why))
        raise Unclear(f"Why? Begin with one of these: {known}.{near}") from None


def may_override(person: Person, go: Go, blockers: Sequence[Blocker], code: str) -> None:
    """Raise Refused unless this person is another one than those who answered or asked, and nothing is a hard
    stop.
    """
    is_second(person, blockers, code)
    if go.asked == person.id:
        raise Refused("Whoever asks for it cannot say go. A second person must say go.")
    if go.seen and go.seen != seen(blockers):
        raise Settled(f"What is open of {code} has changed since you opened this. Please look again.")


def is_second(person: Person, blockers: Sequence[Blocker], code: str) -> None:
    """Raise Refused where there is a hard stop, or where this person has answered what is open."""
    if any(blocker.stops and blocker.verdict.level is Level.HARD for blocker in blockers):
        raise Refused(f"{code} has a hard stop. It has no override: postpone, or correct the facts.")
    if any(person.id in _answered(blocker) for blocker in blockers):
        raise Refused("You answered one of the open items yourself. A second person must say go.")


def _answered(blocker: Blocker) -> frozenset[str]:
    answers = (blocker.task.answer, blocker.task.first)
    return frozenset(answer.by for answer in answers if answer is not None)


def override_button(course: Course, found: Readiness, session: Session) -> Iterator[Button]:
    """Yield the button that opens the form, where something is open and nothing of it is a hard stop."""
    hard = any(each.stops and each.verdict.level is Level.HARD for each in found.blockers)
    if found.blockers and not hard and not course.case.cancelled:
        about = (f"{course.case.code}:{session.number}",)
        yield Button(action=Action.OVERRIDE, label="Override as second person", tasks=about, style="danger")


def seen(blockers: Sequence[Blocker]) -> str:
    """Name what is open, so that a form knows whether it still is; nothing of it is about a patient."""
    named = " ".join(f"{each.task.key}/{each.task.asking}" for each in blockers)
    return sha256(named.encode()).hexdigest()[:12]
