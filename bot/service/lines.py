"""Lines: one task as every card shows it, with what was said of it and what can be pressed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from bot.core import wording
from bot.core.actions import Action, Button
from bot.core.case import Moment, Task, TaskStatus
from bot.core.conditions import shown
from bot.core.course import Course
from bot.core.instants import own
from bot.core.kinds import Anchor, CardKind
from bot.core.messages import Line, LineState
from bot.core.people import Clinic
from bot.core.playbook import Step
from bot.core.postponing import waits_for_date, waits_for_release
from bot.core.reaching import attempt_words, booked_on
from bot.core.second import awaits_second


def label_of(course: Course, task: Task, clinic: Clinic) -> str:
    """Return how a task's case and session are named."""
    return wording.label(course.case, course.case.session(task.session), course.playbook, clinic.calendar)


def line(
    course: Course,
    task: Task,
    clinic: Clinic,
    now: datetime,
    *,
    number: int,
    mixed: bool,
) -> Line:
    """Draw one task as a line."""
    step, waits = course.step(task), _waits(course, task)
    return Line(
        number=number,
        task=task.key,
        revision=task.asking,
        title=f"Second check: {step.title}"
        if awaits_second(task)
        else f"{step.title}{attempt_words(task, step)}",
        state=LineState.LATER if waits else _state(task, step, now),
        level=course.verdict(task).level if task.status is TaskStatus.BLOCKED else step.stops.level,
        why=own(step.why),
        label=label_of(course, task, clinic) if mixed else "",
        due=waits or wording.due_words(task, now, clinic.calendar, deadline=step.is_deadline),
        said=". ".join(
            filter(
                None,
                (said_of(course, task, clinic, now), _promised(task, clinic), _pressed(course, task, now)),
            )
        ),
        by=answered_by(task, clinic, now),
        buttons=tuple(_line_buttons(course, task)),
    )


def _waits(course: Course, task: Task) -> str:
    if waits_for_release(course, task):
        return "waits until it is released"
    return "waits for a new date" if waits_for_date(course, task) else ""


def _state(task: Task, step: Step, now: datetime) -> LineState:
    if task.status is TaskStatus.OPEN:
        if task.due > now and not step.is_deadline:
            return LineState.LATER
        return LineState.OVERDUE if now - task.due >= timedelta(hours=1) else LineState.OPEN
    return LineState(task.status.value)


def said_of(course: Course, task: Task, clinic: Clinic, now: datetime, *, stops: bool = True) -> str:
    """Return what was said of a task, what `stops` unless it is told apart, and what was decided."""
    if task.status is TaskStatus.VOID:
        gone = course.case.session(task.session).cancelled
        return "Cancelled" if gone else "No longer needed"
    if task.first is not None and task.answer is None:
        by = wording.person_name(clinic, task.first.by)
        return f"{by} answered {wording.when(task.first.at, now, clinic.calendar)}; somebody else checks"
    if task.answer is None:
        return "Asked again" if task.reopened else ""
    said = wording.answer_words(task.answer, clinic, now)
    if task.first is not None:
        by = wording.person_name(clinic, task.first.by)
        said = f"{said}, and by {by} {wording.when(task.first.at, now, clinic.calendar)}"
    if task.status is TaskStatus.BLOCKED and stops:
        verdict = course.verdict(task)
        words = (
            f"{said}. {wording.LEVELS[verdict.level].capitalize()}: {wording.reason_words(verdict.reasons)}"
        )
        first = verdict.first_allowed
        said = f"{words}. First date allowed: {shown(first)}" if first else words
    if task.decision is None or (task.status is TaskStatus.BLOCKED and not task.postponed):
        return said
    return f"{said}. {wording.decision_words(task.decision, clinic)}"


def answered_by(task: Task, clinic: Clinic, now: datetime) -> str:
    """Return who decided on a task or answered it, and nothing of what: "Confirmed by Jo Park 10:04"."""
    # what stops although somebody decided once waits for another word
    if task.decision is not None and (task.status is not TaskStatus.BLOCKED or task.postponed):
        return f"{wording.CHOICES[task.decision.choice]}, {wording.person_name(clinic, task.decision.by)}"
    return wording.answered_words(task.answer, clinic, now) if task.answer else ""


def _promised(task: Task, clinic: Clinic) -> str:
    on_it = task.waits and task.acknowledged is not None
    return f"{wording.person_name(clinic, task.holder)} is on it" if on_it else ""


def _pressed(course: Course, task: Task, now: datetime) -> str:
    session, step = course.case.session(task.session), course.step(task)
    if step.card is CardKind.TIMEOUT:
        return wording.moments(now, course.calendar, started=session.started, finished=session.finished)
    return wording.moments(now, course.calendar, arrived=session.arrived) if _is_arrival(step) else ""


def _is_arrival(step: Step) -> bool:
    return step.card is CardKind.DESK and step.due.anchor is Anchor.ARRIVE


def _line_buttons(course: Course, task: Task) -> Iterator[Button]:
    step, session = course.step(task), course.case.session(task.session)
    key, asking = (task.key,), task.asking
    # whoever answers first keeps the button: the moment can be pressed nowhere else
    comes = task.status is not TaskStatus.VOID and _is_arrival(step)
    if comes and session.arrived is None and session.started is None:
        yield mark_button("Arrived", Moment.ARRIVED, task)
    if task.status is TaskStatus.DONE and booked_on(step, task.answer):
        yield Button(action=Action.REBOOK, label="Date cancelled", tasks=key, revision=asking)
    if task.status is TaskStatus.OPEN:
        yield Button(
            action=Action.FORM if step.ask else Action.CONFIRM, label="Answer", tasks=key, revision=asking
        )


def mark_button(label: str, moment: Moment, task: Task) -> Button:
    """Return the button that presses a real moment of a task's session."""
    at = (f"{task.case}:{task.session}",)
    return Button(action=Action.MARK, label=label, tasks=at, value=moment.value, style="primary")


def who_button(codes: Iterable[str]) -> Button:
    """Return the button of every card that still asks; on a list it asks of which patient."""
    of = tuple(dict.fromkeys(codes))
    return Button(action=Action.WHO if len(of) == 1 else Action.WHICH, label="Who is this?", tasks=of)
