"""Export: a case told again as a rehearsal script, so that anybody can play what happened to it.

It is told from the case's history and says what a script can say: answers, decisions, facts, moves, cancels,
events and real moments. Overrides and what people typed are left out: they change no date and no stop, and a
script is made to be passed on.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from bot.core import script as lines
from bot.core.added import ADDED
from bot.core.case import Answer, Booking, Choice, Moment
from bot.core.conditions import Value
from bot.core.course import Course
from bot.core.errors import Refused
from bot.core.facts import FactKind
from bot.core.kinds import FieldKind
from bot.core.outgoing import Entry
from bot.core.people import Role
from bot.core.playbook import Field, Step
from bot.ports import Reading
from bot.service.practice import Practice

#: What stands where somebody typed something.
TYPED = "typed"


def opening(booking: Booking) -> dict[str, Any]:
    """Return what the first line of a case's history keeps of its booking: what later changes would hide."""
    facts = {name: _plain(value) for name, value in booking.facts.items()}
    starts = [start.isoformat() for start in booking.starts]
    return {"playbook": booking.playbook, "starts": starts, "facts": facts, "told": booking.told}


def script_of(practice: Practice, reading: Reading, code: str) -> lines.Script:
    """Tell a case as a script that ends now."""
    course = practice.course(reading, code)
    history = reading.history(code)
    first = history[0].detail
    if "starts" not in first:
        raise Refused(f"The history of {code} was erased: there is nothing left to tell.")
    told = list(_Teller(course=course, reading=reading).told(history))
    now = practice.clock.now()
    end = (lines.Nothing(until=now),) if not told or lines.moment_of(told[-1]) < now else ()
    return lines.Script(booking=_booking(course, first), lines=(*told, *end))


def _booking(course: Course, opened: Mapping[str, Any]) -> Booking:
    case = course.case
    session = case.sessions[0]
    return Booking(
        playbook=case.playbook,
        calendar=course.calendar,
        opened=case.opened,
        starts=tuple(datetime.fromisoformat(start) for start in opened["starts"]),
        consult=case.consult,
        booked=case.booked,
        minutes=session.minutes,
        facts={name: _fact(course, name, value) for name, value in opened["facts"].items()},
        room=session.room,
        device=session.device,
        operator=case.assigned.get(Role.OPERATOR),
        told=opened.get("told", True),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Teller:
    """Tells a case's history in lines of a script."""

    course: Course
    reading: Reading
    taken: Counter[str] = field(default_factory=Counter)
    seen: dict[Role, list[str]] = field(default_factory=lambda: defaultdict(list))

    def told(self, history: tuple[Entry, ...]) -> Iterator[lines.ScriptLine]:
        """Yield a line for each entry that a script can say."""
        tellers: Mapping[str, Callable[[Entry], Iterator[lines.ScriptLine]]] = {
            "answered": self._answer,
            "decided": self._decide,
            "undone": self._undo,
            "amended": self._answer,
            "fact": self._facts,
            "moved": self._move,
            "session_added": self._add_session,
            "cancelled": self._cancel,
            "event": self._event,
            "marked": self._mark,
        }
        for entry in history:
            # a script is of a playbook alone: what was added to one case is not in it
            added = f":{ADDED}" in str(entry.detail.get("task", ""))
            if entry.kind in tellers and not added:
                yield from tellers[entry.kind](entry)

    def _step(self, entry: Entry) -> tuple[Step, int, int]:
        _, step, session, occurrence = str(entry.detail["task"]).split(":")
        return self.course.playbook.step(step), int(session), int(occurrence)

    def _given(self, entry: Entry) -> Answer:
        # every answer has its line of history; two of one task may have come in the same moment
        task = str(entry.detail["task"])
        self.taken[task] += 1
        return self.reading.answers(task)[self.taken[task] - 1]

    def _answer(self, entry: Entry) -> Iterator[lines.ScriptLine]:
        step, session, occurrence = self._step(entry)
        answer = self._given(entry)
        said = lines.Amend if entry.kind == "amended" else lines.Answer
        yield said(
            at=entry.at,
            task=step.id,
            session=session,
            occurrence=occurrence,
            values={
                each.name: _told(each, answer.values.get(each.name)) for each in step.ask if each.recorded
            },
            outcome=answer.outcome,
            by=self._of_the_cast(answer.by, answer.role, usual=step.role, named=step.double),
        )

    def _of_the_cast(self, person: str, role: Role, *, usual: Role, named: bool = False) -> str:
        """Return who plays a person: the second of a role whoever came second; "" for who usually would.

        Where everybody is `named`, whoever usually would is, too.
        """
        known = self.seen[role]
        if person not in known:
            known.append(person)
        first, second = (name for name, its in lines.CAST.items() if its is role)
        if person != known[0]:
            return second
        return "" if role is usual and not named else first

    def _decide(self, entry: Entry) -> Iterator[lines.ScriptLine]:
        step, session, occurrence = self._step(entry)
        choice = Choice(entry.detail["choice"])
        yield lines.Decide(
            at=entry.at, task=step.id, session=session, occurrence=occurrence, choice=choice, reason=TYPED
        )

    def _undo(self, entry: Entry) -> Iterator[lines.ScriptLine]:
        step, session, occurrence = self._step(entry)
        yield lines.Undo(at=entry.at, task=step.id, session=session, occurrence=occurrence)

    def _facts(self, entry: Entry) -> Iterator[lines.ScriptLine]:
        role = Role.PHYSICIAN if entry.detail.get("settles") else Role.NURSE
        by = self._of_the_cast(entry.by, role, usual=Role.PHYSICIAN)
        for name, value in entry.detail["facts"].items():
            yield lines.SetFact(at=entry.at, fact=name, value=_fact(self.course, name, value), by=by)

    def _move(self, entry: Entry) -> Iterator[lines.ScriptLine]:
        start = datetime.fromisoformat(entry.detail["start"])
        yield lines.Move(at=entry.at, start=start, session=entry.detail["session"])

    def _add_session(self, entry: Entry) -> Iterator[lines.ScriptLine]:
        yield lines.AddSession(at=entry.at, start=datetime.fromisoformat(entry.detail["start"]))

    def _cancel(self, entry: Entry) -> Iterator[lines.ScriptLine]:
        yield lines.Cancel(at=entry.at, session=entry.detail["session"])

    def _event(self, entry: Entry) -> Iterator[lines.ScriptLine]:
        detail = entry.detail
        yield lines.Event(at=entry.at, urgency=detail["urgency"], session=detail["session"])

    def _mark(self, entry: Entry) -> Iterator[lines.ScriptLine]:
        moment = Moment(entry.detail["moment"])
        yield lines.Mark(at=entry.at, moment=moment, session=entry.detail["session"])


def _told(field: Field, value: Value) -> Value:
    return TYPED if field.kind is FieldKind.TEXT and value else value


def _plain(value: Value) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _fact(course: Course, name: str, value: Any) -> Value:
    # history keeps facts as plain JSON, in its older lines as text
    kind = course.playbook.facts[name].kind
    if value in (None, "None"):
        return None
    if kind is FactKind.DATE:
        return date.fromisoformat(value)
    return float(value) if kind is FactKind.NUMBER else str(value)
