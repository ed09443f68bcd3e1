"""The board as it is shown: one line of counts, exceptions first, and in folds what needs nobody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from bot.core.instants import Instants


class RowState(StrEnum):
    """Where a patient stands on the board."""

    #: every item due by the next gate is answered, valid and unblocked
    READY = "ready"
    #: ready because a second authorised person said so
    OVERRIDE = "ready_with_override"
    #: nothing is missing yet; items are still open before the next gate
    ON_TRACK = "on_track"
    #: an item is missing at its gate, or waits for the physician
    NOT_READY = "not_ready"
    #: a hard stop
    STOP = "stop"
    #: a complication is reported and not yet settled: before everything else
    COMPLICATION = "complication"
    #: the procedure is over; aftercare and follow-ups run
    AFTER = "after"
    #: the procedure will not be; what follows from that is still to do
    CANCELLED = "cancelled"


class BoardPart(StrEnum):
    """Where on the board a case stands."""

    #: comes today, or came today
    TODAY = "today"
    #: comes within two weeks
    COMING = "coming"
    #: the procedure is over, or never will be
    AFTER = "aftercare"


#: States in which nobody has to do anything, unless something besides is overdue.
_CALM = (RowState.READY, RowState.ON_TRACK, RowState.AFTER, RowState.CANCELLED)


@dataclass(frozen=True, kw_only=True, slots=True)
class BoardRow:
    """One case on the board; `blocks` names what blocks or is overdue, `owner` who owns it ("" when nothing
    does), `whose` is the owner's id, `ahead` what is said next and when. `near` is a session past the moment
    at which it was cleared to come: that it gets worse is worth a word. `overdue` is what keeps a case from
    being folded although its state is calm. `held` says that its device or room must not be used: whom that
    concerns was told of it once. `blocking` is the title of what blocks first, and nothing that was answered.
    `who` is the patient's name where it may stand there.
    """

    code: str
    label: str
    state: RowState
    summary: str
    blocks: tuple[str, ...] = ()
    blocking: str = ""
    owner: str = ""
    since: str = ""
    ahead: str = ""
    whose: str = ""
    held: bool = False
    part: BoardPart = BoardPart.COMING
    session: int = 0
    near: bool = False
    overdue: bool = False
    who: str = field(default="", repr=False)

    @property
    def needs_nobody(self) -> bool:
        """Say whether nothing is to be done: cleared or on track, or in aftercare, with nothing overdue."""
        return self.state in _CALM and not self.overdue


@dataclass(frozen=True, kw_only=True, slots=True)
class Board:
    """What a manager sees: one line of counts, what concerns the whole clinic, then exceptions, worst first.

    `checked` reads "08:02". `closed` says when the day ended, as it does on a board that is drawn no more;
    a board without it is pinned where the platform can. `praise` counts the good catches of the week.
    """

    heading: str
    text: str
    counts: str
    rows: tuple[BoardRow, ...]
    checked: str
    notes: tuple[str, ...] = ()
    closed: str = ""
    praise: str = ""
    instants: Instants = field(default_factory=Instants, compare=False)

    @property
    def exceptions(self) -> tuple[BoardRow, ...]:
        """Return the rows that somebody must look at."""
        return tuple(row for row in self.rows if not row.needs_nobody)

    @property
    def quiet(self) -> bool:
        """Say whether there is nothing that needs whoever looks."""
        return not self.exceptions and not self.notes

    @property
    def sections(self) -> tuple[tuple[str, tuple[BoardRow, ...]], ...]:
        """Return the exceptions under what they have in common, in their order."""
        return _grouped((_section(row), row) for row in self.exceptions)

    @property
    def folds(self) -> tuple[tuple[str, tuple[BoardRow, ...]], ...]:
        """Return what needs nobody in groups that may be folded, each under its count."""
        calm = sorted((row for row in self.rows if row.needs_nobody), key=_fold_order)
        groups = _grouped((_FOLDS[row.part, row.state], row) for row in calm)
        return tuple((f"{len(rows)} {words}", rows) for words, rows in groups)


_SECTIONS = {BoardPart.TODAY: "Today", BoardPart.COMING: "Coming up", BoardPart.AFTER: "Aftercare"}
_FOLDS = {
    (BoardPart.TODAY, RowState.READY): "cleared",
    (BoardPart.TODAY, RowState.ON_TRACK): "on track",
    (BoardPart.TODAY, RowState.AFTER): "started or done",
    (BoardPart.COMING, RowState.READY): "coming, cleared",
    (BoardPart.COMING, RowState.ON_TRACK): "coming, on track",
    (BoardPart.COMING, RowState.AFTER): "in aftercare",
    (BoardPart.AFTER, RowState.READY): "in aftercare",
    (BoardPart.AFTER, RowState.ON_TRACK): "in aftercare",
    (BoardPart.AFTER, RowState.AFTER): "in aftercare",
    **{(part, RowState.CANCELLED): "cancelled" for part in BoardPart},
}


def _grouped(named: Iterable[tuple[str, BoardRow]]) -> tuple[tuple[str, tuple[BoardRow, ...]], ...]:
    groups: dict[str, list[BoardRow]] = {}
    for name, row in named:
        groups.setdefault(name, []).append(row)
    return tuple((name, tuple(rows)) for name, rows in groups.items())


def _section(row: BoardRow) -> str:
    named = {RowState.COMPLICATION: "Complications", RowState.CANCELLED: "Cancelled"}
    return named.get(row.state, _SECTIONS[row.part])


def _fold_order(row: BoardRow) -> int:
    return [*_FOLDS].index((row.part, row.state))
