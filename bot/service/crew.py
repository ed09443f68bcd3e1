"""The crew: invented staff who answer what they are asked, some minutes later, while a demo's day plays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.core import wording
from bot.core.asking import asked_person
from bot.core.case import Choice, Moment, Task, TaskStatus
from bot.core.course import Course
from bot.core.kinds import Level, Phase
from bot.core.people import Clinic
from bot.core.playbook import NEW_DATE
from bot.core.rooms import RoomDuties
from bot.service.answer import decide
from bot.service.player import Player, coming_moments
from bot.service.practice import Practice
from bot.service.rooms import duties_of

#: How long it takes somebody to come to a prompt, and how many items one person answers at a time.
LAG = timedelta(minutes=4)
AT_ONCE = 2
#: How long a physician thinks about a stop.
THINKS = timedelta(minutes=20)


class Crew:
    """Answers as a clinic on a good day would; a hard stop is left to whoever watches."""

    def __init__(self, practice: Practice, clinic: Clinic) -> None:
        self._practice = practice
        self._clinic = clinic

    def work(self) -> tuple[str, ...]:
        """Let everybody answer what waited long enough; return a line for each case and person."""
        day = self._clinic.calendar.day(self._practice.clock.now())
        with self._practice.store.reading() as reading:
            codes = [case.code for case in reading.open_cases(self._clinic.id)]
            rooms = duties_of(reading, self._clinic, day)
        hands: Counter[str] = Counter()
        return tuple(line for code in codes for line in self._on(code, hands, rooms))

    def _on(self, code: str, hands: Counter[str], rooms: RoomDuties) -> Iterator[str]:
        player = Player(self._practice, self._clinic, lambda said: None, code)
        now = self._practice.clock.now()
        course = player.course()
        for number, moment in _pressable(course, now):
            player.press(number, moment)
            yield f"{code}: {moment.value}"
        done: dict[str, list[str]] = {}
        for task in sorted(_answerable(course, now), key=lambda each: each.due):
            step = course.step(task)
            person = asked_person(task, step, course.case, self._clinic, now, rooms=rooms) or ""
            if hands[person] < AT_ONCE:
                hands[person] += 1
                player.answer_normally(task.key, by=person)
                done.setdefault(person, []).append(step.title)
        for person, titles in done.items():
            yield f"{wording.person_name(self._clinic, person)}: {', '.join(titles)} · {code}"
        yield from self._decisions(player, course, now)

    def _decisions(self, player: Player, course: Course, now: datetime) -> Iterator[str]:
        for task in course.tasks:
            waits = task.status is TaskStatus.BLOCKED and task.decision is None and task.answer is not None
            if (
                not waits
                or course.step(task).gate
                or course.verdict(task).level is Level.HARD
                or now - task.due < THINKS
            ):
                continue
            physician = player.physician()
            with self._practice.store.writing() as tx:
                decide(
                    self._practice, tx, physician, task.key, Choice.MODIFY, "talked it over with the patient"
                )
            yield f"{physician.name} decides: {course.step(task).title} · {player.code}"


def _answerable(course: Course, now: datetime) -> Iterator[Task]:
    for task in course.tasks:
        if (
            task.status is TaskStatus.OPEN
            and task.rung
            and now - task.due >= LAG
            and task.step != NEW_DATE.id
        ):
            yield task


def _pressable(course: Course, now: datetime) -> Iterator[tuple[int, Moment]]:
    for at, number, moment in coming_moments(course):
        before = [t for t in course.tasks if course.step(t).phase is Phase.DAY and t.session == number]
        waiting = any(task.waits for task in before)
        if at <= now and not (moment is Moment.STARTED and waiting):
            yield number, moment
