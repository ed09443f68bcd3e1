"""Override: the go-ahead by a second authorised person, as a form or as a command; it stays visible."""

from __future__ import annotations

from bot.core import wording
from bot.core.actions import Action
from bot.core.case import Override, Session
from bot.core.clearance import gate_to_pass
from bot.core.conditions import shown
from bot.core.course import Course
from bot.core.errors import Refused, Unclear, WrongValues
from bot.core.guard import noted
from bot.core.kinds import FieldKind, Gate
from bot.core.messages import Form, FormField, FormPart, Notice
from bot.core.outgoing import Entry
from bot.core.overriding import WHY, Go, is_second, may_override, seen, why_of
from bot.core.people import Clinic, Person
from bot.core.permissions import Deed, require
from bot.core.readiness import Readiness, cover, readiness
from bot.core.replies import Command, Filled, Pressed
from bot.ports import Reading, Transaction
from bot.service.looking import only_own, which
from bot.service.practice import Practice, redraw
from bot.service.requests import Asked


def override(
    practice: Practice, tx: Transaction, person: Person, code: str, go: Go, session: int | None = None
) -> Gate:
    """Take a second person's go-ahead for the next gate, which is returned; a hard stop has none."""
    now = practice.clock.now()
    course = practice.course(tx, code)
    clinic = practice.clinic_of(course.case)
    require(person, Deed.OVERRIDE, clinic, now)
    clinic.person(go.asked)
    of, found = _open(practice, course, session)
    may_override(person, go, found.blockers, code)
    if not found.blockers:
        raise Refused(f"{code} needs no override: nothing is open before {wording.READY_FOR[found.gate]}.")
    given = Override(
        session=of.number,
        gate=found.gate.value,
        by=person.id,
        at=now,
        reason=go.reason,
        covers=tuple(cover(blocker, of) for blocker in found.blockers),
    )
    tx.override(code, given)
    detail = {"gate": found.gate.value, "reason": go.reason, "why": go.why.value, "asked": go.asked}
    tx.change(course.case, (), Entry(kind="override", at=now, by=person.id, detail=detail))
    redraw(practice, tx, course.case, course.tasks, at=now)
    return found.gate


def _open(practice: Practice, course: Course, number: int | None) -> tuple[Session, Readiness]:
    now = practice.clock.now()
    session = course.case.session(number) if number else course.case.next_session(now)
    if session.held:
        raise Refused(f"{course.case.code} is held: {session.held}. A hold has no override; it is released.")
    return session, readiness(gate_to_pass(course, session, now), course, session)


def override_form(
    practice: Practice, reading: Reading, clinic: Clinic, person: Person, pressed: Pressed
) -> Form:
    """Return the form for the session that a button names."""
    code, number = which(pressed.tasks[0].replace(":", "/"))
    return _form(practice, practice.course(reading, code), clinic, person, number)


def override_asked(
    practice: Practice, reading: Reading, clinic: Clinic, person: Person, command: Command
) -> Form | None:
    """Return the form for a command that names only the case; `None` where more was said."""
    if len(command.words) != 2:
        return None
    code, number = which(command.words[1])
    course = practice.course(reading, code)
    only_own(clinic, course.case)
    return _form(practice, course, clinic, person, number)


def _form(practice: Practice, course: Course, clinic: Clinic, person: Person, number: int | None) -> Form:
    session, found = _open(practice, course, number)
    gate = wording.READY_FOR[found.gate]
    if not found.blockers:
        raise Refused(f"{course.case.code} needs no override: nothing is open before {gate}.")
    is_second(person, found.blockers, course.case.code)
    others = [(each.id, each.name) for each in clinic.people.values() if each.id != person.id]
    part = FormPart(
        task=f"{course.case.code}:{session.number}",
        revision=0,
        title=f"Go ahead for {gate} although this is open",
        rule=_what_is_open(course, found),
        fields=(
            FormField(
                name="why",
                label="Why",
                kind=FieldKind.CHOICE,
                options=tuple((code.value, shown(words).capitalize()) for code, words in WHY.items()),
            ),
            FormField(name="asked", label="Who asks for it", kind=FieldKind.CHOICE, options=tuple(others)),
            FormField(name="line", label="In a line", kind=FieldKind.TEXT, help="It stays on the board."),
        ),
    )
    label = wording.label(course.case, session, course.playbook, clinic.calendar)
    return Form(
        heading="Override as second person",
        label=label,
        parts=(part,),
        action=Action.OVERRIDE,
        submit="Go ahead",
        value=seen(found.blockers),
    )


def _what_is_open(course: Course, found: Readiness) -> str:
    titles = wording.few(each.title for each in found.blockers if not course.step(each.task).gate)
    return f"Open: {titles}{'' if titles.endswith('?') else '.'}"


def take_override(
    practice: Practice, tx: Transaction, clinic: Clinic, person: Person, filled: Filled
) -> Notice:
    """Take the form."""
    key, raw = next(iter(filled.entries.items()))
    code, number = which(key.replace(":", "/"))
    said = {name: str(raw.get(name, "")).strip() for name in ("why", "asked", "line")}
    missing = {name: "Please fill this in." for name, text in said.items() if not text}
    if missing:
        raise WrongValues(missing)
    go = Go(why=why_of(said["why"]), line=noted(said["line"]), asked=said["asked"], seen=filled.value)
    return _told(code, override(practice, tx, person, code, go, number))


def by_command(asked: Asked) -> Notice:
    """Take the command: the reason code, who asks for it, and a line."""
    code = asked.code
    example = f"Write it like `override {code} elsewhere @jo asked by telephone`, or `override {code}` alone."
    if not asked.words:
        raise Unclear(f"Why? {example}")
    why = why_of(asked.words[0])
    who = asked.words[1] if len(asked.words) > 1 else ""
    line = noted(" ".join(asked.words[2:]))
    if not who.startswith("@") or not line:
        raise Unclear(f"Who asks for it, and why? {example}")
    go = Go(why=why, line=line, asked=who[1:])
    gate = override(asked.practice, asked.tx, asked.person, code, go, asked.session)
    return _told(code, gate)


def _told(code: str, gate: Gate) -> Notice:
    return Notice(text=f"{code} may go ahead for {wording.READY_FOR[gate]}; it stays visible on the board.")
