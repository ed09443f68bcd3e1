"""On which card a task is asked, and when the next word is due: few prompts, each going out once.

Due times stay as planned; only the asking is bundled. `pre` and `follow_up` lines of all cases go on at most
two worklists per person and day, the consultation is one form per person and case, the day itself one card
per stage. A stop is asked of the physician, one card each.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.core.asking import VISIT, asked_role, is_urgent
from bot.core.case import Session, Task, TaskStatus
from bot.core.kinds import CardKind, Level, Phase
from bot.core.people import LADDERS, Clinic
from bot.core.playbook import Step

#: How many mornings in a row an unanswered item begins its ladder again, before it does so weekly.
DAILY_ROUNDS = 3
#: The phases whose items somebody must answer before a procedure.
BEFORE = (Phase.BOOKING, Phase.CONSULT, Phase.PRE, Phase.DAY)

#: How long after the last word a complication that nobody took is paged again, from the first person on.
PAGED_AGAIN = timedelta(minutes=15)
#: After so many rounds a page comes once an hour: a telephone that never rests is put away.
PAGED_OFTEN = 2
PAGED_HOURLY = timedelta(hours=1)

#: From this wall time a person's second list of the day takes what becomes due.
SECOND_LIST = time(15)

#: How far apart the lines of one stage can be due; what comes later is asked in its own time.
STAGE = timedelta(hours=8)

#: What one press may confirm ahead of its time: the lines that are read aloud in one go.
READ_ALOUD = timedelta(minutes=10)

#: Cards that mix the cases of a person's day; every other card belongs to one case.
LISTS = (CardKind.WORKLIST, CardKind.DESK, CardKind.CLEARANCE)

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
#: The kind of a card in a role's channel on which whoever is first takes what nobody is there for.
CLAIM = "claim"


class Word(StrEnum):
    """What is said at a rung of the ladder."""

    #: the first time
    ASK = "ask"
    #: once more, in the card's thread
    REMIND = "remind"
    #: the role's lead or the manager is told
    ESCALATE = "escalate"


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """The card a task is asked on: its unique key, its kind, and its case and session or its day; a `person`
    of "" is whoever reads the channel.
    """

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
    """Return the minutes of a task's ladder: those it was first asked with, else the clinic's; a stop's is at
    least important.
    """
    if task.rung and task.ladder:
        return task.ladder
    name = "important" if task.status is TaskStatus.BLOCKED and step.ladder == "routine" else step.ladder
    return clinic.ladders.get(name) or LADDERS[name]


def word_due(task: Task, ladder: tuple[int, ...]) -> Word:
    """Return what is said at the task's present rung; after the last rung the ladder begins again."""
    place = task.rung % (len(ladder) + 1)
    if place == 0:
        return Word.ASK
    return Word.REMIND if place < len(ladder) else Word.ESCALATE


def next_word_at(task: Task, step: Step, clinic: Clinic, now: datetime, *, paging: bool = False) -> datetime:
    """Return when the rung after the one just said is due, in time in which the clinic is open; what is
    urgent, on call or of a visit counts by the clock. `paging` waits for no deadline, and for no morning.
    """
    ladder = ladder_of(task, step, clinic)
    rounds, place = divmod(task.rung, len(ladder) + 1)
    if paging and rounds >= PAGED_OFTEN:
        return now + PAGED_HOURLY
    if place == len(ladder):
        return now + PAGED_AGAIN if paging else _next_round(task, step, clinic, now, rounds)
    wait = timedelta(minutes=ladder[place] - (ladder[place - 1] if place else 0))
    base = max(now, task.due) if task.status is TaskStatus.OPEN and not paging else now
    if task.on_call or is_urgent(step):
        return base + wait
    if step.phase in VISIT and step.due.days is None:
        return clinic.calendar.working_moment(base + wait)
    return clinic.calendar.working_after(base, wait)


def _next_round(task: Task, step: Step, clinic: Clinic, now: datetime, rounds: int) -> datetime:
    # nothing that is open is ever forgotten: asked again the next mornings, then weekly
    # and whatever can stop a procedure each morning, for its gate comes nearer
    stops = task.status is TaskStatus.BLOCKED or step.stops.level is not Level.NONE
    days = 1 if rounds < DAILY_ROUNDS or (stops and step.phase in BEFORE) else 7
    day = clinic.calendar.day(now) + timedelta(days=days)
    moment = clinic.calendar.instant(day, clinic.calendar.opening(day)[0])
    # a night's rest for what the day did not bring; a complication has none
    anytime = task.on_call or (is_urgent(step) and step.phase is Phase.EVENT)
    return moment if anytime else clinic.calendar.working_moment(moment)


def place_of(task: Task, step: Step, session: Session, person: str, clinic: Clinic, now: datetime) -> Place:
    """Return the card on which a task is asked of a person now, of "" the one that asks who takes it."""
    if not person:
        return _claim(task, step, clinic, now)
    kind = kind_of(task, step)
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


def kind_of(task: Task, step: Step) -> str:
    """Return the kind of card a task is asked on: a stop, and what a physician settles, is one of its own."""
    return DECISION if task.status is TaskStatus.BLOCKED or step.settles else step.card.value


def _claim(task: Task, step: Step, clinic: Clinic, now: datetime) -> Place:
    # who takes a card takes all of it: of one role and, but for a list, of one session
    role, here = asked_role(task, step), clinic.calendar.local(now)
    listed = kind_of(task, step) in LISTS
    of = clinic.id if listed else f"{task.case}:{task.session}:{task.occurrence}"
    return Place(
        key=f"{CLAIM}:{of}:{role}:{here:%Y%m%dT%H%M}",
        kind=CLAIM,
        person="",
        case="" if listed else task.case,
        session=0 if listed else task.session,
        day=here.date(),
    )


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
