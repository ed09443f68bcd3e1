"""A rehearsal script: a booking, and what people do with it, in the order of time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.core.case import Booking, Choice, Moment, Outcome
from bot.core.conditions import Value
from bot.core.errors import Mistakes
from bot.core.facts import URGENCY
from bot.core.kinds import FieldKind
from bot.core.playbook import Field, Playbook, Step
from bot.core.script import (
    CAST,
    AddSession,
    Amend,
    Answer,
    AnswerWhenDue,
    Cancel,
    Decide,
    Event,
    Mark,
    Move,
    Nothing,
    Script,
    ScriptLine,
    SetFact,
    Undo,
    moment_of,
)
from bot.core.times import Calendar
from bot.files.bookings import booking_of, fact_value, instant, readable
from bot.files.entry import Entry


def parse_script(
    text: str, file: str, playbooks: Mapping[str, Playbook], calendar: Calendar | None = None
) -> Script:
    """Return the script that a text describes, or raise Mistakes."""
    root = readable(text, file)
    root.only("booking", "script")
    booking = booking_of(root.need("booking"), playbooks, calendar)
    lines = _lines(root.need("script"), booking, playbooks)
    if root.source.mistakes:
        raise Mistakes(root.source.mistakes)
    return Script(booking=booking, lines=lines)


def _lines(entry: Entry, booking: Booking, playbooks: Mapping[str, Playbook]) -> tuple[ScriptLine, ...]:
    if booking.playbook not in playbooks:
        # Without its playbook no task and no fact of a line can be told right from wrong.
        return ()
    desk = _Desk(booking=booking, playbook=playbooks[booking.playbook])
    lines: list[ScriptLine] = []
    before = booking.opened
    for each in entry.each():
        clear = len(entry.source.mistakes)
        line = desk.line(each)
        if line is None or len(entry.source.mistakes) > clear:
            continue
        if moment_of(line) < before:
            why = "the line before it" if lines else "the case is opened"
            each.wrong(f"the lines stand in the order of time; this one is earlier than {why}")
        before = max(before, moment_of(line))
        if isinstance(line, AddSession):
            desk = replace(desk, added=desk.added + 1)
        lines.append(line)
    return tuple(lines)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Desk:
    """Reads lines in the terms of one booking."""

    booking: Booking
    playbook: Playbook
    added: int = 0

    def line(self, entry: Entry) -> ScriptLine | None:
        readers: dict[str, Callable[[Entry], ScriptLine]] = {
            "answer_when_due": self._answer_when_due,
            "nothing": self._nothing,
            "answer": lambda entry: Answer(**self._said(entry)),
            "amend": lambda entry: Amend(**self._said(entry)),
            "decide": self._decide,
            "undo": self._undo,
            "set_fact": self._set_fact,
            "move": self._move,
            "session": self._add_session,
            "cancel": self._cancel,
            "event": self._event,
            "mark": self._mark,
        }
        do = entry.need("do")
        word = do.one_of(readers)
        return readers[word](entry) if do.content == word else None

    def _time(self, entry: Entry, name: str, *further: str) -> datetime:
        entry.only("do", name, *further)
        return instant(entry.need(name), self.booking.calendar)

    def _session(self, entry: Entry) -> int | None:
        session = entry.get("session")
        if session is None:
            return None
        number = session.whole(least=1)
        if number > (most := len(self.booking.starts) + self.added):
            session.wrong(f"there is no session {number} here; there are {most}")
        return number

    def _step(self, entry: Entry) -> Step:
        steps = {step.id: step for step in (*self.playbook.steps, *self.playbook.own)}
        return steps.get(entry.need("task").known(steps, "task"), self.playbook.steps[0])

    def _answer_when_due(self, entry: Entry) -> ScriptLine:
        return AnswerWhenDue(until=self._time(entry, "until"))

    def _nothing(self, entry: Entry) -> ScriptLine:
        return Nothing(until=self._time(entry, "until"))

    def _said(self, entry: Entry) -> dict[str, Any]:
        at = self._time(entry, "at", "task", "session", "occurrence", "values", "outcome", "note", "by")
        step = self._step(entry)
        return {
            "at": at,
            "task": step.id,
            "session": self._session(entry),
            "occurrence": entry.maybe("occurrence", lambda each: each.whole(least=1), 1),
            "values": entry.maybe("values", lambda values: _values(values, step), {}),
            "outcome": entry.maybe("outcome", lambda each: each.member(Outcome), Outcome.CONFIRMED),
            "note": entry.maybe("note", Entry.text, ""),
            "by": _by(entry),
        }

    def _decide(self, entry: Entry) -> ScriptLine:
        at = self._time(entry, "at", "task", "session", "occurrence", "choice", "reason")
        return Decide(
            at=at,
            task=self._step(entry).id,
            session=self._session(entry),
            occurrence=entry.maybe("occurrence", lambda each: each.whole(least=1), 1),
            choice=entry.need("choice").member(Choice),
            reason=entry.need("reason").text(),
        )

    def _undo(self, entry: Entry) -> ScriptLine:
        at = self._time(entry, "at", "task", "session", "occurrence")
        return Undo(
            at=at,
            task=self._step(entry).id,
            session=self._session(entry),
            occurrence=entry.maybe("occurrence", lambda each: each.whole(least=1), 1),
        )

    def _set_fact(self, entry: Entry) -> ScriptLine:
        at = self._time(entry, "at", "fact", "value", "by")
        fact = entry.need("fact").known(self.playbook.facts, "fact")
        known = self.playbook.facts.get(fact)
        value = fact_value(entry.need("value"), known) if known else None
        return SetFact(at=at, fact=fact, value=value, by=_by(entry))

    def _move(self, entry: Entry) -> ScriptLine:
        at = self._time(entry, "at", "start", "session")
        start = instant(entry.need("start"), self.booking.calendar)
        return Move(at=at, start=start, session=self._session(entry))

    def _add_session(self, entry: Entry) -> ScriptLine:
        at = self._time(entry, "at", "start")
        return AddSession(at=at, start=instant(entry.need("start"), self.booking.calendar))

    def _cancel(self, entry: Entry) -> ScriptLine:
        at = self._time(entry, "at", "reason", "session")
        return Cancel(at=at, reason=entry.maybe("reason", Entry.text, ""), session=self._session(entry))

    def _event(self, entry: Entry) -> ScriptLine:
        at = self._time(entry, "at", "urgency", "symptoms", "note", "session")
        urgency, known = entry.need("urgency"), self.playbook.facts.get(URGENCY)
        return Event(
            at=at,
            urgency=urgency.one_of(known.words) if known else urgency.text(),
            symptoms=entry.maybe("symptoms", Entry.texts, ()),
            note=entry.maybe("note", Entry.text, ""),
            session=self._session(entry),
        )

    def _mark(self, entry: Entry) -> ScriptLine:
        at = self._time(entry, "at", "moment", "session")
        return Mark(at=at, moment=entry.need("moment").member(Moment), session=self._session(entry))


def _by(entry: Entry) -> str:
    return entry.maybe("by", lambda by: by.one_of(CAST), "")


def _values(entry: Entry, step: Step) -> dict[str, Value]:
    fields = {field.name: field for field in step.ask}
    found: dict[str, Value] = {}
    for key, value in entry.pairs():
        name = key.known(fields, f"field of {step.id} named")
        if name in fields:
            # a field that is named and left empty stays empty, whatever is usual
            found[name] = None if value.missing else _value(value, fields[name])
    return found


def _value(entry: Entry, field: Field) -> Value:
    if field.kind is FieldKind.CHOICE:
        return entry.one_of(field.choices)
    if field.kind is FieldKind.SEVERAL:
        return entry.all_of(field.choices)
    if field.kind is FieldKind.NUMBER:
        return entry.number()
    if field.kind is FieldKind.DATE:
        return entry.day()
    if field.kind is FieldKind.TIME:
        return entry.clock()
    if field.kind is FieldKind.RATIO:
        entry.wrong(f"{field.name} is worked out from {' and '.join(field.of or ())}; leave it out")
    return entry.text()
