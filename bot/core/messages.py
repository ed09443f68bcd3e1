"""What Bookend shows and what people send back, in no platform's terms.

Cards are views: drawn from state at the moment they are sent or updated. Renderers turn them into Block Kit,
Adaptive Cards or HTML and decide nothing. Nothing here names a patient: a `label` reads "CO₂ · Mon 16 Feb
09:30 · Room 2 · K7Q2". What moments such words are stands beside them in `instants`. Whom a code stands for
is put beside it last, in `who`, and only where a clinic lets names in (`named`): bodies of cards show it, and
what rings, what a button carries and what is kept is made of the other words alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.core.actions import Action, Button
from bot.core.boards import Board
from bot.core.case import Outcome
from bot.core.conditions import Value
from bot.core.instants import Instants
from bot.core.kinds import CardKind, FieldKind, Level
from bot.core.red_flags import Urgency


class LineState(StrEnum):
    """How a line looks."""

    #: to be answered now
    OPEN = "open"
    #: to be answered later today; `due` says from when
    LATER = "later"
    #: past its time
    OVERDUE = "overdue"
    #: answered
    DONE = "done"
    #: stops the procedure
    BLOCKED = "blocked"
    #: no longer asked
    VOID = "void"


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One task on a card; `label` names its case on mixed cards, `said` who answered what, or what blocks,
    and `by` who answered and when, and nothing of what.
    """

    number: int
    task: str
    revision: int
    title: str
    state: LineState
    level: Level = Level.NONE
    why: str = ""
    label: str = ""
    due: str = ""
    said: str = ""
    by: str = ""
    buttons: tuple[Button, ...] = ()
    who: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class TaskCard:
    """A worklist, desk list, consult form or stage card: lines for one person.

    `text` is the whole card in one sentence, for notifications and screen readers. `news` are short lines
    about what just changed ("Smoker: two items added"). `aloud` is what must be said before anybody goes on,
    `sources` who answered that, `waits` what is still open before it and who owns it. `closed` cards have no
    buttons left; `over` says why nothing on the card is asked any more.
    """

    kind: CardKind
    heading: str
    text: str
    label: str = ""
    lines: tuple[Line, ...] = ()
    buttons: tuple[Button, ...] = ()
    news: tuple[str, ...] = ()
    closed: bool = False
    over: str = ""
    aloud: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    waits: tuple[str, ...] = ()
    who: str = field(default="", repr=False)
    instants: Instants = field(default_factory=Instants, compare=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class DecisionCard:
    """A stop put to the physician: what stops, why, and the first start date allowed ("" if none). `by` says
    who decided or answered, without a reason.
    """

    heading: str
    text: str
    label: str
    title: str
    level: Level
    reasons: tuple[str, ...]
    said: str
    why: str = ""
    first_allowed: str = ""
    by: str = ""
    buttons: tuple[Button, ...] = ()
    closed: bool = False
    who: str = field(default="", repr=False)
    instants: Instants = field(default_factory=Instants, compare=False)

    @property
    def settled(self) -> bool:
        """Say whether nothing stops any more; what is put off, or asked on a newer card, still does."""
        return self.closed and not self.reasons


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseView:
    """A case for a person who asked: its gates with what blocks, its open and answered lines, its history.
    `notes` are what somebody must know of it besides: contradicting answers, sessions too close together.
    """

    code: str
    heading: str
    text: str
    label: str
    gates: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]
    history: tuple[str, ...] = ()
    buttons: tuple[Button, ...] = ()
    notes: tuple[str, ...] = ()
    who: str = field(default="", repr=False)
    instants: Instants = field(default_factory=Instants, compare=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class FormField:
    """One input. `options` are (value, label), `value` is filled in already, `error` needs another look.

    `speaks` says of options how urgent they are, (urgency, in words); at the field that `proposed` marks, the
    most urgent one pressed is shown. Nothing is chosen. `rare` options may be offered behind a fold.
    """

    name: str
    label: str
    kind: FieldKind
    options: tuple[tuple[str, str], ...] = ()
    value: Value = None
    required: bool = True
    unit: str = ""
    help: str = ""
    error: str = ""
    speaks: Mapping[str, tuple[Urgency, str]] = field(default_factory=dict)
    rare: tuple[str, ...] = ()
    proposed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Watch:
    """A red flag to ask for: its name and signs, how soon to act, and what changes that."""

    urgency: Urgency
    title: str
    signs: str
    act: str
    then: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class FormPart:
    """The fields of one task; `rule` says in words what stops, `error` what needs another look.

    `watch` are the red flags to ask for under `watching`, such as "Ask today (day 3)".
    """

    task: str
    revision: int
    title: str
    fields: tuple[FormField, ...]
    level: Level = Level.NONE
    why: str = ""
    rule: str = ""
    error: str = ""
    watching: str = ""
    watch: tuple[Watch, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """A form for one person, nothing preselected; `outcomes` are for all of it, `action` comes back."""

    heading: str
    label: str
    parts: tuple[FormPart, ...]
    action: Action = Action.FORM
    outcomes: tuple[tuple[Outcome, str], ...] = ()
    submit: str = "Save"
    value: str = ""
    who: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """A sentence or a few for one person; `tone` is "good", "plain" or "bad". One that comes unasked has a
    `heading`, one that leads elsewhere a `link`: what it is called, and its address, which is kept nowhere.
    A new `code` is drawn large, to be written down. `telling` says that its lines tell of a patient, and stay
    off what a locked telephone shows.
    """

    text: str
    tone: str = "plain"
    buttons: tuple[Button, ...] = ()
    lines: tuple[str, ...] = ()
    heading: str = ""
    link: tuple[str, str] | None = None
    code: str = ""
    telling: bool = False
    instants: Instants = field(default_factory=Instants, compare=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Home:
    """What somebody sees first: what waits for them, what comes later today, and for who leads, the board.

    `doors` are commands that they may give, (word, label), such as ("new", "New appointment").
    """

    heading: str
    mine: TaskCard
    later: tuple[str, ...] = ()
    doors: tuple[tuple[str, str], ...] = ()
    board: Board | None = None
    instants: Instants = field(default_factory=Instants, compare=False)


Card = TaskCard | DecisionCard | Board | Notice
Response = Notice | Form | CaseView | TaskCard | Board
