"""What an inspector is handed of a case: each item with who was asked, what they said and when, and all that
was done against the rules; in words for a page, and as rows for tables.

It names staff and the case's code, never the patient: whoever hands it over writes that beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.core import wording
from bot.core.case import Answer, Override, Session, Task
from bot.core.conditions import Values, shown
from bot.core.course import Course
from bot.core.kinds import Gate, Level
from bot.core.outgoing import Entry
from bot.core.people import Clinic
from bot.core.readiness import Ready, readiness
from bot.core.signing import Signature
from bot.ports import Reading
from bot.service.practice import Practice

#: The lines of history that say that somebody was asked.
PROMPTS = ("asked", "reminded", "escalated")
_READY: Mapping[Ready, str] = {
    Ready.READY: "ready",
    Ready.OVERRIDE: "ready with override",
    Ready.NOT_READY: "not ready",
}
_ERASED = "erased"
Row = dict[str, str]
#: What each table tells, also where it tells of nothing: an empty file could be a broken one.
COLUMNS: Mapping[str, Sequence[str]] = {
    "answers": (
        *("item", "title", "session", "due", "at", "by"),
        *("role", "outcome", "values", "note", "together", "amends"),
    ),
    "prompts": ("at", "what", "title", "whom"),
    "history": ("line", "at", "what", "by", "detail"),
    "overrides": ("at", "gate", "by", "reason", "covers"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Pack:
    """A case as an inspector reads it: `page` in words, and the rows of each table by its name."""

    page: Mapping[str, Any]
    tables: Mapping[str, Sequence[Row]]


def packed(practice: Practice, reading: Reading, code: str) -> Pack:
    """Tell a case; raise NotFound."""
    told = _Told(
        course=practice.course(reading, code),
        clinic=practice.clinic_of(reading.case(code)),
        history=reading.history(code),
        answers={task.key: reading.answers(task.key) for task in reading.tasks(code)},
    )
    overrides = reading.overrides([code])[code]
    signed = [each for each in reading.signatures(told.clinic.id) if each.digest == told.course.case.digest]
    tables = {"answers": [*told.given()], "prompts": [*told.prompts()], "history": [*told.lines()]}
    tables["overrides"] = [
        {
            "at": told.at(each.at),
            "gate": wording.plain(each.gate),
            "by": wording.person_name(told.clinic, each.by),
            "reason": each.reason or _ERASED,
            "covers": "; ".join(each.covers),
        }
        for each in overrides
    ]
    page = {
        **told.heading(signed[-1] if signed else None),
        "sessions": [told.session(each, overrides) for each in told.course.case.sessions],
        "items": [told.item(task) for task in told.course.tasks],
        **tables,
    }
    return Pack(page=page, tables=tables)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Told:
    """A case put into words."""

    course: Course
    clinic: Clinic
    history: Sequence[Entry]
    answers: Mapping[str, Sequence[Answer]]

    def at(self, moment: datetime | None) -> str:
        """Write a moment as the clinic's clock showed it, to the minute."""
        return f"{self.course.calendar.local(moment):%Y-%m-%d %H:%M}" if moment else ""

    def name(self, person: str) -> str:
        return "Bookend" if person == "bookend" else wording.person_name(self.clinic, person)

    def title(self, key: str) -> str:
        """Name an item by its title; one that is not planned any more by its id."""
        found = next((task for task in self.course.tasks if task.key == key), None)
        return self.course.step(found).title if found else key

    def heading(self, signed: Signature | None) -> Row:
        case, book = self.course.case, self.course.playbook
        by = f"{signed.name}, {self.at(signed.at)}" if signed else "nobody: planned and shown, not asked"
        return {
            "code": case.code,
            "clinic": self.clinic.title,
            "zone": self.course.calendar.zone.key,
            "playbook": f"{book.title} (version {book.version})",
            "digest": case.digest,
            "signed": by,
            "opened": self.at(case.opened),
            "closed": self.at(case.closed),
            "cancelled": self.at(case.cancelled),
            "facts": ", ".join(
                f"{wording.plain(fact)}: {shown(value)}" for fact, value in case.facts.items()
            ),
        }

    def session(self, session: Session, overrides: Sequence[Override]) -> Row:
        found = [readiness(gate, self.course, session, overrides) for gate in Gate]
        return {
            "number": str(session.number),
            "planned": self.at(session.start),
            "room": session.room,
            "arrived": self.at(session.arrived),
            "started": self.at(session.started),
            "finished": self.at(session.finished),
            "cancelled": self.at(session.cancelled),
            "gates": "; ".join(f"{wording.plain(each.gate.value)}: {_READY[each.state]}" for each in found),
        }

    def item(self, task: Task) -> dict[str, Any]:
        step = self.course.step(task)
        decided = wording.decision_words(task.decision, self.clinic) if task.decision else ""
        return {
            "title": step.title,
            "session": str(task.session),
            "due": self.at(task.due),
            "role": wording.ROLES[step.role],
            "stop": "" if step.stops.level is Level.NONE else wording.LEVELS[step.stops.level],
            "status": task.status.value,
            "said": [self._said(answer) for answer in self.answers[task.key]],
            "decided": decided,
        }

    def _said(self, answer: Answer) -> str:
        words = f"{self.at(answer.at)} {self.name(answer.by)}: {wording.outcome_words(answer)}"
        amended = f" (corrects {self.at(answer.amends)})" if answer.amends else ""
        together = " (with others, in one press)" if answer.together else ""
        return "; ".join(filter(None, (f"{words}{amended}{together}", _values(answer.values), answer.note)))

    def given(self) -> Iterator[Row]:
        """Yield every answer that was ever given, amended ones as well, in the order of their items."""
        for task in self.course.tasks:
            for answer in self.answers[task.key]:
                yield {
                    "item": task.step,
                    "title": self.course.step(task).title,
                    "session": str(task.session),
                    "due": self.at(task.due),
                    "at": self.at(answer.at),
                    "by": self.name(answer.by),
                    "role": answer.role.value,
                    "outcome": answer.outcome.value,
                    "values": _values(answer.values),
                    "note": answer.note,
                    "together": "yes" if answer.together else "",
                    "amends": self.at(answer.amends),
                }

    def prompts(self) -> Iterator[Row]:
        """Yield every time that somebody was asked, reminded, or told that another was silent."""
        for entry in self.history:
            asked = entry.detail.get("asked", {}) if entry.kind in PROMPTS else {}
            for key, person in asked.items():
                whom = self.name(person) if person else "the role's channel"
                yield {"at": self.at(entry.at), "what": entry.kind, "title": self.title(key), "whom": whom}

    def lines(self) -> Iterator[Row]:
        """Yield every line of history; the detail of one that was erased is empty."""
        for number, entry in enumerate(self.history, start=1):
            detail = "; ".join(f"{name}: {_plainly(value)}" for name, value in entry.detail.items() if value)
            yield {
                "line": str(number),
                "at": self.at(entry.at),
                "what": wording.plain(entry.kind),
                "by": self.name(entry.by),
                "detail": detail,
            }


def _values(told: Values) -> str:
    return ", ".join(f"{wording.plain(name)}: {shown(value)}" for name, value in told.items())


def _plainly(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_plainly(each)}" for name, each in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(map(_plainly, value))
    return str(value)
