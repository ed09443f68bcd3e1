"""A question is added to a case: it is asked in every session that is still to come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from bot.core.added import Added, with_added
from bot.core.case import Case, Session
from bot.core.course import Course
from bot.core.fleet import can_wait
from bot.core.following import refreshed


def ahead(case: Case, now: datetime) -> Iterator[Session]:
    """Yield the sessions of a case that have not begun and are not past."""
    yield from (each for each in case.sessions if can_wait(each) and each.start > now)


def asked_too(course: Course, added: Added, *, now: datetime) -> Course:
    """Ask a question in every session still to come; a case that has none, or asks it already, stays as it
    is.
    """
    known = any(each.key == added.key for each in course.case.extra)
    if known or not any(ahead(course.case, now)):
        return course
    own = replace(added, first=_first(course, now))
    case = replace(course.case, extra=(*course.case.extra, own))
    return refreshed(replace(course, case=case, playbook=with_added(course.playbook, [own])), now=now)


def _first(course: Course, now: datetime) -> int:
    # what was treated already has its own place in the course, and is not asked any more
    begun = [each for each in course.case.sessions if not (each.cancelled or each.start > now)]
    first = min(ahead(course.case, now), key=lambda each: each.start)
    number = course.facts(first)["session_no"]
    return int(number) if begun and isinstance(number, float) else 1
