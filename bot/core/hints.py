"""Hints about ticking, for the person alone: private, kind, and at most one a day.

They are about the moment and never about the person: nothing of them stands in a case's history, and nobody
else sees them. What shows is only what no careful answer looks like: many items in a few seconds, an item
that needs the patient before the patient is there, and a yes within seconds of being asked, again and again.
Where time does not pass between two answers (one form, one press, a clock that people move) nothing shows.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.case import Answer, Outcome, Session
from bot.core.kinds import CardKind, Phase
from bot.core.playbook import Step

#: So many items in so short a time are hardly read.
MANY, SHORT = 12, timedelta(seconds=9)
#: An answer within this time of its prompt was hardly thought about; so many of them in a day are said.
QUICK, OFTEN = timedelta(seconds=5), 3


class Hint(StrEnum):
    """What may be said."""

    #: many items in a few seconds
    MANY_AT_ONCE = "many_at_once"
    #: an item that needs the patient, before the patient is here
    BEFORE_ARRIVAL = "before_arrival"
    #: a yes within seconds of being asked, again and again
    WITHIN_SECONDS = "within_seconds"


WORDS = {
    Hint.MANY_AT_ONCE: (
        "Only for you: {count} items in {seconds} seconds. If you read them aloud first and press once, "
        "“All as read aloud” is quicker and means the same."
    ),
    Hint.BEFORE_ARRIVAL: (
        "Only for you: the patient is not marked as arrived yet. If they are here, press Arrived; if not, "
        "take it back with Undo and answer it at their side."
    ),
    Hint.WITHIN_SECONDS: (
        "Only for you: the last answers came within seconds of the question. If there is never anything to "
        "find in it, tell your medical director: then it should not be asked."
    ),
}


def in_person(step: Step) -> bool:
    """Say whether a step is answered at the patient's side, and is not about a device or a room."""
    at_the_side = step.card in (CardKind.PREP, CardKind.DOCTOR, CardKind.TIMEOUT)
    identity = any(field.identity for field in step.ask)
    return step.phase is Phase.DAY and not step.shared and (at_the_side or identity)


def before_arrival(step: Step, session: Session) -> bool:
    """Say whether a step that needs the patient is answered although nobody has marked them as here."""
    return in_person(step) and session.arrived is None and session.started is None


def many_at_once(answered: Iterable[tuple[str, datetime]], now: datetime) -> tuple[int, int] | None:
    """Return how many items a person answered in how many seconds, if that is hardly possible with care.

    `answered` are task keys and when each was. What came with one press or one form was looked at before
    it was sent, and counts only beside others; one word for a whole room counts once.
    """
    recent = {(at, key.split(":")[1]) for key, at in answered if now - at <= SHORT}
    moments = {at for at, _ in recent}
    if len(recent) < MANY or len(moments) < 2:
        return None
    return len(recent), max(1, round((now - min(moments)).total_seconds()))


def is_quick(answer: Answer, asked: datetime | None) -> bool:
    """Say whether a plain yes came within seconds of its prompt."""
    plain = answer.outcome is Outcome.CONFIRMED and asked is not None
    return plain and asked is not None and timedelta() < answer.at - asked <= QUICK
