"""One step of a playbook, with the defaults that its phase and role bring along."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.core.conditions import ALWAYS, Condition
from bot.core.facts import Fact
from bot.core.people import Role
from bot.core.playbook import Anchor, CardKind, Due, Field, Level, Phase, Scope, Step, Stops
from bot.files.conditions import Subjects, condition, of_fields
from bot.files.entry import Entry
from bot.files.fields import parse_fields
from bot.files.spans import due, span

KEYS = (
    *("id", "phase", "title", "why", "role", "due", "scope", "valid_for", "when", "ask", "stop"),
    *("ladder", "card", "shared", "verify", "sources", "grade"),
)
ROLES = (Role.FRONT_DESK, Role.NURSE, Role.OPERATOR, Role.PHYSICIAN)
LADDERS = ("routine", "important", "urgent")
GRADES = ("G", "R", "T", "C", "P")
_ID = re.compile(r"[a-z][a-z0-9_]*\.[a-z0-9][a-z0-9_]*")

#: Anchors that exist only in a phase of the same name.
_ONLY_IN = {Anchor.EVENT: Phase.EVENT, Anchor.CANCEL: Phase.CANCEL, Anchor.MOVE: Phase.MOVE}
_CARDS = {
    Phase.BOOKING: CardKind.DESK,
    Phase.CONSULT: CardKind.CONSULT,
    Phase.PRE: CardKind.WORKLIST,
    Phase.FOLLOW_UP: CardKind.WORKLIST,
    Phase.CANCEL: CardKind.WORKLIST,
    Phase.MOVE: CardKind.WORKLIST,
    Phase.EVENT: CardKind.EVENT,
}
_CARDS_BY_ROLE = {
    (Phase.DAY, Role.FRONT_DESK): CardKind.DESK,
    (Phase.DAY, Role.NURSE): CardKind.PREP,
    (Phase.DAY, Role.PHYSICIAN): CardKind.DOCTOR,
    (Phase.DAY, Role.OPERATOR): CardKind.ROOM,
    (Phase.POST, Role.FRONT_DESK): CardKind.DESK,
    (Phase.POST, Role.NURSE): CardKind.AFTER,
    (Phase.POST, Role.PHYSICIAN): CardKind.DOCTOR,
    (Phase.POST, Role.OPERATOR): CardKind.RECORD,
}


def parse_step(entry: Entry, facts: Mapping[str, Fact], subjects: Subjects) -> Step:
    """Return one step; `subjects` are the facts as far as this playbook allows them."""
    entry.only(*KEYS)
    phase, role = entry.need("phase").member(Phase), entry.need("role").member(Role, *ROLES)
    when_due = due(entry.need("due"))
    _check_anchor(entry, when_due, phase)
    fields = parse_fields(ask, facts) if (ask := entry.get("ask")) else ()
    _check_decides(entry, fields, role)
    stops = _stops(stop, {**subjects, **of_fields(fields)}) if (stop := entry.get("stop")) else Stops()
    return Step(
        id=_id(entry.need("id")),
        phase=phase,
        title=entry.need("title").text(),
        role=role,
        due=when_due,
        card=_card(entry, phase, role),
        why=_text(entry, "why"),
        scope=scope.member(Scope) if (scope := entry.get("scope")) else Scope.SESSION,
        valid_days=span(valid, "days")[0] if (valid := entry.get("valid_for")) else None,
        when=condition(when, subjects) if (when := entry.get("when")) else ALWAYS,
        ask=fields,
        stops=stops,
        ladder=_ladder(entry, when_due, phase, stops.level),
        shared=_is(entry, "shared", "room_day"),
        double=_is(entry, "verify", "double"),
        sources=tuple(each.text() for each in sources.each()) if (sources := entry.get("sources")) else (),
        grade=grade.one_of(GRADES) if (grade := entry.get("grade")) else "",
        line=entry.line + 1,
    )


def _id(entry: Entry) -> str:
    written = entry.text()
    if written and not _ID.fullmatch(written):
        entry.wrong(f"a step is named like abl.skin_exam, in small letters, not {written!r}")
    return written


def _check_anchor(entry: Entry, when_due: Due, phase: Phase) -> None:
    only = _ONLY_IN.get(when_due.anchor, phase)
    if only is not phase:
        entry.need("due").wrong(
            f"only a step of the phase {only} counts from {when_due.anchor}; this one is in {phase}"
        )


def _check_decides(entry: Entry, fields: tuple[Field, ...], role: Role) -> None:
    for name in [field.name for field in fields if field.decides and role is not Role.PHYSICIAN]:
        entry.need("ask").need(name).need("decides").wrong(
            f"only a physician decides; this step is the {role}'s"
        )


def _card(entry: Entry, phase: Phase, role: Role) -> CardKind:
    if card := entry.get("card"):
        return card.member(CardKind)
    return _CARDS.get(phase) or _CARDS_BY_ROLE[phase, role]


def _ladder(entry: Entry, when_due: Due, phase: Phase, level: Level) -> str:
    if ladder := entry.get("ladder"):
        return ladder.one_of(LADDERS)
    stops = level is not Level.NONE
    if when_due.days is None and phase in (Phase.DAY, Phase.POST, Phase.EVENT):
        return "urgent" if stops or phase is Phase.EVENT else "routine"
    return "important" if stops else "routine"


def _stops(entry: Entry, subjects: Subjects) -> Stops:
    if entry.is_word:
        return Stops(level=entry.member(Level, Level.HARD, Level.MD))
    entry.only("level", "hard", "md")
    found: dict[str, Condition] = {
        name: condition(part, subjects) for name in ("hard", "md") if (part := entry.get(name))
    }
    if entry.is_mapping and not found:
        entry.wrong("expected `hard:` or `md:` with a condition, or one of these words alone")
    highest = Level.HARD if "hard" in found else Level.MD
    level = named.member(Level, Level.HARD, Level.MD) if (named := entry.get("level")) else highest
    return Stops(level=level, hard=found.get("hard"), md=found.get("md"))


def _is(entry: Entry, name: str, word: str) -> bool:
    return (found := entry.get(name)) is not None and found.one_of((word,)) == word


def _text(entry: Entry, name: str) -> str:
    return found.text() if (found := entry.get(name)) else ""
