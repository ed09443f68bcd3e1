"""Decision cards: a stop, or a fact of which different things were said, put to the physician."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.core import wording
from bot.core.actions import Action, Button
from bot.core.case import Choice, Task, TaskStatus
from bot.core.conditions import shown
from bot.core.contradictions import choices, who_said_what
from bot.core.correcting import only_facts, stopping_facts
from bot.core.course import Course
from bot.core.instants import own
from bot.core.kinds import BEFORE, Level
from bot.core.messages import DecisionCard
from bot.core.people import Clinic
from bot.core.second import mismatch
from bot.service.lines import answered_by, label_of, said_of, who_button
from bot.service.second import anew_button


def draw_settling(
    course: Course, task: Task, clinic: Clinic, now: datetime, *, latest: bool = True
) -> DecisionCard:
    """Draw a disputed fact for the physician: who said what, and each value as a button."""
    step = course.step(task)
    label = label_of(course, task, clinic)
    open_now = task.status is TaskStatus.OPEN
    said = who_said_what(course, step.settles, clinic, now) if open_now else ()
    settled = f"It is {shown(course.case.facts.get(step.settles))}: nothing to decide any more."
    title = course.playbook.facts[step.settles].title
    heading = f"{'Your decision' if open_now else 'Settled'}: {title}"
    who = who_button([task.case])
    return DecisionCard(
        heading=heading,
        text=f"{heading}, {label}: {'; '.join(said) or 'settled'}.",
        label=label,
        title=title,
        level=step.stops.level if open_now else Level.NONE,
        reasons=said,
        said=said_of(course, task, clinic, now) or ("Which is it?" if open_now else settled),
        why=own(step.why),
        by=answered_by(task, clinic, now) if task.status is TaskStatus.DONE else "",
        buttons=(*_values(course, task, step.settles), who) if open_now and latest else (),
        closed=not open_now or not latest,
    )


def _values(course: Course, task: Task, fact: str) -> Iterator[Button]:
    for word, value in choices(course, fact).items():
        label = shown(value)
        yield Button(
            action=Action.SETTLE,
            label=label[:1].upper() + label[1:],
            tasks=(task.key,),
            revision=task.asking,
            value=word,
        )
    yield Button(action=Action.FORM, label="Something else", tasks=(task.key,), revision=task.asking)


def draw_decision(
    course: Course, task: Task, clinic: Clinic, now: datetime, *, latest: bool = True
) -> DecisionCard:
    """Draw a stop for the physician: what stops, since when, and what may be chosen on its `latest` card."""
    step = course.step(task)
    verdict = course.verdict(task)
    label = label_of(course, task, clinic)
    offered = offered_for(course, task) if latest else ()
    reasons = wording.plain_reasons(verdict.reasons)
    first = verdict.first_allowed
    heading = f"{'Your decision' if task.status is TaskStatus.BLOCKED else 'Settled'}: {step.title}"
    return DecisionCard(
        heading=heading,
        text=f"{heading}, {label}: {'; '.join(reasons) or 'settled'}.",
        label=label,
        title=step.title,
        level=verdict.level,
        reasons=reasons,
        said=said_of(course, task, clinic, now, stops=False)
        or "The answer was taken back: nothing to decide.",
        why=own(step.why),
        by=answered_by(task, clinic, now) if task.status is TaskStatus.DONE else "",
        first_allowed=shown(first) if first else "",
        buttons=(*offered, who_button([task.case])) if offered else (),
        closed=not offered,
    )


def offered_for(course: Course, task: Task) -> tuple[Button, ...]:
    """Return what may be chosen where a task stops; nothing once somebody decided."""
    # a go-ahead chosen in the form covers no hard stop: that still waits for its own word
    if task.status is not TaskStatus.BLOCKED or task.postponed:
        return ()
    return tuple(_decisions(course, task, course.verdict(task).level))


def _decisions(course: Course, task: Task, level: Level) -> Iterator[Button]:
    for choice in Choice:
        if level is Level.HARD and choice is not Choice.POSTPONE:
            continue
        if choice is Choice.POSTPONE and course.step(task).phase not in BEFORE:
            # what is over cannot be put off
            continue
        # a colour must not push a physician: one stands out only where it is the one way left
        style = "primary" if level is Level.HARD else ""
        yield Button(
            action=Action.DECIDE,
            label=wording.CHOICES[choice],
            tasks=(task.key,),
            revision=task.asking,
            value=choice.value,
            style=style,
        )
    if mismatch(course.step(task), task):
        yield Button(action=Action.FORM, label="Answer it yourself", tasks=(task.key,), revision=task.asking)
        yield anew_button(task)
        return
    if level is Level.HARD and stopping_facts(course, task):
        yield Button(action=Action.CORRECT, label="Correct a fact", tasks=(task.key,), revision=task.asking)
    if level is not Level.HARD or not only_facts(course, task):
        yield Button(action=Action.FORM, label="Correct the answer", tasks=(task.key,), revision=task.asking)
