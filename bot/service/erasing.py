"""Erasing: what was said of a patient goes, on request or when its time is over; that it did stays written.

A case that is over keeps its code, its dates and who answered when. Whoever is still treated is not erased:
what is known of them protects them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, time

from bot.core.case import Answer, Case, Task, TaskStatus
from bot.core.errors import BookendError, Conflict, NotFound, Refused, Settled
from bot.core.keeping import Because, Erasure, Span
from bot.core.outgoing import Arrangement, Entry
from bot.core.people import Clinic
from bot.core.permissions import Deed, require
from bot.ports import Reading, Transaction
from bot.service.practice import Practice, redraw

#: The line of history that says so.
ERASED = "erased"
#: When a clinic's files are looked through each night, by its own time.
AT_NIGHT = time(3)
_PURGED = "purged"

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Purged:
    """What was let go of in a clinic: the cases whose names went, those of which all went, messages."""

    names: Sequence[str] = ()
    answers: Sequence[str] = ()
    messages: int = 0

    def __bool__(self) -> bool:
        return bool(self.names or self.answers or self.messages)


def require_erasable(practice: Practice, erased: Erasure) -> None:
    """Raise NotAllowed unless this person may have a patient erased, and Refused unless this case is over."""
    with practice.store.reading() as reading:
        case = reading.case(erased.code)
    clinic = practice.clinic_of(case)
    require(clinic.person(erased.by), Deed.ERASE, clinic, erased.at)
    if case.closed is None:
        raise Refused(
            f"{case.code} is not over: something in it still waits for an answer. Answer it or cancel the "
            "case first; what is known of a patient who is treated protects them."
        )


def erase(practice: Practice, erased: Erasure) -> None:
    """Erase who a case is of and all that was said in it."""
    with practice.store.writing() as tx:
        case = tx.case(erased.code)
        tasks = _wiped(tx.tasks(case.code))
        _erase(tx, case, tasks, erased)
        _draw_without(practice, tx, case.code, erased.at)


def is_erased(reading: Reading, code: str) -> bool:
    """Say whether all that was known of a case was erased: nobody writes it down anew."""
    return any(entry.kind == ERASED and entry.detail.get("said") for entry in reading.history(code))


def require_kept(reading: Reading, code: str) -> None:
    """Raise Settled once all that was known of a case was erased."""
    if is_erased(reading, code):
        raise Settled(f"What was known of {code} was erased, and is not written down again.")


def erase_again(tx: Transaction, every: Iterable[Erasure], now: datetime) -> int:
    """Erase once more what was erased before a backup without that was put back; return how many cases.

    A case that is open in it is over: it was when it was erased.
    """
    done = 0
    for each in every:
        try:
            case = tx.case(each.code)
        except NotFound:
            continue
        if is_erased(tx, each.code):
            continue
        tasks = [_ended(task) for task in _wiped(tx.tasks(case.code), every=True)]
        _erase(tx, replace(case, closed=case.closed or now, asks_at=None), tasks, replace(each, at=now))
        done += 1
    return done


def purge(practice: Practice, *, only_look: bool = False) -> dict[str, Purged]:
    """Let go of what was kept as long as each clinic's file says; return what that is, by clinic.

    With `only_look` everything stays.
    """
    return {clinic.id: _purged(practice, clinic, only_look=only_look) for clinic in practice.clinics.values()}


def purge_at_night(practice: Practice) -> bool:
    """Do so once a night in each clinic, in one program of several; say whether anything went."""
    went = False
    for clinic in practice.clinics.values():
        if _is_turn(practice, clinic):
            went |= bool(_purged(practice, clinic))
    return went


def _is_turn(practice: Practice, clinic: Clinic) -> bool:
    now = practice.clock.now()
    here = clinic.calendar.local(now)
    if here.time() < AT_NIGHT:
        return False
    today = {"day": here.date()}
    with practice.store.reading() as reading:
        made = reading.arrangement(_PURGED, clinic.id)
    if made is not None and made.detail == today:
        return False
    fresh = Arrangement(kind=_PURGED, key=clinic.id, clinic=clinic.id, by="bookend", at=now)
    try:
        with practice.store.writing() as tx:
            tx.arrange(replace(made or fresh, at=now, detail=today))
    except Conflict:
        return False
    return True


class _Undone(Exception):
    """Raised to leave a unit of work that was only to be looked at."""


def _purged(practice: Practice, clinic: Clinic, *, only_look: bool = False) -> Purged:
    now, keep = practice.clock.now(), clinic.keep

    def since(span: Span) -> datetime:
        return span.before(now, clinic.calendar)

    with suppress(_Undone), practice.store.writing() as tx:
        answers = tx.told(clinic.id, since(keep.answers)) if keep.answers else ()
        names = tx.named(clinic.id, since(keep.names)) if keep.names else ()
        messages = tx.forget_messages(clinic.id, since(keep.messages)) if keep.messages else 0
        found = Purged(names=names, answers=answers, messages=messages)
        if only_look:
            raise _Undone
    if only_look:
        return found
    return replace(
        found,
        answers=_gone(
            answers,
            lambda code: erase(practice, Erasure(code=code, by="bookend", because=Because.TIME, at=now)),
        ),
        names=_gone(names, lambda code: _forget_name(practice, code, now)),
    )


def _gone(codes: Iterable[str], let_go: Callable[[str], None]) -> tuple[str, ...]:
    """Return the cases of which something went; one that hinders us keeps no other, and waits a night."""
    gone = []
    for code in codes:
        try:
            let_go(code)
            gone.append(code)
        except BookendError as trouble:
            log.error("%s is not let go of until the next night: %s", code, trouble)
    return tuple(gone)


def _forget_name(practice: Practice, code: str, now: datetime) -> None:
    with practice.store.writing() as tx:
        if tx.forget_name(code):
            tx.change(tx.case(code), [], _entry(now, "bookend", Because.TIME, "name"))
            _draw_without(practice, tx, code, now)


def _draw_without(practice: Practice, tx: Transaction, code: str, now: datetime) -> None:
    """Draw every card anew on which the name, or what was said, may stand."""
    case = tx.case(code)
    if case.clinic in practice.clinics:
        redraw(practice, tx, case, tx.tasks(code), at=now)


def _erase(tx: Transaction, case: Case, tasks: Sequence[Task], erased: Erasure) -> None:
    tx.forget_name(case.code)
    entry = _entry(erased.at, erased.by, erased.because, "name", "said")
    tx.change(replace(case, facts={}, said={}), tasks, entry)
    tx.forget_said(case.code)


def _entry(at: datetime, by: str, because: Because, *what: str) -> Entry:
    return Entry(kind=ERASED, at=at, by=by, detail={"because": because.value, **dict.fromkeys(what, True)})


def _wiped(tasks: Iterable[Task], *, every: bool = False) -> list[Task]:
    """Return the tasks of which anything was said without it; who answered, when, with what outcome stays."""
    wiped = ((task, _without_words(task)) for task in tasks)
    return [after for task, after in wiped if every or after != task]


def _without_words(task: Task) -> Task:
    decision = replace(task.decision, reason="", covers=()) if task.decision else None
    return replace(task, answer=_bare(task.answer), first=_bare(task.first), decision=decision)


def _bare(answer: Answer | None) -> Answer | None:
    return replace(answer, values={}, note="") if answer else None


def _ended(task: Task) -> Task:
    return replace(task, status=TaskStatus.VOID, next_prompt_at=None) if task.waits else task
