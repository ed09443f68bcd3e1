"""A playbook as the core knows it: steps with due moments, fields, conditions and stops; frozen, complete.

`bot.files.playbooks` makes these from YAML and refuses what could not run; nothing here reads a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from enum import StrEnum

from bot.core.conditions import ALWAYS, Condition, Value, Values, holds
from bot.core.errors import NotFound
from bot.core.facts import Fact
from bot.core.people import Role
from bot.core.red_flags import RedFlag
from bot.core.times import Closed


class Phase(StrEnum):
    """The part of a case a step belongs to."""

    #: when the procedure is booked
    BOOKING = "booking"
    #: at the consultation
    CONSULT = "consult"
    #: between consultation and the day
    PRE = "pre"
    #: on the day, before the procedure starts
    DAY = "day"
    #: after it, before the patient leaves
    POST = "post"
    #: days to months later
    FOLLOW_UP = "follow_up"
    #: a complication was reported
    EVENT = "event"
    #: the case was cancelled
    CANCEL = "cancel"
    #: the procedure was moved
    MOVE = "move"


class Anchor(StrEnum):
    """The moment a due time counts from (rule 1.1)."""

    #: T0, the planned start of the procedure
    START = "start"
    #: its planned end until Finish is pressed, then the real one
    END = "end"
    #: planned arrival: some time before the start, as the playbook says (`Arrival`)
    ARRIVE = "arrive"
    #: start of the consultation
    CONSULT = "consult"
    #: when the procedure was booked
    BOOKED = "booked"
    #: when a complication was reported
    EVENT = "event"
    #: when the case was cancelled
    CANCEL = "cancel"
    #: when the procedure was moved
    MOVE = "move"


class Scope(StrEnum):
    """How often a step is asked in a course of sessions."""

    #: at every session
    SESSION = "session"
    #: once, and again when the answer has expired
    COURSE = "course"


class Level(StrEnum):
    """How hard an unanswered step or a bad answer stops the procedure."""

    #: a reminder only
    NONE = "no"
    #: blocked until the physician decides
    MD = "md"
    #: the procedure must not go ahead
    HARD = "hard"


class CardKind(StrEnum):
    """The card a step is asked on (DESIGN section 6)."""

    #: a person's lines of the day across cases
    WORKLIST = "worklist"
    #: the front desk's bookings, arrivals and check-outs of the day
    DESK = "desk"
    #: one form per person and case at the consultation
    CONSULT = "consult"
    #: nurse: what is checked and prepared on the day itself
    PREP = "prep"
    #: physician: consent, injection
    DOCTOR = "doctor"
    #: operator: everything just before the start
    ROOM = "room"
    #: stop and say
    TIMEOUT = "timeout"
    #: operator: what was done
    RECORD = "record"
    #: nurse: dressing, observation, aftercare
    AFTER = "after"
    #: a complication, one card per event and person
    EVENT = "event"


class FieldKind(StrEnum):
    """What a field takes."""

    #: one of its choices
    CHOICE = "choice"
    #: any number of its choices
    SEVERAL = "several"
    #: words; looked at by the privacy guard
    TEXT = "text"
    #: a number in `unit`
    NUMBER = "number"
    #: a calendar date
    DATE = "date"
    #: a wall time
    TIME = "time"
    #: worked out from two numbers of the same form: the first divided by the second
    RATIO = "ratio"


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """One thing to confirm or record.

    `normal` is the usual answer. `sets` maps fact name -> {answer: fact value}; an empty mapping passes the
    answer on as it is. `decides` lists the answers by which a physician settles this step's own `md` stop.
    `identity` fields name a person and are never kept in strict privacy; `chart` fields are written in the
    patient's record, one tick for all. `tense` says of a date that it lies in the "past" or the "future".
    `known` names what the case itself knows of it: filled in already, and judged before anybody answers.
    The choices of a `signs` field are those of the red flags.
    """

    name: str
    label: str
    kind: FieldKind
    choices: tuple[str, ...] = ()
    normal: Value = None
    optional: bool = False
    unit: str = ""
    least: float | None = None
    most: float | None = None
    of: tuple[str, str] | None = None
    identity: bool = False
    chart: bool = False
    sets: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    decides: tuple[str, ...] = ()
    help: str = ""
    tense: str = ""
    known: str = ""
    signs: bool = False

    @property
    def recorded(self) -> bool:
        """Say whether its answer is kept here: it is not worked out, not for the chart, and names nobody."""
        return self.kind is not FieldKind.RATIO and not self.chart and not self.identity


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """When a step is due: days from the anchor's local date at a wall time, or elapsed minutes."""

    anchor: Anchor
    minutes: int = 0
    days: int | None = None
    at: time | None = None
    closed: Closed = Closed.STAY


@dataclass(frozen=True, kw_only=True, slots=True)
class Stops:
    """Which answers and facts stop the procedure; `level` is the table's column, whatever the facts."""

    level: Level = Level.NONE
    hard: Condition | None = None
    md: Condition | None = None

    def of(self, level: Level) -> Condition | None:
        """Return the condition that gives this level, if any answer does."""
        return {Level.HARD: self.hard, Level.MD: self.md, Level.NONE: None}[level]


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A line of a playbook. `valid_days` is how old an answer may be at the start (rule 1.7), `None` never
    expires. `gate` names the readiness gate this step is itself. `red_flags` shows those of its day.

    `overlay` is whose own changes changed or added it, `left_out` why they leave it out.
    """

    id: str
    phase: Phase
    title: str
    role: Role
    due: Due
    card: CardKind
    why: str = ""
    scope: Scope = Scope.SESSION
    valid_days: int | None = None
    when: Condition = ALWAYS
    ask: tuple[Field, ...] = ()
    stops: Stops = field(default_factory=Stops)
    ladder: str = "routine"
    shared: bool = False
    double: bool = False
    gate: str = ""
    red_flags: bool = False
    sources: tuple[str, ...] = ()
    grade: str = ""
    line: int = 0
    overlay: str = ""
    left_out: str = ""

    @property
    def is_deadline(self) -> bool:
        """Say whether its due time is the latest moment and not the first: minutes after a complication."""
        return self.due.anchor is Anchor.EVENT and self.due.days is None

    def field(self, name: str) -> Field:
        """Return the field of that name, or say which are near."""
        for each in self.ask:
            if each.name == name:
                return each
        raise NotFound(f"field of {self.id}", name, [each.name for each in self.ask])


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrival:
    """How many minutes before the start a patient comes: more where a preparation needs its time."""

    usually: int = 45
    earlier: tuple[tuple[int, Condition], ...] = ()

    def before(self, facts: Values, start: date) -> timedelta:
        """Return how long before a start on that local date a patient with these facts comes."""
        needed = [minutes for minutes, when in self.earlier if holds(when, facts, start)]
        return timedelta(minutes=max([self.usually, *needed]))


@dataclass(frozen=True, kw_only=True, slots=True)
class Review:
    """A note for readers of who looked at the playbook and when; a signature is another thing (`signing`)."""

    medical_director: str | None = None
    reviewed_on: date | None = None
    next_review: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Playbook:
    """A versioned definition; `digest` names exactly this text, `narrowed` the words of a fact it allows.

    `left_out` are the steps that a clinic's own changes leave out: nobody is asked for them.
    """

    id: str
    title: str
    version: int
    digest: str
    steps: tuple[Step, ...]
    facts: Mapping[str, Fact]
    narrowed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    review: Review = field(default_factory=Review)
    short: str = ""
    minutes: int = 60
    red_flags: tuple[RedFlag, ...] = ()
    left_out: tuple[Step, ...] = ()
    arrives: Arrival = field(default_factory=Arrival)
    _by_id: Mapping[str, Step] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_id", {step.id: step for step in self.steps})

    def step(self, step_id: str) -> Step:
        """Return the step of that id, or say which are near."""
        try:
            return self._by_id[step_id]
        except KeyError:
            raise NotFound("step", step_id, self._by_id) from None
