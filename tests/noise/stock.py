"""Cases as they stand in the middle of things: all that was due before a moment is answered, as people do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from bot.core.case import Answer, Booking, Choice, Decision, Outcome, Session, Task, TaskStatus
from bot.core.course import Course
from bot.core.outgoing import Entry
from bot.core.plan import plan_case
from bot.core.playbook import Playbook
from bot.core.usual import usual_values
from bot.ports import Store
from tests.noise.clinic import CALENDAR, clinic


def add(store: Store, playbook: Playbook, bookings: Iterable[tuple[str, Booking]], now: datetime) -> None:
    """Add cases of a playbook as they stand at a moment."""
    with store.writing() as tx:
        for code, booking in bookings:
            case, planned = plan_case(playbook, booking, code=code, clinic=clinic().id)
            begun = replace(case, sessions=tuple(_as_it_went(each, now) for each in case.sessions))
            course = Course(case=begun, tasks=planned, playbook=playbook, calendar=CALENDAR)
            opened = Entry(kind="opened", at=case.opened, by="fran")
            tx.add_case(begun, list(_standing(course, now)), opened)


def _as_it_went(session: Session, now: datetime) -> Session:
    if session.end > now:
        return session
    return replace(session, arrived=session.start, started=session.start, finished=session.end)


def _standing(course: Course, now: datetime) -> Iterator[Task]:
    for task in course.tasks:
        yield _answered(course, task) if task.due < now else task


def _answered(course: Course, task: Task) -> Task:
    role, values = course.step(task).role, usual_values(course, task)
    answer = Answer(by="earlier", role=role, at=task.due, outcome=Outcome.CONFIRMED, values=values)
    done = replace(task, status=TaskStatus.DONE, answer=answer, asking=2, next_prompt_at=None)
    reasons = course.verdict(done).reasons
    if not reasons:
        return done
    decision = Decision(by="ali", at=task.due, choice=Choice.PROCEED, reason="talked over", covers=reasons)
    return replace(done, decision=decision)
