"""Watch: which red flags to ask one patient for on one day, and how urgent the signs that were found are.

A day counts by the clinic's calendar from the day of the procedure. A step that closed days moved is about
the day it was meant for, too. What was found proposes an urgency; a person chooses it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.case import Task
from bot.core.conditions import holds
from bot.core.course import Course
from bot.core.facts import URGENCY
from bot.core.kinds import Anchor, FieldKind, Phase
from bot.core.messages import FormField, FormPart, Watch
from bot.core.playbook import Field
from bot.core.red_flags import OTHER, RedFlag, Urgency
from bot.core.wording import plain

#: How many red flags a call or a check asks for: what fits on a phone.
MOST_ASKED = 5
#: How soon to act, in words.
ACT = {
    Urgency.EMERGENCY: "Emergency now",
    Urgency.URGENT: "Physician within 1 hour, seen today",
    Urgency.SOON: "Physician within 24 to 48 hours",
    Urgency.NEXT_VISIT: "At the next visit",
}
#: What a complication report can say, the mildest first.
_REPORTED = ("none", "routine", "urgent", "emergency")


def day_number(course: Course, task: Task, now: datetime) -> int:
    """Return how many days after the procedure a task is about: its event's, else today's or its own."""
    session = course.case.session(task.session)
    return (course.calendar.day(_moment(task, now)) - course.calendar.day(session.start)).days


def _moment(task: Task, now: datetime) -> datetime:
    return task.anchored or max(now, task.due)


def watched(course: Course, task: Task, now: datetime) -> tuple[RedFlag, ...]:
    """Return the red flags in whose window a task falls, the most urgent first."""
    session = course.case.session(task.session)
    facts, start = course.facts(session), course.calendar.day(session.start)
    due = course.step(task).due
    days = [day_number(course, task, now)]
    if due.anchor is Anchor.START and due.days is not None:
        days.append(due.days)
    elapsed = max(_moment(task, now) - session.end, timedelta(0))

    def order(flag: RedFlag) -> tuple[int, int]:
        # what belongs to few days says more about this one
        first, last = flag.span(course.playbook.id) or (0, 0)
        return flag.urgency.rank, last - first

    found = [
        flag
        for flag in course.playbook.red_flags
        if holds(flag.when, facts, start) and _in_window(flag, course.playbook.id, days, elapsed)
    ]
    return tuple(sorted(found, key=order))


def _in_window(flag: RedFlag, playbook: str, days: Iterable[int], elapsed: timedelta) -> bool:
    if flag.minutes is not None:
        first, last = (timedelta(minutes=minutes) for minutes in flag.minutes)
        return 0 in days and first <= elapsed <= last
    span = flag.span(playbook)
    return span is not None and any(span[0] <= day <= span[1] for day in days)


def signs(course: Course, task: Task, now: datetime) -> dict[str, Urgency]:
    """Return every sign of the playbook's red flags, the most urgent first. A sign that several share is as
    urgent as the worst of those whose window it is, and only where there is none, as the worst of all.
    """
    asked = {flag.id for flag in watched(course, task, now)}
    found: dict[str, tuple[bool, int, Urgency]] = {}
    for flag in course.playbook.red_flags:
        for sign, urgency in flag.each_sign():
            rated = (flag.id not in asked, urgency.rank, urgency)
            found[sign] = min(found.get(sign, rated), rated, key=lambda each: each[:2])
    ordered = sorted(found, key=lambda sign: (found[sign][1], found[sign][0]))
    return {sign: found[sign][2] for sign in ordered}


def speaks_for(course: Course, task: Task, now: datetime) -> Urgency | None:
    """Return the highest urgency of the signs in a task's answer, `None` if there are none."""
    known = signs(course, task, now)
    values = task.answer.values if task.answer else {}
    pressed = [sign for value in values.values() if isinstance(value, tuple) for sign in value]
    return min((known[sign] for sign in pressed if sign in known), key=lambda each: each.rank, default=None)


def second_thought(course: Course, task: Task, now: datetime) -> str:
    """Return a sentence where an answered report is less urgent than the signs in it, else ""."""
    step = course.step(task)
    said = next((task.value(each.name) for each in step.ask if says_urgency(each)), None)
    urgency = speaks_for(course, task, now) if step.red_flags and said in _REPORTED else None
    if urgency is None or _REPORTED.index(urgency.reported) <= _REPORTED.index(str(said)):
        return ""
    return f"The signs speak for {urgency.reported} ({ACT[urgency].lower()}); you chose {said}."


def says_urgency(field: Field) -> bool:
    """Say whether a field is where a person says how urgent a complication is."""
    return field.kind is FieldKind.CHOICE and URGENCY in field.sets


def with_red_flags(part: FormPart, course: Course, task: Task, now: datetime) -> FormPart:
    """Return a form's part with the red flags of its day, and the signs in it most urgent first."""
    step = course.step(task)
    event = step.phase is Phase.EVENT
    found = watched(course, task, now)
    day = day_number(course, task, now)
    heading = f"Red flags on day {day}" if event else f"Ask today (day {day})"
    return replace(
        part,
        watching=heading if found else "",
        watch=tuple(_shown(flag) for flag in (found if event else found[:MOST_ASKED])),
        fields=tuple(_with_urgency(field, course, task, now) for field in part.fields),
    )


def _with_urgency(field: FormField, course: Course, task: Task, now: datetime) -> FormField:
    asked = next((each for each in course.step(task).ask if each.name == field.name), None)
    if asked is None or not asked.signs:
        return replace(field, proposed=asked is not None and says_urgency(asked))
    today = {sign for flag in watched(course, task, now) for sign, _ in flag.each_sign()}
    return _rated(field, signs(course, task, now), today)


def _shown(flag: RedFlag) -> Watch:
    return Watch(
        urgency=flag.urgency,
        title=flag.title,
        signs=plain(", ".join(flag.signs)),
        act=ACT[flag.urgency],
        then=" ".join(filter(None, [*_worse(flag), flag.then])),
    )


def _worse(flag: RedFlag) -> Iterator[str]:
    for urgency in dict.fromkeys(flag.worse.values()):
        some = [plain(sign) for sign, worse in flag.worse.items() if worse is urgency]
        yield f"{ACT[urgency]} if {', or '.join(some)}."


def words(sign: str) -> str:
    """Return "Rising pain" for rising_pain."""
    return plain(sign).capitalize()


def _rated(field: FormField, urgencies: Mapping[str, Urgency], today: Collection[str]) -> FormField:
    # what belongs to other playbooks alone is not offered here
    others = [option for option in field.options if option[0] == OTHER]
    return replace(
        field,
        options=(*((sign, words(sign)) for sign in urgencies), *others),
        speaks={sign: (urgency, ACT[urgency]) for sign, urgency in urgencies.items()},
        rare=tuple(
            sign
            for sign, urgency in urgencies.items()
            if sign not in today and urgency is not Urgency.EMERGENCY
        ),
    )
