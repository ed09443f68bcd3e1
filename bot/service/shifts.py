"""Shift end: what somebody was asked and did not answer goes to whoever works on, as one card.

Whoever comes back the same day keeps it. Where nobody of the role works on, what cannot wait is put to the
role's channel, and the rest is asked in the morning of whoever is there then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core import wording
from bot.core.actions import Action, Button
from bot.core.asking import asked_person, asked_role
from bot.core.case import Task
from bot.core.course import Course
from bot.core.due import DECISION, LISTS, kind_of, ladder_of, next_word_at
from bot.core.kinds import CardKind
from bot.core.lifecycle import asked_anew
from bot.core.outgoing import Arrangement, Change, Entry, Posting, Verb
from bot.core.people import Clinic, Role, Shift
from bot.core.playbook import Step
from bot.core.postponing import must_wait
from bot.core.usual import is_single
from bot.ports import Transaction
from bot.service.handing import lapse
from bot.service.practice import Practice, redraw_all
from bot.service.rooms import duties_of

#: The kind of the list of what somebody left open when they went home.
BUNDLE = "bundle"
#: The kind under which it is kept whose shifts of a day were ended.
ENDED = "shifts_ended"
#: What is asked on a card of its own kind, whoever is asked.
OWN_CARD = (DECISION, CardKind.TIMEOUT, CardKind.CLEARANCE)
#: Within how many days every item that was asked is spoken of again, and how many are handed on at most.
AGAIN, MOST = timedelta(days=14), 5000
#: A shift that ended longer ago than this is not handed on any more: the reminders have gone on.
LATELY = timedelta(hours=2)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Left:
    """Something that was left open by whoever went home."""

    course: Course
    task: Task
    next_one: str | None

    @property
    def step(self) -> Step:
        """Return what it asks."""
        return self.course.step(self.task)

    @property
    def bundled(self) -> bool:
        """Say whether a line of a list can ask for it: nothing is decided or started from a list."""
        return kind_of(self.task, self.step) not in OWN_CARD

    def works(self, clinic: Clinic, now: datetime) -> bool:
        """Say whether whoever is asked next works at this moment."""
        return self.next_one in clinic.on_duty(asked_role(self.task, self.step), now)


def end_shifts(practice: Practice, tx: Transaction, clinic: Clinic, now: datetime) -> None:
    """Hand on what was left by everybody whose last shift of the day ended since the last look."""
    day, lately = clinic.calendar.day(now), _gone(clinic, now)
    known = tx.arrangement(ENDED, f"{clinic.id}:{day}") if lately else None
    done = set(known.detail["people"]) if known else set()
    gone = [person for person in lately if person not in done]
    if not gone:
        return
    made = known or Arrangement(kind=ENDED, key=f"{clinic.id}:{day}", clinic=clinic.id, by="bookend", at=now)
    tx.arrange(replace(made, detail={"people": sorted({*done, *gone})}))
    lapse(practice, tx, clinic, gone)
    for person in gone:
        # looked at anew for each: two who go at one moment may both have left something of one case
        for left in _left_by(practice, tx, clinic, [person], now).values():
            _hand_on(practice, tx, clinic, person, left, now)


def _gone(clinic: Clinic, now: datetime) -> list[str]:
    """Return who worked today, and whose last shift ended a little while ago."""
    here = clinic.calendar.local(now)
    last: dict[str, Shift] = {}
    for role in Role:
        for shift in clinic.shifts(role, here.date()):
            if shift.person not in last or shift.ends > last[shift.person].ends:
                last[shift.person] = shift
    ends = {person: clinic.calendar.instant(here.date(), shift.ends) for person, shift in last.items()}
    return [person for person, end in ends.items() if end <= now < end + LATELY]


def _left_by(
    practice: Practice, tx: Transaction, clinic: Clinic, gone: Sequence[str], now: datetime
) -> Mapping[str, list[_Left]]:
    # whatever somebody was asked comes again within days; nothing else is looked at
    coming = tx.due(clinic.id, now + AGAIN, MOST)
    codes = {task.case for task in coming if task.waits and task.rung}
    tasks = tx.tasks_of(codes)
    cases = tx.cases(codes)
    courses = {code: practice.course_of(case, tasks.get(code, ())) for code, case in cases.items()}
    asked = [t for t in coming if t.waits and t.rung and not must_wait(courses[t.case], t)]
    last = tx.asked_on(task.key for task in asked)
    rooms = duties_of(tx, clinic, clinic.calendar.day(now))
    found: dict[str, list[_Left]] = defaultdict(list)
    for task in asked:
        person = last[task.key].person if task.key in last else ""
        if person in gone:
            left = replace(task, holder="" if task.holder == person else task.holder)
            course = courses[task.case]
            next_one = asked_person(left, course.step(left), course.case, clinic, now, course.tasks, rooms)
            found[person].append(_Left(course=course, task=left, next_one=next_one))
    return found


def _hand_on(
    practice: Practice,
    tx: Transaction,
    clinic: Clinic,
    person: str,
    left: Sequence[_Left],
    now: datetime,
) -> None:
    bundles: dict[str, list[_Left]] = defaultdict(list)
    changed: dict[str, list[Task]] = defaultdict(list)
    for each in left:
        if each.next_one is None or (each.works(clinic, now) and not each.bundled):
            # nobody is there: the role's channel; and what has a card of its own is asked on one
            changed[each.task.case].append(asked_anew(each.task, now))
        elif each.works(clinic, now) and each.next_one != person:
            bundles[each.next_one].append(each)
            changed[each.task.case].append(_taken_over(each, clinic, now))
    courses = {each.task.case: each.course for each in left}
    tx.change_all(list(_changes(courses, changed, person, now)))
    for to, its in bundles.items():
        _bundle(practice, tx, clinic, person, to, its, now)
    shown = [(courses[code].case, tasks) for code, tasks in changed.items()]
    redraw_all(practice, tx, clinic, shown, at=now)


def _taken_over(left: _Left, clinic: Clinic, now: datetime) -> Task:
    task, step = asked_anew(replace(left.task, holder=left.next_one or ""), now), left.step
    after = next_word_at(task, step, clinic, now)
    return replace(task, rung=1, next_prompt_at=after, ladder=ladder_of(task, step, clinic))


def _changes(
    courses: Mapping[str, Course], changed: Mapping[str, list[Task]], person: str, now: datetime
) -> Iterator[Change]:
    for code, tasks in changed.items():
        detail = {"tasks": [task.key for task in tasks], "giver": person}
        entry = Entry(kind="shift_ended", at=now, by="bookend", detail=detail)
        yield Change(case=courses[code].case, tasks=tasks, entry=entry)


def _bundle(
    practice: Practice,
    tx: Transaction,
    clinic: Clinic,
    person: str,
    to: str,
    its: Sequence[_Left],
    now: datetime,
) -> None:
    address = practice.reached(clinic, to)
    if address is None:
        return
    day = clinic.calendar.day(now)
    card = f"{BUNDLE}:{clinic.id}:{day}:{person}:{to}"
    asked = [asked_anew(each.task, now) for each in its]
    tx.post(Posting(key=card, clinic=clinic.id, kind=BUNDLE, to=address, person=to, day=day))
    tx.asked(card, asked, now)
    tx.put_on(card, [task.key for task in asked])
    tx.queue(card, Verb.DRAW, key=card, at=now)


def bundle_buttons(courses: Mapping[str, Course], left: Sequence[Task]) -> Iterator[Button]:
    """Yield a button for each stage of a patient of which several lines were left: they are one form."""
    stages: dict[tuple[str, int, CardKind], list[Task]] = defaultdict(list)
    for task in left:
        step = courses[task.case].step(task)
        if step.card not in LISTS and not is_single(step):
            stages[task.case, task.session, step.card].append(task)
    for (code, _, card), tasks in stages.items():
        if len(tasks) > 1:
            label = f"{wording.CARDS[card]} of {code}: answer {len(tasks)}"
            yield Button(action=Action.FORM, label=label, tasks=tuple(task.key for task in tasks))
