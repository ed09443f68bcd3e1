"""Clearance: which of the cases that a physician clears are clean, and what an unhurried "go" answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.core.case import Answer, Outcome, Override, Session, Task, TaskStatus
from bot.core.conditions import Value
from bot.core.course import Course
from bot.core.kinds import FieldKind, Gate
from bot.core.people import Role
from bot.core.playbook import Step
from bot.core.readiness import Blocker, Readiness, next_gate, readiness
from bot.core.stops import judge


def standing(course: Course, task: Task, overrides: Sequence[Override] = ()) -> Readiness:
    """Return how a session stands at the gate that a task is itself."""
    gate = Gate(course.step(task).gate)
    return readiness(gate, course, course.case.session(task.session), overrides)


def gate_to_pass(course: Course, session: Session, now: datetime) -> Gate:
    """Return the gate that is to be passed: one whose own item waits for its answer, else the next."""
    waits = (t for t in course.tasks if t.status is TaskStatus.OPEN and t.due <= now)
    own = [course.step(task).gate for task in waits if task.session == session.number]
    return next((gate for gate in Gate if gate.value in own), next_gate(course, session, now))


def open_before(course: Course, task: Task) -> tuple[Blocker, ...]:
    """Return what is open before the gate that a task is itself; an override hides nothing."""
    if not course.step(task).gate:
        return ()
    return tuple(each for each in standing(course, task).blockers if each.task.key != task.key)


def is_clean(course: Course, task: Task, now: datetime) -> bool:
    """Say whether one press may clear a case with others: it is asked, and nothing is open at its gate."""
    step = course.step(task)
    asked = task.status is TaskStatus.OPEN and task.due <= now and bool(step.gate)
    held = asked and standing(course, task).held
    return asked and go_values(step) is not None and not held and not open_before(course, task)


def go_values(step: Step) -> dict[str, Value] | None:
    """Return what "go" answers: of each choice its normal, else its first; `None` where a step needs more, or
    where that would stop.
    """
    asked = [field for field in step.ask if not field.optional]
    if any(field.kind is not FieldKind.CHOICE or field.chart or field.sets for field in asked):
        return None
    values: dict[str, Value] = {field.name: field.normal or field.choices[0] for field in asked}
    answer = Answer(by="", role=Role.PHYSICIAN, at=_ANY, outcome=Outcome.CONFIRMED, values=values)
    return None if judge(step, answer, {}, _ANY.date()).stops else values


#: A moment for an answer that is only tried.
_ANY = datetime(2000, 1, 1, tzinfo=UTC)
