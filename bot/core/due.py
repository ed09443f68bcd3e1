"""Who is asked what, on which card, and when the next word is due: few prompts, each going out once.

Due times stay as planned; only the asking is bundled. `pre` and `follow_up` lines of all cases go on at most
two worklists per person and day, the consultation is one form per person and case, the day itself one card
per stage. A stop is asked of the physician, one card each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.core.case import Case, Session, Task, TaskStatus
from bot.core.kinds import CardKind, Phase
from bot.core.people import Clinic, Role
from bot.core.playbook import Step

#: Minutes after asking: reminders, and last the moment the manager is told.
LADDERS: Mapping[str, tuple[int, ...]] = {
    "routine": (120, 240),
    "important": (30, 60, 90),
    "urgent": (5, 10, 15),
}

#: How many mornings in a row an unanswered item begins its ladder again, before it does so weekly.
DAILY_ROUNDS = 3

#: From this wall time a person's second list of the day takes what becomes due.
SECOND_LIST = time(15)

#: How far apart the lines of one stage can be due; what comes later is asked in its own time.
STAGE = timedelta(hours=8)

#: What one press may confirm ahead of its time: the lines that are read aloud in one go.
READ_ALOUD = timedelta(minutes=10)

#: Cards that mix the cases of a person's day; every other card belongs to one case.
LISTS = (CardKind.WORKLIST, CardKind.DESK)

#: The cards of the day of the procedure: there is one of each for every start of a session.
STAGES = (
    CardKind.PREP,
    CardKind.DOCTOR,
    CardKind.ROOM,
    CardKind.TIMEOUT,
    CardKind.RECORD,
    CardKind.AFTER,
)

#: The kind of a decision card, beside the card kinds a step can name.
DECISION = "decision"


class Word(StrEnum):
    """What is said at a rung of the ladder."""

    #: the first time
    ASK = "ask"
    #: once more, in the card's thread
    REMIND = "remind"
    #: the manager is told
    ESCALATE = "escalate"


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """The card a task is asked on: its unique key, its kind, and its case and session or its day."""

    key: str
    kind: str
    person: str
    case: str = ""
    session: int = 0
    day: date | None = None


def read_now(task: Task, now: datetime) -> bool:
    """Say whether "all as read aloud" means a line: it was asked, and is due within the minutes it takes."""
    return task.status is TaskStatus.OPEN and task.rung > 0 and task.due - now <= READ_ALOUD


def ladder_of(task: Task, step: Step, clinic: Clinic) -> tuple[int, ...]:
    """Return the minutes of a task's ladder, as the clinic overrides them; a stop is at least important."""
    name = "important" if task.status is TaskStatus.BLOCKED and step.ladder == "routine" else step.ladder
    return clinic.ladders.get(name) or LADDERS[name]


def word_due(task: Task, ladder: tuple[int, ...]) -> Word:
    """Return what is said at the task's present rung; after the last rung the ladder begins again."""
    place = task.rung % (len(ladder) + 1)
    if place == 0:
        return Word.ASK
    return Word.REMIND if place < len(ladder) else Word.ESCALATE


def next_word_at(task: Task, step: Step, clinic: Clinic, now: datetime) -> datetime:
    """Return when the rung after the one just said is due; while closed, only what is urgent or on call."""
    ladder = ladder_of(task, step, clinic)
    round_before, place = divmod(task.rung, len(ladder) + 1)
    if place == len(ladder):
        moment = _next_round(clinic, now, round_before)
    else:
        before = ladder[place - 1] if place else 0
        base = max(now, task.due) if task.status is TaskStatus.OPEN else now
        moment = base + timedelta(minutes=ladder[place] - before)
    # a night's rest for what the day did not bring; a complication has none
    urgent = step.ladder == "urgent" and (place < len(ladder) or step.phase is Phase.EVENT)
    anytime = urgent or task.on_call
    return moment if anytime else clinic.calendar.working_moment(moment)


def _next_round(clinic: Clinic, now: datetime, rounds: int) -> datetime:
    # nothing that is open is ever forgotten: asked again the next mornings, then weekly
    days = 1 if rounds < DAILY_ROUNDS else 7
    day = clinic.calendar.day(now) + timedelta(days=days)
    return clinic.calendar.instant(day, clinic.calendar.opening(day)[0])


def asked_role(task: Task, step: Step) -> Role:
    """Return whose task it is now: a stop is the physician's."""
    return Role.PHYSICIAN if task.status is TaskStatus.BLOCKED else step.role


def asked_person(task: Task, step: Step, case: Case, clinic: Clinic, now: datetime) -> str | None:
    """Return who is asked: whom the case is assigned to, else who is on duty or on call, if anybody."""
    role = asked_role(task, step)
    assigned = case.assigned.get(role)
    if assigned in clinic.people:
        return assigned
    return clinic.asked(role, clinic.calendar.day(now), on_call=task.on_call)


def place_of(task: Task, step: Step, session: Session, person: str, clinic: Clinic, now: datetime) -> Place:
    """Return the card on which a task is asked of a person now."""
    kind = DECISION if task.status is TaskStatus.BLOCKED or step.settles else step.card.value
    if kind in LISTS:
        return _list(step.card, person, clinic, now)
    if kind == DECISION:
        key = decision_key(task, person)
    elif kind in STAGES:
        key = stage_key(kind, session, task, person)
    else:
        # an edit of yesterday's card would buzz no telephone
        key = f"{kind}:{task.case}:{task.session}:{task.occurrence}:{clinic.calendar.day(now)}:{person}"
    return Place(key=key, kind=kind, person=person, case=task.case, session=task.session)


def decision_key(task: Task, person: str) -> str:
    """Return the key of the card on which a stop is put to a physician in this round of asking."""
    return f"{DECISION}:{task.key}:{task.asking}:{person}"


def stage_key(kind: str, session: Session, task: Task, person: str) -> str:
    """Return the key of a stage card; on its new date a session that moved is asked on others."""
    return f"{kind}:{task.case}:{task.session}:{session.start:%Y%m%dT%H%M}:{person}"


def _list(kind: CardKind, person: str, clinic: Clinic, now: datetime) -> Place:
    here = clinic.calendar.local(now)
    number = 2 if kind is CardKind.WORKLIST and here.time() >= SECOND_LIST else 1
    key = f"{kind.value}:{clinic.id}:{here.date()}:{number}:{person}"
    return Place(key=key, kind=kind.value, person=person, day=here.date())


def goes_along(task: Task, step: Step, with_task: Task, with_step: Step) -> bool:
    """Say whether an open task, not asked yet, goes on the card of another that is asked now.

    A stage card shows the whole stage when it comes: later lines read "from 10:20" and do not notify again.
    """
    both_open = task.status is with_task.status is TaskStatus.OPEN
    unasked = both_open and task.rung == 0 and task.next_prompt_at is not None
    listed = step.card not in LISTS and not (step.own or with_step.own)
    same_card = step.card is with_step.card and step.role is with_step.role and listed
    same_part = (task.session, task.occurrence) == (with_task.session, with_task.occurrence)
    return unasked and same_card and same_part and task.due - with_task.due < STAGE
