"""A playbook as the core knows it, frozen and complete; `bot.files.playbooks` makes it from YAML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from bot.core.conditions import ALWAYS, Condition, Value, Values, holds
from bot.core.errors import NotFound
from bot.core.facts import Fact, FactKind
from bot.core.kinds import Anchor, CardKind, FieldKind, Level, Phase, Scope
from bot.core.people import Role
from bot.core.red_flags import RedFlag
from bot.core.times import Closed

#: What a field can read that is neither a fact nor a step.
PROCEDURE, PEOPLE = "procedure", "people"
#: What stands for the id of whichever playbook, where a field reads a step.
ANY = "*."


@dataclass(frozen=True, kw_only=True, slots=True)
class Field:
    """One thing to confirm or record.

    `normal` is the usual answer. `sets` maps fact name -> {answer: fact value}; an empty mapping passes the
    answer on as it is. `decides` lists the answers by which a physician settles this step's own `md` stop.
    `identity` fields name a person: asked is whether that is in their record, and never what; `chart` fields
    are written in the patient's record, one tick for all. `tense` says of a date that it lies in the "past"
    or the "future".
    `known` names what the case itself knows of it: filled in already, and judged before anybody answers.
    The choices of a `signs` field are those of the red flags. What is known of the facts and steps that it
    `reads` is said aloud beside it.
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
    reads: tuple[str, ...] = ()

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

    @property
    def conditional(self) -> bool:
        """Say whether any answer or fact stops."""
        return self.hard is not None or self.md is not None

    def of(self, level: Level) -> Condition | None:
        """Return the condition that gives this level, if any answer does."""
        return {Level.HARD: self.hard, Level.MD: self.md, Level.NONE: None}[level]


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A line of a playbook. `valid_days` is how old an answer may be at the start (rule 1.7), `None` never
    expires. `gate` names the readiness gate this step is itself, `settles` the fact that a physician settles
    by it. `red_flags` shows those of its day. `attempts` are the days after the first one on which somebody
    not reached is tried again, 0 for that evening; `books` names the field with the date that it books.

    `overlay` is whose own changes changed or added it, `left_out` why they leave it out. `softened` are the
    keys that they change of what is shipped as a hard stop.
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
    settles: str = ""
    red_flags: bool = False
    attempts: tuple[int, ...] = ()
    books: str = ""
    sources: tuple[str, ...] = ()
    grade: str = ""
    line: int = 0
    overlay: str = ""
    left_out: str = ""
    softened: tuple[str, ...] = field(default=(), compare=False)

    @property
    def is_deadline(self) -> bool:
        """Say whether its due time is the latest moment and not the first: minutes after a complication."""
        return self.due.anchor is Anchor.EVENT and self.due.days is None

    @property
    def own(self) -> bool:
        """Say whether it is one of Bookend's own, which no file writes and no list of steps holds."""
        return self.id.startswith(OWN)

    def field(self, name: str) -> Field:
        """Return the field of that name, or say which are near."""
        for each in self.ask:
            if each.name == name:
                return each
        raise NotFound(f"field of {self.id}", name, [each.name for each in self.ask])


#: What the ids of Bookend's own steps begin with.
OWN = "bookend."


def settling(fact: Fact) -> Step:
    """Return the step by which a physician settles what was said of a fact in two ways."""
    asked = Field(
        name=fact.name,
        label=fact.title,
        kind=FieldKind.CHOICE if fact.kind is FactKind.WORD else FieldKind(fact.kind.value),
        choices=fact.words,
        tense=fact.tense,
        sets={fact.name: {}},
    )
    return Step(
        id=f"{OWN}settle_{fact.name}",
        phase=Phase.CONSULT,
        title=f"Settle: {fact.title}",
        why="Different things were said. Until you settle it, what either asks for stays on the list.",
        role=Role.PHYSICIAN,
        due=Due(anchor=Anchor.MOVE),
        card=CardKind.CONSULT,
        scope=Scope.COURSE,
        ask=(asked,),
        stops=Stops(level=Level.MD),
        ladder="important",
        settles=fact.name,
    )


#: Asked of the front desk when a physician has put a session off; its answer moves the session.
NEW_DATE = Step(
    id=f"{OWN}new_date",
    phase=Phase.PRE,
    title="New date",
    why="The physician put this session off. Agree on another date, or cancel it.",
    role=Role.FRONT_DESK,
    due=Due(anchor=Anchor.MOVE),
    card=CardKind.DESK,
    ask=(
        Field(name="on", label="New date", kind=FieldKind.DATE, tense="future"),
        Field(name="at", label="Time", kind=FieldKind.TIME),
    ),
)


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
        object.__setattr__(self, "_by_id", {step.id: step for step in (*self.own, *self.steps)})

    @property
    def own(self) -> tuple[Step, ...]:
        """Return Bookend's own steps, which are asked beside those of every playbook."""
        return (NEW_DATE, *map(settling, self.facts.values()))

    @property
    def called(self) -> str:
        """Return its name as cards say it."""
        return self.short or self.title

    @property
    def overlays(self) -> tuple[str, ...]:
        """Return whose own changes it holds."""
        return tuple(sorted({step.overlay for step in (*self.steps, *self.left_out)} - {""}))

    def step(self, step_id: str) -> Step:
        """Return the step of that id, or say which are near."""
        try:
            return self._by_id[step_id]
        except KeyError:
            raise NotFound("step", step_id, self._by_id) from None
