"""One step of a playbook, with the defaults that its phase and role bring along."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.core.added import ADDED
from bot.core.conditions import ALWAYS, Condition
from bot.core.facts import Fact
from bot.core.kinds import Anchor, CardKind, FieldKind, Gate, Level, Phase, Scope
from bot.core.people import ASKED_ROLES, LADDERS, Role
from bot.core.playbook import OWN, Due, Field, Step, Stops
from bot.files.conditions import Subjects, condition, of_fields
from bot.files.entry import Entry
from bot.files.fields import parse_fields
from bot.files.spans import due, span

KEYS = (
    *("id", "phase", "title", "why", "role", "due", "scope", "valid_for", "when", "ask", "stop"),
    *("ladder", "card", "shared", "verify", "gate", "shows", "attempts", "books", "sources", "grade"),
)
#: The attempt on the evening of the first one.
EVENING = "evening"
MOST_ATTEMPTS = 10
#: What a step can show on its form.
SHOWN = ("red_flags",)
GRADES = ("G", "R", "T", "C", "P")
_ID = re.compile(r"[a-z][a-z0-9_]*\.[a-z0-9][a-z0-9_]*")

#: Anchors that exist only in a phase of the same name.
_ONLY_IN = {Anchor.EVENT: Phase.EVENT, Anchor.CANCEL: Phase.CANCEL, Anchor.MOVE: Phase.MOVE}
_ONLY_FROM = {phase: anchor for anchor, phase in _ONLY_IN.items()}
_CARDS = {
    Phase.BOOKING: CardKind.DESK,
    Phase.CONSULT: CardKind.CONSULT,
    Phase.PRE: CardKind.WORKLIST,
    Phase.FOLLOW_UP: CardKind.WORKLIST,
    Phase.CANCEL: CardKind.WORKLIST,
    Phase.MOVE: CardKind.WORKLIST,
    Phase.EVENT: CardKind.EVENT,
}
_CARDS_BY_ROLE: dict[tuple[Phase, Role], CardKind] = {
    # whoever is on the phone looks at one list a day
    **dict.fromkeys(
        [(phase, Role.FRONT_DESK) for phase in Phase if phase not in (Phase.CONSULT, Phase.EVENT)],
        CardKind.DESK,
    ),
    (Phase.DAY, Role.NURSE): CardKind.PREP,
    (Phase.DAY, Role.PHYSICIAN): CardKind.DOCTOR,
    (Phase.DAY, Role.OPERATOR): CardKind.ROOM,
    (Phase.POST, Role.NURSE): CardKind.AFTER,
    (Phase.POST, Role.PHYSICIAN): CardKind.DOCTOR,
    (Phase.POST, Role.OPERATOR): CardKind.RECORD,
}


def parse_step(
    entry: Entry, facts: Mapping[str, Fact], subjects: Subjects, signs: tuple[str, ...] = ()
) -> Step:
    """Return one step; `subjects` are the facts as far as this playbook allows them, `signs` those of the
    red flags.
    """
    entry.only(*KEYS)
    phase, role = entry.need("phase").member(Phase), entry.need("role").member(Role, *ASKED_ROLES)
    when_due = due(entry.need("due"))
    _check_anchor(entry, when_due, phase)
    fields = entry.maybe("ask", lambda ask: parse_fields(ask, facts, signs), ())
    _check_allowed(entry, fields, subjects)
    stops = entry.maybe("stop", lambda stop: _stops(stop, {**subjects, **of_fields(fields)}), Stops())
    _check_decides(entry, fields, role, stops)
    return Step(
        id=_id(entry.need("id")),
        phase=phase,
        title=entry.need("title").text(),
        role=role,
        due=when_due,
        card=_card(entry, phase, role),
        why=entry.maybe("why", Entry.text, ""),
        scope=entry.maybe("scope", lambda scope: scope.member(Scope), Scope.SESSION),
        valid_days=entry.maybe("valid_for", lambda valid: span(valid, "days")[0], None),
        when=entry.maybe("when", lambda when: condition(when, subjects), ALWAYS),
        ask=fields,
        stops=stops,
        ladder=_ladder(entry, when_due, phase, stops.level),
        shared=entry.maybe("shared", lambda shared: shared.one_of(("room_day",)), "") != "",
        double=entry.maybe("verify", lambda verify: verify.one_of(("double",)), "") != "",
        gate=entry.maybe("gate", lambda gate: gate.one_of(tuple(Gate)), ""),
        red_flags=entry.maybe("shows", lambda shows: shows.one_of(SHOWN), "") != "",
        attempts=entry.maybe("attempts", _attempts, ()),
        books=entry.maybe("books", lambda books: _books(books, fields), ""),
        sources=entry.maybe("sources", Entry.texts, ()),
        grade=entry.maybe("grade", lambda grade: grade.one_of(GRADES), ""),
        line=entry.line + 1,
    )


def _id(entry: Entry) -> str:
    written = entry.text()
    if written and not _ID.fullmatch(written):
        entry.wrong(f"a step is named like abl.skin_exam, in small letters, not {written!r}")
    if written.startswith(OWN):
        entry.wrong(f"only Bookend's own steps begin with {OWN!r}")
    if written.startswith(ADDED):
        entry.wrong(f"only what `ask-all` adds begins with {ADDED!r}")
    return written


def _check_anchor(entry: Entry, when_due: Due, phase: Phase) -> None:
    only = _ONLY_IN.get(when_due.anchor, phase)
    if only is not phase:
        entry.need("due").wrong(
            f"only a step of the phase {only} counts from {when_due.anchor}; this one is in {phase}"
        )
    own = _ONLY_FROM.get(phase, when_due.anchor)
    if own is not when_due.anchor and not entry.need("due").missing:
        entry.need("due").wrong(f"a step of the phase {phase} counts from {own}, not from {when_due.anchor}")


def _check_decides(entry: Entry, fields: tuple[Field, ...], role: Role, stops: Stops) -> None:
    for name in [field.name for field in fields if field.decides and role is not Role.PHYSICIAN]:
        entry.need("ask").need(name).need("decides").wrong(
            f"only a physician decides; this step is the {role}'s"
        )
    if role is Role.PHYSICIAN and stops.md is None and Level.MD is not stops.level:
        for name in [field.name for field in fields if field.decides]:
            entry.need("ask").need(name).need("decides").wrong("there is no `md` stop here to decide on")


def _check_allowed(entry: Entry, fields: tuple[Field, ...], subjects: Subjects) -> None:
    """Note what an answer would make of a fact although this playbook does not allow it."""
    for each in fields:
        for fact, mapping in each.sets.items():
            known = subjects.get(fact)
            words = (mapping.values() or each.choices) if known else ()
            for word in words:
                if known and word in known.words and word not in known.possible:
                    entry.need("ask").need(each.name).wrong(
                        f"{fact} is narrowed to {', '.join(known.possible)}; {word} is no answer here"
                    )


def _card(entry: Entry, phase: Phase, role: Role) -> CardKind:
    if card := entry.get("card"):
        return card.member(CardKind)
    if phase is Phase.PRE and role is Role.PHYSICIAN and entry.get("gate"):
        return CardKind.CLEARANCE
    return _CARDS_BY_ROLE.get((phase, role)) or _CARDS[phase]


def _attempts(entry: Entry) -> tuple[int, ...]:
    days: list[int] = []
    for each in entry.each():
        day = 0 if each.content == EVENING else span(each, "days")[0]
        if days and day <= days[-1]:
            each.wrong("each attempt comes after the one before it, counted from the first")
        elif not day and str(each.content).startswith("0"):
            each.wrong(f"the same day is `{EVENING}`")
        days.append(day)
    if len(days) > MOST_ATTEMPTS:
        entry.wrong(f"nobody is tried more than {MOST_ATTEMPTS} times again")
    return tuple(days)


def _books(entry: Entry, fields: tuple[Field, ...]) -> str:
    by_name = {field.name: field for field in fields}
    name = entry.known(by_name, "field of this step")
    field = by_name.get(name)
    if field and (field.kind is not FieldKind.DATE or not field.recorded or field.optional):
        entry.wrong(f"{name} is no date that is kept and must be given: nothing is booked by it")
    return name


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
    clear = entry.only("level", "hard", "md")
    found: dict[str, Condition] = {
        name: condition(part, subjects) for name in ("hard", "md") if (part := entry.get(name))
    }
    if clear and not found:
        entry.wrong("expected `hard:` or `md:` with a condition, or one of these words alone")
    highest = Level.HARD if "hard" in found else Level.MD
    level = entry.maybe("level", lambda level: level.member(Level, Level.HARD, Level.MD), highest)
    return Stops(level=level, hard=found.get("hard"), md=found.get("md"))
