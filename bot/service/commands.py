"""Commands: what people can change in a few words, the same on every platform.

A course's second session is `K7Q2/2`; without a number the next session is meant.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.core.conditions import Value
from bot.core.course import Course
from bot.core.errors import NotFound, Refused, Unclear
from bot.core.facts import FactKind
from bot.core.guard import noted
from bot.core.messages import Notice
from bot.core.people import Clinic, Person
from bot.core.replies import COMMANDS, Address, Command
from bot.core.written import read_date, read_number
from bot.ports import Transaction
from bot.service import cases
from bot.service.asking_all import ask_all
from bot.service.assigning import assign
from bot.service.booking import new_typed, on_its_date
from bot.service.facts import set_facts
from bot.service.here import here
from bot.service.holding import hold, release
from bot.service.looking import code_in, only_own, which
from bot.service.overriding import by_command
from bot.service.practice import Practice
from bot.service.reporting import report
from bot.service.requests import Asked
from bot.service.sessions import add_session
from bot.service.who import who_asked
from bot.service.withdrawn import is_no_show


def act(practice: Practice, tx: Transaction, clinic: Clinic, person: Person, command: Command) -> Notice:
    """Do what a command says; raise Refused with what is understood instead."""
    word, *rest = command.words
    of_clinic, of_case = _OF_CLINIC.get(word.lower()), _OF_CASE.get(word.lower())
    asked = Asked(
        practice=practice,
        tx=tx,
        clinic=clinic,
        person=person,
        words=tuple(rest),
        said_in=Address(platform=command.platform, channel=command.channel),
    )
    if of_clinic is not None:
        return of_clinic(asked)
    if of_case is None:
        raise NotFound("command", word, COMMANDS, otherwise="`help` lists what there is.")
    code, session = which(code_in(rest, word.lower()))
    only_own(clinic, tx.case(code))
    return of_case(replace(asked, code=code, session=session, words=tuple(rest[1:])))


def _move(asked: Asked) -> Notice:
    start = asked.start("move")
    cases.may_still_change(asked.practice, asked.tx, asked.code, start=start, session=asked.session)
    lines = cases.move(asked.practice, asked.tx, asked.code, start, by=asked.person.id, session=asked.session)
    return _lines(asked, (*lines, *on_its_date(asked.practice, asked.tx, asked.code, start)))


def _session(asked: Asked) -> Notice:
    start = asked.start("session")
    lines = add_session(asked.practice, asked.tx, asked.code, start, by=asked.person.id)
    return _lines(asked, (*lines, *on_its_date(asked.practice, asked.tx, asked.code, start)))


def _lines(asked: Asked, lines: tuple[str, ...]) -> Notice:
    return Notice(text="\n".join((f"{asked.code}: {lines[0]}", *lines[1:])), tone="good")


def _cancel(asked: Asked) -> Notice:
    code, session = asked.code, asked.session
    reason = noted(" ".join(asked.words))
    if not reason:
        raise Unclear(f"Why? Write it like `cancel {code} patient is ill`.")
    cases.may_still_change(asked.practice, asked.tx, code, session=session)
    after = cases.cancel(asked.practice, asked.tx, code, by=asked.person.id, reason=reason, session=session)
    what = code if session is None or len(after.case.sessions) == 1 else f"Session {session} of {code}"
    how = " as a no-show" if is_no_show(reason) else ""
    return Notice(text=f"{what} is cancelled{how}. What was open is not asked any more.", tone="good")


def _event(asked: Asked) -> Notice:
    code = asked.code
    urgency = asked.words[0].lower() if asked.words else ""
    mildest, *worse = cases.urgencies(asked.practice.course(asked.tx, code))
    if urgency not in (mildest, *worse):
        others = " or ".join(f"`{word}`" for word in worse)
        raise Unclear(f"How urgent? Write `event {code} {mildest}`, {others}.")
    return report(asked.practice, asked.tx, asked.person, code, urgency, session=asked.session)


def _fact(asked: Asked) -> Notice:
    if len(asked.words) < 2:
        raise Unclear(f"Which fact? Write it like `fact {asked.code} smoker yes`.")
    name, said = asked.words[:2]
    value = fact_value(asked.practice.course(asked.tx, asked.code), name, said)
    news = set_facts(asked.practice, asked.tx, asked.code, {name: value}, by=asked.person)
    return Notice(text="\n".join((f"{asked.code}: {name} is {said}.", *news)), tone="good")


def fact_value(course: Course, name: str, text: str) -> Value:
    """Read a typed value of a fact; raise NotFound or Refused with what it can hold."""
    known = course.playbook.facts
    if name not in known:
        raise NotFound("fact", name, known)
    try:
        match known[name].kind:
            case FactKind.DATE:
                return read_date(text)
            case FactKind.NUMBER:
                return known[name].accept(read_number(text))
            case _:
                return known[name].accept(text)
    except ValueError as wrong:
        raise Refused(str(wrong)) from None


#: Commands about a whole clinic; their words are all that was written.
_OF_CLINIC: Mapping[str, Callable[[Asked], Notice]] = {
    "new": new_typed,
    "hold": hold,
    "release": release,
    "ask-all": ask_all,
    "here": here,
}

#: Commands about one case, whose code stands first.
_OF_CASE: Mapping[str, Callable[[Asked], Notice]] = {
    "move": _move,
    "session": _session,
    "cancel": _cancel,
    "event": _event,
    "fact": _fact,
    "assign": assign,
    "override": by_command,
    "who": who_asked,
}
