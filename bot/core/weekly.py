"""The week of a clinic in one line: what was answered in time, what was caught, and how loud Bookend was.

A week is an ISO week in the clinic's own zone, from Monday to Monday. Nothing here names a patient, a case or
a member of staff. Each number is defined once, in the function that counts it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.core.case import Answer, Outcome, Override, Session, Task, TaskStatus
from bot.core.catches import catches_words, good_catches
from bot.core.course import Course
from bot.core.kinds import BEFORE, Catch, Phase
from bot.core.noise import Noise
from bot.core.people import Clinic
from bot.core.postponing import put_off
from bot.core.wording import count, day_words

WEEK = timedelta(days=7)
#: What is asked after a procedure.
_AFTER = frozenset({Phase.POST, Phase.FOLLOW_UP})
#: How a playbook's own question may say that nobody was reached.
UNREACHED = frozenset({"not_reached", "unreached"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Week:
    """An ISO week of a clinic, named by its Monday; `begins` and `ends` are its instants there."""

    monday: date
    begins: datetime
    ends: datetime

    @property
    def name(self) -> str:
        """Return "2027-W06"."""
        year, week, _ = self.monday.isocalendar()
        return f"{year}-W{week:02}"

    @property
    def words(self) -> str:
        """Return "Mon 8 Feb to Sun 14 Feb (week 6)"."""
        sunday = self.monday + timedelta(days=6)
        return f"{day_words(self.monday)} to {day_words(sunday)} (week {self.monday.isocalendar().week})"


def week_of(clinic: Clinic, day: date) -> Week:
    """Return the week of a clinic in which a day lies."""
    monday = day - timedelta(days=day.weekday())
    begins, ends = (clinic.calendar.instant(each, time()) for each in (monday, monday + WEEK))
    return Week(monday=monday, begins=begins, ends=ends)


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """So many of so many."""

    done: int
    due: int

    @property
    def percent(self) -> int | None:
        """Return the share in whole per cent, never rounded up to 100; `None` of nothing."""
        return self.done * 100 // self.due if self.due else None

    @property
    def words(self) -> str:
        """Return "96 % (182 of 190)"."""
        return f"{self.percent} % ({self.done} of {self.due})" if self.due else "nothing due"


@dataclass(frozen=True, kw_only=True, slots=True)
class Weekly:
    """A clinic's week: two shares, four counts, and what each role heard of Bookend."""

    clinic: str
    title: str
    week: Week
    pre: Share
    post: Share
    catches: Mapping[Catch, int]
    overrides: int
    unreached: int
    noise: tuple[Noise, ...] = ()

    @property
    def messages(self) -> int:
        """Return how many messages people got."""
        return sum(each.messages for each in self.noise)

    @property
    def is_empty(self) -> bool:
        """Say whether there is nothing to tell of."""
        return not (self.pre.due or self.post.due or self.messages)


def pre_completion(courses: Iterable[Course], week: Week, now: datetime) -> Share:
    """Count, of the sessions whose start lay in the week, the items that were due before the start, and those
    of them that were answered before it.

    The start is the real one where it was pressed. Left out are sessions that were cancelled, put off or are
    still to come, items that are no longer asked, and cases in shadow. A corrected answer counts from when it
    was first given.
    """
    return _share(
        _answered(task) is not None and _first_given(task) < (session.started or session.start)
        for course, session in _sessions(courses)
        if week.begins <= session.start < week.ends and session.start <= now
        for task in course.tasks
        if _asked_in(course, task, session) and course.step(task).phase in BEFORE
        if task.due < (session.started or session.start)
    )


def post_completion(courses: Iterable[Course], week: Week, now: datetime) -> Share:
    """Count the items after a procedure, follow-ups included, that were due in the week, and those of them
    that were answered before it ended.

    Left out are items that are no longer asked, those of sessions that never were, and cases in shadow.
    """
    return _share(
        _answered(task) is not None and _first_given(task) < week.ends
        for course, session in _sessions(courses)
        for task in course.tasks
        if _asked_in(course, task, session) and course.step(task).phase in _AFTER
        if week.begins <= task.due < week.ends and task.due <= now
    )


def unreached(answers: Iterable[Answer]) -> int:
    """Count the answers that say a patient could not be reached, each attempt once."""
    return sum(
        answer.outcome is Outcome.UNREACHED or not UNREACHED.isdisjoint(map(str, answer.values.values()))
        for answer in answers
    )


def weekly(
    clinic: Clinic,
    week: Week,
    courses: Sequence[Course],
    answers: Sequence[Answer],
    overrides: Sequence[Override],
    noise: Sequence[Noise],
    now: datetime,
) -> Weekly:
    """Return a clinic's week: `answers` and `overrides` are those given in it, catches each item once."""
    return Weekly(
        clinic=clinic.id,
        title=clinic.title,
        week=week,
        pre=pre_completion(courses, week, now),
        post=post_completion(courses, week, now),
        catches=good_catches(answers),
        overrides=len(overrides),
        unreached=unreached(answers),
        noise=tuple(noise),
    )


def weekly_lines(found: Weekly) -> Iterator[str]:
    """Say a clinic's week in a line, and in a second one how loud Bookend itself was."""
    caught = catches_words(found.catches) or "no good catches"
    overrides = count(found.overrides, "override")
    yield (
        f"{found.title}: before {found.pre.words}, after {found.post.words}; {caught}; "
        f"{overrides}; {found.unreached} unreached"
    )
    yield f"{found.title}, Bookend itself: {noise_words(found.noise)}"


def noise_words(noise: Sequence[Noise]) -> str:
    """Say how many messages people got, how many had to be repeated, and how many came after hours."""
    messages, repeats = sum(each.messages for each in noise), sum(each.repeats for each in noise)
    first = Share(done=sum(each.answered_first for each in noise), due=messages)
    late = Share(done=sum(each.after_hours for each in noise), due=messages + repeats)
    if not messages:
        return "no messages"
    said = f"{count(messages, 'message')}, {count(repeats, 'repeat')}"
    return f"{said}, {first.percent} % answered at first asking, {late.percent} % after hours"


#: The columns of the weekly CSV, in order, each with what it holds.
COLUMNS: Mapping[str, str] = {
    "week": "ISO week, in the clinic's zone",
    "clinic": "the clinic's id",
    "pre_due": "items due before the start of the week's sessions",
    "pre_answered": "of these, answered before the start",
    "pre_percent": "the share, in whole per cent; empty where nothing was due",
    "post_due": "items after a procedure that were due in the week",
    "post_answered": "of these, answered before the week ended",
    "post_percent": "the share, likewise",
    "catches": "items caught and put right",
    "overrides": "go-aheads by a second person",
    "unreached": "answers that say a patient could not be reached",
    "messages": "first messages to people",
    "repeats": "reminders to people",
    "answered_first": "messages that needed no reminder",
    "after_hours": "messages and reminders while the clinic was closed",
}


def weekly_row(found: Weekly) -> dict[str, str | int | None]:
    """Return a week as plain data, under the names of `COLUMNS`."""
    return {
        "week": found.week.name,
        "clinic": found.clinic,
        "pre_due": found.pre.due,
        "pre_answered": found.pre.done,
        "pre_percent": found.pre.percent,
        "post_due": found.post.due,
        "post_answered": found.post.done,
        "post_percent": found.post.percent,
        "catches": sum(found.catches.values()),
        "overrides": found.overrides,
        "unreached": found.unreached,
        "messages": found.messages,
        "repeats": sum(each.repeats for each in found.noise),
        "answered_first": sum(each.answered_first for each in found.noise),
        "after_hours": sum(each.after_hours for each in found.noise),
    }


def _share(each: Iterable[bool]) -> Share:
    found = list(each)
    return Share(done=sum(found), due=len(found))


def _sessions(courses: Iterable[Course]) -> Iterator[tuple[Course, Session]]:
    for course in courses:
        waiting = put_off(course)
        for session in () if course.case.shadow else course.case.sessions:
            if not session.cancelled and session.number not in waiting:
                yield course, session


def _asked_in(course: Course, task: Task, session: Session) -> bool:
    return task.session == session.number and task.status is not TaskStatus.VOID


def _answered(task: Task) -> Answer | None:
    return task.answer if task.status in (TaskStatus.DONE, TaskStatus.BLOCKED) else None


def _first_given(task: Task) -> datetime:
    assert task.answer is not None
    return task.answer.amends or task.answer.at
