"""The weekly line: counted from what is kept, posted to the managers' channel when a week begins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from bot.core import huddle
from bot.core.course import Course
from bot.core.messages import Notice
from bot.core.noise import Noise, noise
from bot.core.outgoing import Posting, Verb
from bot.core.people import Clinic, Role
from bot.core.replies import Address
from bot.core.times import Closed
from bot.core.weekly import (
    WEEK,
    Week,
    Weekly,
    post_completion,
    pre_completion,
    week_of,
    weekly,
    weekly_lines,
)
from bot.ports import Reading, Transaction
from bot.service.practice import Practice

#: The kind of the weekly notice.
WEEKLY = "weekly"


def last_week(clinic: Clinic, now: datetime) -> Week:
    """Return the last week that is over."""
    return week_of(clinic, clinic.calendar.day(now) - WEEK)


def weekly_of(practice: Practice, reading: Reading, clinic: Clinic, week: Week) -> Weekly:
    """Count a clinic's week."""
    now = practice.clock.now()
    courses = _courses(practice, reading, clinic, week)
    given = [answer for _, answer in reading.answers_since(clinic.id, week.begins) if answer.at < week.ends]
    overrides = reading.overridden(clinic.id, week.begins, week.ends)
    return weekly(clinic, week, courses, given, overrides, noise_of(reading, clinic, week), now)


def _courses(practice: Practice, reading: Reading, clinic: Clinic, week: Week) -> list[Course]:
    codes = reading.codes_due(clinic.id, week.begins, week.ends)
    cases, tasks = reading.cases(codes), reading.tasks_of(codes)
    return [practice.course_of(case, tasks.get(code, ())) for code, case in cases.items()]


def noise_of(reading: Reading, clinic: Clinic, week: Week) -> tuple[Noise, ...]:
    """Count by role what people of a clinic heard in a week."""
    return noise(reading.heard(clinic.id, week.begins, week.ends), clinic)


def post_weekly(
    practice: Practice, tx: Transaction, clinic: Clinic, now: datetime, *, busy: bool = False
) -> None:
    """Post last week's lines once for every channel in which managers of this clinic read them.

    Of a week in which nobody heard anything, it is counted what was due; in a sweep that is `busy`, people
    wait for that.
    """
    day = last_week(clinic, now).monday
    for key, to, group in _channels(practice, clinic, day):
        # where the clinics of a channel lie far apart, it waits for the last one's morning
        ready = all(now >= _morning(each, day + WEEK) for each in group)
        if ready and tx.posting(key) is None and _something(practice, tx, group, day, busy=busy):
            tx.post(Posting(key=key, clinic=clinic.id, kind=WEEKLY, to=to, day=day))
            tx.queue(key, Verb.DRAW, key=key, at=now)


def draw_weekly(
    practice: Practice, reading: Reading, posting: Posting, clinic: Clinic, now: datetime
) -> Notice:
    """Draw last week's lines, of every clinic whose managers read that channel."""
    day = posting.day or last_week(clinic, now).monday
    found = [
        weekly_of(practice, reading, each, week_of(each, day))
        for each in practice.clinics.values()
        if _channel(each, posting.to.platform) == posting.to.channel
    ]
    lines = tuple(line for each in found if not each.is_empty for line in weekly_lines(each))
    clinics = "of each clinic " if len(found) > 1 else ""
    return Notice(
        heading=found[0].week.words,
        text=f"The week {clinics}in numbers, without patients and names.",
        lines=lines,
    )


def _channels(
    practice: Practice, clinic: Clinic, monday: date
) -> Iterator[tuple[str, Address, list[Clinic]]]:
    for platform in practice.platforms:
        channel = _channel(clinic, platform)
        if channel:
            group = [each for each in practice.clinics.values() if _channel(each, platform) == channel]
            key = f"{WEEKLY}:{monday}:{platform}:{channel}"
            yield key, Address(platform=platform, channel=channel), group


def _channel(clinic: Clinic, platform: str) -> str:
    named = clinic.channels.get(platform, {})
    return named.get(Role.MANAGER) or named.get("escalations") or named.get("board") or ""


def _morning(clinic: Clinic, monday: date) -> datetime:
    """Return when the first huddle of a week is; a week without one begins like any other."""
    first = clinic.calendar.open_day(monday, Closed.NEXT)
    return huddle.begins(clinic, first if first < monday + WEEK else monday)


def _something(
    practice: Practice, reading: Reading, group: Sequence[Clinic], day: date, *, busy: bool
) -> bool:
    """Say whether a week is to be told of: each sweep asks it anew where it is not."""
    weeks = [(each, week_of(each, day)) for each in group]
    if any(noise.messages for each, week in weeks for noise in noise_of(reading, each, week)):
        return True
    return not busy and any(_was_due(practice, reading, each, week) for each, week in weeks)


def _was_due(practice: Practice, reading: Reading, clinic: Clinic, week: Week) -> bool:
    courses, now = _courses(practice, reading, clinic, week), practice.clock.now()
    return bool(pre_completion(courses, week, now).due or post_completion(courses, week, now).due)
