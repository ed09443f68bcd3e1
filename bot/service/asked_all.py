"""What `ask-all` asks, as it is kept: one question for all cases of a playbook, for new ones for a while."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import date, datetime

from bot.core.added import Added, still_on
from bot.core.kinds import Level
from bot.core.outgoing import Arrangement
from bot.core.people import Clinic, Role
from bot.ports import Reading

#: A question that stands until it is ended, and one that was only looked at.
ASK_ALL, PREVIEW = "ask_all", "ask_all_preview"


@dataclass(frozen=True, kw_only=True, slots=True)
class AskAll:
    """One question in all cases of a playbook, for new ones up to and with the day `until`; `cases` are
    those that were seen, or still wait for it.
    """

    playbook: str
    added: Added
    until: date | None = None
    cases: tuple[str, ...] = ()


def kept(made: AskAll, clinic: Clinic, *, kind: str = ASK_ALL) -> Arrangement:
    """Return a question as it is kept."""
    question = {each.name: getattr(made.added, each.name) for each in fields(made.added)}
    detail = {
        "playbook": made.playbook,
        "question": question,
        "until": made.until,
        "cases": list(made.cases),
    }
    return Arrangement(
        kind=kind, key=made.added.key, clinic=clinic.id, by=made.added.by, at=made.added.at, detail=detail
    )


def ask_all_of(found: Arrangement) -> AskAll:
    """Return the question that is kept."""
    given = dict(found.detail["question"])
    question = Added(**given | {"role": Role(given["role"]), "level": Level(given["level"])})
    return AskAll(
        playbook=found.detail["playbook"],
        added=question,
        until=found.detail["until"],
        cases=tuple(found.detail["cases"]),
    )


def with_cases(found: Arrangement, cases: Iterable[str]) -> Arrangement:
    """Return what is kept of a question with these cases still to come."""
    return replace(found, detail={**found.detail, "cases": list(cases)})


def standing(reading: Reading, clinic: Clinic, now: datetime) -> tuple[AskAll, ...]:
    """Return the questions that new bookings of a clinic get, oldest first."""
    today = clinic.calendar.day(now)
    found = (ask_all_of(each) for each in reading.arrangements(clinic.id, ASK_ALL))
    return tuple(each for each in found if still_on(each.until, today))


def asked_of_new(reading: Reading, clinic: Clinic, playbook: str, now: datetime) -> tuple[Added, ...]:
    """Return what a new booking of a playbook is asked besides."""
    return tuple(each.added for each in standing(reading, clinic, now) if each.playbook == playbook)
