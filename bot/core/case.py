"""A case, its sessions and tasks, and the answers people gave: what happened, never what it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from bot.core.added import Added
from bot.core.conditions import Value, Values
from bot.core.errors import NotFound
from bot.core.kinds import Catch
from bot.core.people import Role
from bot.core.said import Statements, disputes
from bot.core.times import Calendar


class TaskStatus(StrEnum):
    """The few states of a task; overdue, late and ready are worked out."""

    #: waits for an answer
    OPEN = "open"
    #: answered, and the answer stands
    DONE = "done"
    #: answered, and the answer stops the procedure
    BLOCKED = "blocked"
    #: no longer asked
    VOID = "void"


class Outcome(StrEnum):
    """What a person says of a task."""

    #: it is so
    CONFIRMED = "confirmed"
    #: the checklist found something, and it was put right
    CAUGHT = "caught"
    #: it does not apply, with a reason
    NOT_APPLICABLE = "not_applicable"
    #: it is not so; goes to the responsible physician
    PROBLEM = "problem"
    #: nobody could be asked; the next attempt follows, and after the last the physician decides
    UNREACHED = "unreached"


#: Said in a line of words, without the answers that a step asks for.
WITHOUT_ANSWERS = frozenset({Outcome.NOT_APPLICABLE, Outcome.PROBLEM, Outcome.UNREACHED})


class Choice(StrEnum):
    """What a physician decides on a stop."""

    #: go ahead
    PROCEED = "proceed"
    #: go ahead with a changed plan
    MODIFY = "modify"
    #: not on this date
    POSTPONE = "postpone"


class Moment(StrEnum):
    """The real moments of a session, pressed as buttons."""

    #: the patient is here
    ARRIVED = "arrived"
    #: the procedure started
    STARTED = "started"
    #: the procedure ended
    FINISHED = "finished"


@dataclass(frozen=True, kw_only=True, slots=True)
class Booking:
    """What is known when a case is opened. `starts` are planned; `minutes` None means the playbook's.

    Facts that were `told` are somebody's word: an answer that differs contradicts it. Else they are only
    what a script supposes, and an answer takes their place.
    """

    playbook: str
    calendar: Calendar
    opened: datetime
    starts: tuple[datetime, ...]
    consult: datetime | None = None
    booked: datetime | None = None
    minutes: int | None = None
    facts: Values = field(default_factory=dict)
    room: str = ""
    device: str = ""
    operator: str | None = None
    told: bool = True


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """One session of a course; the real moments are `None` until somebody presses them.

    `booked` is when it was added to a case that was open already; `held` says why its device or room is not
    to be used, "" while it may be; `delay` is by how many minutes it is expected to be late, which moves no
    due time.
    """

    number: int
    start: datetime
    minutes: int
    room: str = ""
    arrived: datetime | None = None
    started: datetime | None = None
    finished: datetime | None = None
    cancelled: datetime | None = None
    booked: datetime | None = None
    device: str = ""
    held: str = ""
    delay: int = 0

    @property
    def end(self) -> datetime:
        """Return the real end once it is known, until then the planned one: a late start moves it."""
        return self.finished or max(self.start, self.started or self.start) + timedelta(minutes=self.minutes)


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """One patient's procedure or course of them, named by an opaque code.

    `digest` is the playbook version it was planned with and keeps. `assigned` is role -> person id. A case in
    `shadow` is planned and shown, and nobody is prompted: no medical director had signed its playbook when it
    was opened. A later signature is for new cases: nobody is asked all at once for what is long overdue.
    `said` is all that was said of each fact, `facts` what was said last. `extra` are the questions that were
    added to it since. `asks_at` is when somebody is asked
    about a real moment that nobody pressed, `None` for never.
    """

    code: str
    clinic: str
    playbook: str
    digest: str
    opened: datetime
    booked: datetime
    consult: datetime
    sessions: tuple[Session, ...]
    facts: Values
    assigned: Mapping[Role, str] = field(default_factory=dict)
    cancelled: datetime | None = None
    closed: datetime | None = None
    shadow: bool = False
    asks_at: datetime | None = None
    revision: int = 0
    said: Statements = field(default_factory=dict)
    extra: tuple[Added, ...] = ()
    _disputed: Statements | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def disputed(self) -> Statements:
        """Return the facts of which people said different things that nobody settled: who said what."""
        if self._disputed is None:
            object.__setattr__(self, "_disputed", disputes(self.said))
        return self._disputed or {}

    def values_of(self, fact: str) -> tuple[Value, ...]:
        """Return what a fact is, and every other value that was said and not settled."""
        others = (each.value for each in self.disputed.get(fact, ()))
        return tuple(dict.fromkeys((self.facts.get(fact), *others)))

    def session(self, number: int) -> Session:
        """Return the session of that number."""
        for each in self.sessions:
            if each.number == number:
                return each
        raise NotFound(f"session of {self.code}", str(number), [str(each.number) for each in self.sessions])

    def before(self, session: Session) -> Session | None:
        """Return the session before this one in time, if there is one: what intervals count from."""
        earlier = (s for s in self.sessions if s.start < session.start and (s.started or not s.cancelled))
        return max(earlier, key=lambda each: each.start, default=None)

    def next_session(self, now: datetime) -> Session:
        """Return the session that runs, else the first that is neither over nor cancelled, else the last that
        was not cancelled.
        """
        open_now = (s for s in self.sessions if s.started and not s.finished and not s.cancelled)
        for session in open_now:
            # a Finish that nobody pressed yesterday is no reason to speak of that session today
            if session.started and now - session.started < timedelta(hours=12):
                return session
        ahead = [s for s in self.sessions if not s.finished and not s.cancelled and s.end >= now]
        if ahead:
            return min(ahead, key=lambda s: s.start)
        return next((s for s in reversed(self.sessions) if not s.cancelled), self.sessions[-1])


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """One person's standing answer to a task. `together`: covered by one press with others.

    `caught` says what was put right; `amends` is when the answer was given that this one corrects.
    """

    by: str
    role: Role
    at: datetime
    outcome: Outcome
    values: Values = field(default_factory=dict)
    note: str = ""
    together: bool = False
    caught: Catch | None = None
    amends: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """A physician's word on a stop; `covers` are the reasons it was given for, and no others."""

    by: str
    at: datetime
    choice: Choice
    reason: str
    covers: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Override:
    """The go-ahead by a second authorised person for one gate of one session; stays visible.

    `covers` are the things that blocked when it was given, and no others.
    """

    session: int
    gate: str
    by: str
    at: datetime
    reason: str
    covers: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """A step in a case: identified by case, step, session and occurrence. Its `key` says them in buttons,
    logs and tables: ids only, nothing about a patient.

    `floor` is the moment of rule 1.5 (opened, moved or added) before which it cannot be due; `anchored` the
    moment of its event, cancel or move. `asking` counts the rounds of asking, `rung` what was said in this
    one, and `next_prompt_at` is when the next word is due, `None` for never. The `holder` claimed it or took
    it over ("" is nobody); `acknowledged` is when somebody said "I'm on it" in this round; `ladder` are its
    minutes, frozen when it is first asked; `snoozed` was moved once; `first` is the first of two blind
    answers; `held` is since when its next word is held back for a better moment.
    """

    case: str
    step: str
    session: int
    due: datetime
    floor: datetime
    occurrence: int = 1
    status: TaskStatus = TaskStatus.OPEN
    late: bool = False
    on_call: bool = False
    anchored: datetime | None = None
    answer: Answer | None = None
    decision: Decision | None = None
    reopened: bool = False
    asking: int = 1
    rung: int = 0
    next_prompt_at: datetime | None = None
    revision: int = 0
    holder: str = ""
    acknowledged: datetime | None = None
    ladder: tuple[int, ...] = ()
    snoozed: bool = False
    first: Answer | None = None
    tried: int = 0
    held: datetime | None = None
    key: str = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "key", f"{self.case}:{self.step}:{self.session}:{self.occurrence}")

    @property
    def waits(self) -> bool:
        """Say whether somebody must still answer it, or decide on its stop."""
        return self.status in (TaskStatus.OPEN, TaskStatus.BLOCKED)

    @property
    def postponed(self) -> bool:
        """Say whether a physician has put the procedure off because of this."""
        return self.decision is not None and self.decision.choice is Choice.POSTPONE

    def value(self, name: str) -> Value:
        """Return what was answered in a field, if anything."""
        return self.answer.values.get(name) if self.answer else None


def case_of(key: str) -> str:
    """Return the case code in a task's key."""
    return key.split(":", 1)[0]
