"""A page of evidence for an audit: what is asked of the platforms and why, where what flows and is kept, who
looked at names, what was overridden, whether history is whole, and which versions did it.

It names staff and case codes, and nothing else of a patient: what people typed stays with the cases.
"""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from typing import Any

from bot.chat.slack.joining.scopes import SCOPES
from bot.chat.teams.joining.manifest import RIGHTS
from bot.core import wording
from bot.core.keeping import Span as SpanOfTime
from bot.core.outgoing import Entry
from bot.core.people import Clinic
from bot.core.signing import signed_on
from bot.paper import evidence
from bot.paper.evidence import Table
from bot.service import signing
from bot.service.practice import Practice
from bot.store.store import SqlStore

#: What is looked for in histories: who saw or wrote down a name, let a procedure go on, or erased something.
LOOKED, OVERRODE, ERASED = ("looked", "identified"), ("override",), ("erased",)
_PLAIN = str.maketrans("", "", "`*")
_DID = {"looked": "looked at the name", "identified": "wrote the name down"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """From when until when the page looks back, the end not included."""

    since: datetime
    until: datetime


def page(practice: Practice, store: SqlStore, span: Span, *, schema: str) -> str:
    """Draw the page, as HTML that needs no network and prints on A4."""
    clinics = [*practice.clinics.values()]
    return evidence.page(
        clinics=[clinic.title for clinic in clinics],
        span=(_moment(clinics[0], span.since), _moment(clinics[0], span.until)),
        made=_moment(clinics[0], practice.clock.now()),
        kept=[row for clinic in clinics for row in _kept(clinic)],
        tables=(
            Table(title="Rights asked of Slack", head=("Right", "Why"), rows=_slack()),
            Table(title="Rights asked of Microsoft Teams", head=("Right", "Why"), rows=[*RIGHTS.items()]),
            _privacy(clinics),
            _looks(practice, clinics, span),
            _overrides(practice, clinics, span),
            _erasures(practice, clinics, span),
            _playbooks(practice, clinics),
            _chain(store, clinics[0]),
            Table(title="Versions", head=("What", "Version"), rows=_versions(schema)),
        ),
    )


def _kept(clinic: Clinic) -> Iterator[tuple[str, str, str]]:
    where, keep = f"the database, {clinic.title}", clinic.keep
    yield "Names, birth dates, record numbers", f"{where}, encrypted apart", _long(keep.names)
    yield "Facts, answers, notes, reasons", where, _long(keep.answers)
    yield "What was sent and came in", where, _long(keep.messages, since="from its day")
    yield "That it was done, by whom and when", where, "for ever: history only grows"


def _long(span: SpanOfTime | None, since: str = "from the day the case closed") -> str:
    if span is None:
        return "until somebody erases it"
    counts = [(span.months, "month"), (span.days, "day")]
    told = " and ".join(wording.count(number, word) for number, word in counts if number)
    return f"{told or 'not at all'}, {since}"


def _slack() -> list[tuple[str, str]]:
    # the marks are for the README, where words of a program stand out by them
    return [(name, f"{scope.why}{scope.use.words}".translate(_PLAIN)) for name, scope in SCOPES.items()]


def _privacy(clinics: Sequence[Clinic]) -> Table:
    rows = [
        (
            clinic.title,
            ", ".join(wording.platform(name) for name in sorted(clinic.names_on)) or "nowhere (strict)",
        )
        for clinic in clinics
    ]
    return Table(title="Where names may be shown in chat", head=("Clinic", "On"), rows=rows)


def _looks(practice: Practice, clinics: Sequence[Clinic], span: Span) -> Table:
    rows = [
        (_moment(clinic, line.at), _who(clinic, line.by), _DID[line.kind], code)
        for clinic, code, line in _lines(practice, clinics, span, LOOKED)
    ]
    return Table(
        title="Who looked at names",
        head=("When", "Who", "Did what", "Case"),
        rows=rows,
        none="Nobody looked at a name in this time.",
    )


def _overrides(practice: Practice, clinics: Sequence[Clinic], span: Span) -> Table:
    rows = [
        (_moment(clinic, line.at), _who(clinic, line.by), str(line.detail.get("gate", "erased")), code)
        for clinic, code, line in _lines(practice, clinics, span, OVERRODE)
    ]
    return Table(
        title="Overrides",
        head=("When", "Who let it go on", "Before", "Case"),
        rows=rows,
        none="Nothing was overridden in this time.",
    )


def _erasures(practice: Practice, clinics: Sequence[Clinic], span: Span) -> Table:
    rows = [
        (_moment(clinic, line.at), _who(clinic, line.by), str(line.detail.get("because", "")), code)
        for clinic, code, line in _lines(practice, clinics, span, ERASED)
    ]
    return Table(
        title="Erased",
        head=("When", "By whom", "Because of", "Case"),
        rows=rows,
        none="Nothing was erased in this time.",
    )


def _lines(
    practice: Practice, clinics: Sequence[Clinic], span: Span, kinds: Sequence[str]
) -> Iterator[tuple[Clinic, str, Entry]]:
    with practice.store.reading() as reading:
        for clinic in clinics:
            for code, line in reading.lines_of(clinic.id, kinds, span.since, span.until):
                yield clinic, code, line


def _playbooks(practice: Practice, clinics: Sequence[Clinic]) -> Table:
    return Table(
        title="Playbooks",
        head=("Clinic", "Playbook", "Version", "Signed by", "On", "Next review"),
        rows=[row for clinic in clinics for row in _signed(practice, clinic)],
        none="No playbook is used.",
    )


def _signed(practice: Practice, clinic: Clinic) -> Iterator[tuple[str, ...]]:
    for each in signing.standings(practice, clinic):
        book, given = each.in_force, each.signature
        number = str(book.version) if book else "cannot be read"
        signed = (given.name, signed_on(given, clinic), given.next_review.isoformat()) if given else ()
        yield (clinic.title, each.playbook, number, *(signed or ("nobody: nobody is prompted", "", "")))


def _chain(store: SqlStore, clinic: Clinic) -> Table:
    problems, seal = store.verify(), store.export_seal()
    state = f"not whole: {len(problems)} faults" if problems else "whole: every line is as it was written"
    rows = [("History", state), *(("Not whole", problem) for problem in problems), *_sealed(seal, clinic)]
    return Table(title="History", head=("What", "State"), rows=rows)


def _sealed(seal: Mapping[str, Any] | None, clinic: Clinic) -> Iterator[tuple[str, str]]:
    if seal is None:
        yield "Newest seal", "none yet"
        return
    yield "Newest seal", f"number {seal['seal']}, {_moment(clinic, datetime.fromisoformat(seal['at']))}"
    yield "Its link, to be held against one kept elsewhere", str(seal["link"])


def _versions(schema: str) -> list[tuple[str, str]]:
    names = ("bookend", "SQLAlchemy", "cryptography", "slack-bolt", "uvicorn")
    return [
        *((name, version(name)) for name in names),
        ("Python", platform.python_version()),
        ("database schema", schema),
    ]


def _who(clinic: Clinic, person: str) -> str:
    found = clinic.people.get(person)
    return f"{found.name} ({person})" if found else person


def _moment(clinic: Clinic, at: datetime) -> str:
    return f"{clinic.calendar.local(at):%Y-%m-%d %H:%M}"
