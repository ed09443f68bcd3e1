"""Names beside codes: where a clinic lets them in (`privacy: full`), put onto a card that is drawn already.

A card is drawn of codes alone, and so is all that is made of it: what rings, what a button carries, what is
kept. Its name comes last, beside a code that stands there, in a field that only bodies of cards show.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TypeVar

from bot.core.boards import Board
from bot.core.case import case_of
from bot.core.instants import own
from bot.core.messages import Card, CaseView, DecisionCard, Form, Home, Line, Notice, Response, TaskCard
from bot.core.people import Clinic, Person
from bot.core.permissions import WHO, Deed, may
from bot.core.replies import Address

#: What of a name stands beside a code; nobody is called longer, and the code must never be pushed out by it.
SHOWN = 60

Shown = TypeVar("Shown", bound=Card | Response | Home)


def names_may_stand(clinic: Clinic, platform: str, reader: Person | None) -> bool:
    """Say whether names may stand where this person reads on this platform, or all of a channel (`None`)."""
    return platform in clinic.names_on and (reader is None or may(reader, Deed.SEE_NAME))


def reader_of(clinic: Clinic, to: Address) -> Person | None:
    """Return who alone reads what is sent there, `None` for a channel; of an account nobody has any more, and
    of a channel that is for none who may see names, it is whoever may see the least.
    """
    nobody = Person(id="", name="", roles=frozenset())
    if to.channel:
        return nobody if _is_for_others(clinic, to) else None
    return clinic.account(to.platform, to.account) or nobody


def _is_for_others(clinic: Clinic, to: Address) -> bool:
    """Say whether a channel is named only for what slips and for roles that may not see who a patient is."""
    named_so = {
        name for name, channel in clinic.channels.get(to.platform, {}).items() if channel == to.channel
    }
    return bool(named_so) and named_so.isdisjoint(("board", *WHO[Deed.SEE_NAME]))


def codes_on(what: Card | Response | Home) -> Iterator[str]:
    """Yield the code of every case that has a place for a name on a card."""
    match what:
        case TaskCard():
            yield from (case_of(line.task) for line in what.lines)
        case DecisionCard() | Form():
            yield _last(what.label)
        case CaseView():
            yield what.code
        case Board():
            # one that ended is drawn no more: a name on it would outlast the one that is kept
            yield from () if what.closed else (row.code for row in what.rows)
        case Home():
            yield from codes_on(what.mine)
            yield from codes_on(what.board) if what.board else ()
        case Notice():
            return


def named(what: Shown, names: Mapping[str, str]) -> Shown:
    """Put these names (code -> name) beside their codes; a code without one stays alone."""
    shown = {code: own(_short(name)) for code, name in names.items()}
    return _named(what, shown) if shown else what


def _named(what: Shown, names: Mapping[str, str]) -> Shown:
    match what:
        case TaskCard():
            lines = tuple(_line(line, names) for line in what.lines)
            return replace(what, who=names.get(_last(what.label), ""), lines=lines)
        case DecisionCard() | Form():
            return replace(what, who=names.get(_last(what.label), ""))
        case CaseView():
            return replace(what, who=names.get(what.code, ""))
        case Board() if not what.closed:
            return replace(what, rows=tuple(replace(r, who=names.get(r.code, "")) for r in what.rows))
        case Home():
            board = _named(what.board, names) if what.board else None
            return replace(what, mine=_named(what.mine, names), board=board)
    return what


def _line(line: Line, names: Mapping[str, str]) -> Line:
    # a card of one case names it once, above its lines
    return replace(line, who=names.get(case_of(line.task), "")) if line.label else line


def _last(label: str) -> str:
    """Return the code at the end of a label."""
    return label.rpartition(" · ")[2]


def _short(name: str) -> str:
    return name if len(name) <= SHOWN else f"{name[: SHOWN - 1].rstrip()}…"
