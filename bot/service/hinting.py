"""Hints: what is said of how somebody ticks, to them alone, beside the echo of what they just answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.core.actions import Button
from bot.core.case import Moment, Task
from bot.core.hints import OFTEN, QUICK, SHORT, WORDS, Hint, before_arrival, is_quick, many_at_once
from bot.core.messages import Notice
from bot.core.outgoing import Arrangement, Entry
from bot.core.people import Clinic, Person
from bot.ports import Reading, Transaction
from bot.service.answer import Taken
from bot.service.lines import mark_button
from bot.service.practice import Practice

#: The kind of what keeps a person's hint of a day: ended from the beginning, so that no list ever shows it.
HINT = "hint"


@dataclass(frozen=True, kw_only=True, slots=True)
class Hinted:
    """What a person's day has seen: how often a yes came within seconds, and the hint that was given."""

    quick: int = 0
    given: str = ""

    @classmethod
    def of(cls, kept: Arrangement | None) -> Hinted:
        """Read what an arrangement keeps."""
        return cls(quick=kept.detail["quick"], given=kept.detail["given"]) if kept else cls()

    def detail(self) -> Mapping[str, Any]:
        """Return what an arrangement keeps of it."""
        return {"quick": self.quick, "given": self.given}


def with_hint(
    practice: Practice, tx: Transaction, clinic: Clinic, person: Person, taken: Sequence[Taken], echo: Notice
) -> Notice:
    """Return the echo with a hint, if there is one and this person had none today."""
    now = practice.clock.now()
    key = f"{clinic.id}:{person.id}:{clinic.calendar.day(now)}"
    kept = tx.arrangement(HINT, key)
    before = Hinted.of(kept)
    if before.given:
        return echo
    quick = before.quick + _any_quick(tx, taken)
    words, buttons = next(_hints(tx, clinic, person, taken, quick, now), ("", ()))
    after = Hinted(quick=quick, given=words)
    if after != before:
        first = kept or Arrangement(kind=HINT, key=key, clinic=clinic.id, by=person.id, at=now, ended=now)
        tx.arrange(replace(first, detail=after.detail()))
    return replace(echo, lines=(*echo.lines, words), buttons=(*echo.buttons, *buttons)) if words else echo


def _hints(
    tx: Transaction,
    clinic: Clinic,
    person: Person,
    taken: Sequence[Taken],
    quick: int,
    now: datetime,
) -> Iterator[tuple[str, tuple[Button, ...]]]:
    for task, course in ((each.task, each.course) for each in taken):
        if before_arrival(course.step(task), course.case.session(task.session)):
            yield WORDS[Hint.BEFORE_ARRIVAL], (mark_button("Arrived", Moment.ARRIVED, task),)
    if found := many_at_once(tx.answered_by(clinic.id, person.id, now - SHORT), now):
        count, seconds = found
        yield WORDS[Hint.MANY_AT_ONCE].format(count=count, seconds=seconds), ()
    if quick >= OFTEN:
        yield WORDS[Hint.WITHIN_SECONDS], ()


def _any_quick(reading: Reading, taken: Sequence[Taken]) -> bool:
    given = [(each.task, each.task.answer) for each in taken if each.task.answer]
    earliest = min((answer.at for _, answer in given), default=None)
    if earliest is None:
        return False
    lately = reading.history_since((task.case for task, _ in given), earliest - QUICK)
    return any(is_quick(answer, _last_asked(task, lately[task.case])) for task, answer in given)


def _last_asked(task: Task, lately: Sequence[Entry]) -> datetime | None:
    asked = (each.at for each in lately if each.kind == "asked" and task.key in each.detail.get("asked", {}))
    return max(asked, default=None)
