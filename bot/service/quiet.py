"""Quiet: what is due is said now or held back; what waits keeps its place and comes bundled later."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from bot.core.asking import told_of
from bot.core.case import Task
from bot.core.course import Course
from bot.core.due import Word, ladder_of
from bot.core.hush import House, Wish, hushed, nudges_enough
from bot.core.kinds import BEFORE, Gate, Level
from bot.core.people import Clinic
from bot.core.readiness import gate_moment
from bot.ports import Transaction
from bot.service.prompts import Prompt
from bot.service.rooms import running
from bot.service.slipping import SLIPPING

#: Case and session -> when its gates are.
_Gates = Mapping[tuple[str, int], Mapping[Gate, datetime]]
#: Just after now: what this very moment has said already counts.
MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sorted:
    """What is said, what waits until its `next_prompt_at`, and the cards whose thread says nothing now."""

    said: tuple[Prompt, ...]
    held: tuple[Task, ...]
    silent: frozenset[str] = frozenset()


def sort(
    tx: Transaction,
    clinic: Clinic,
    prompts: Sequence[Prompt],
    courses: Mapping[str, Course],
    now: datetime,
) -> Sorted:
    """Sort what is due into what is said now and what waits."""
    if not prompts:
        return Sorted(said=(), held=())
    since = clinic.calendar.instant(clinic.calendar.day(now), time())
    house = House(clinic=clinic, running=running(tx, clinic), heard=tx.heard(clinic.id, since, now + MOMENT))
    silent = _silent(prompts, house, now)
    standing = silent | tx.postings({prompt.place.key for prompt in prompts}).keys()
    gates = _gates(prompts, courses)
    wishes = [_wish(prompt, house, gates, standing, silent, now) for prompt in prompts]
    hush = hushed(wishes, house, now)
    until = {wish.task.key: hush.held[wish.card] for wish in wishes if wish.card in hush.held}
    held = (_held(tx, key, moment, now) for key, moment in until.items())
    return Sorted(
        said=tuple(prompt for prompt in prompts if prompt.task.key not in until),
        held=tuple(filter(None, held)),
        silent=silent | hush.muted,
    )


def _silent(prompts: Iterable[Prompt], house: House, now: datetime) -> frozenset[str]:
    """Return the cards on which each of these reminders was heard already, in a line about another one."""
    enough: dict[str, bool] = {}
    for prompt in prompts:
        if prompt.word is Word.REMIND and not prompt.paged:
            ladder = ladder_of(prompt.task, prompt.step, house.clinic)
            place = prompt.task.rung % (len(ladder) + 1)
            asked = now - timedelta(minutes=ladder[place - 1])
            heard = nudges_enough(prompt.place.key, place, asked, house.heard)
            enough[prompt.place.key] = heard and enough.get(prompt.place.key, True)
    return frozenset(card for card, heard in enough.items() if heard)


def _wish(
    prompt: Prompt,
    house: House,
    gates: _Gates,
    standing: Collection[str],
    silent: Collection[str],
    now: datetime,
) -> Wish:
    task, step, place, clinic = prompt.task, prompt.step, prompt.place, house.clinic
    asking = Wish(
        task=task,
        step=step,
        session=prompt.case.session(task.session),
        person=place.person,
        card=place.key,
        kind=place.kind,
        gate=_gate(prompt, gates, now),
        reminds=prompt.word is Word.REMIND and place.key in standing,
        buzzes=place.key not in standing or (prompt.word is Word.REMIND and place.key not in silent),
    )
    if prompt.word is not Word.ESCALATE:
        return asking
    told = told_of(task, step, place.person, clinic, now) or ""
    # how often that list rings is its own rule (`slipping.rings`): here only the hours count
    return replace(asking, person=told, card=f"{SLIPPING}:{told}", kind=SLIPPING, buzzes=False)


def _gates(prompts: Sequence[Prompt], courses: Mapping[str, Course]) -> _Gates:
    """Return when the gates are of each session about which something may be said."""
    of = {(prompt.task.case, prompt.task.session) for prompt in prompts}
    sessions = {each: (courses[each[0]], courses[each[0]].case.session(each[1])) for each in of}
    return {each: {gate: gate_moment(gate, *where) for gate in Gate} for each, where in sessions.items()}


def _gate(prompt: Prompt, gates: _Gates, now: datetime) -> datetime | None:
    if prompt.step.phase not in BEFORE:
        return None
    task, its = prompt.task, gates[prompt.task.case, prompt.task.session]
    ahead = (its[Gate.START],) if prompt.step.stops.level is Level.NONE else its.values()
    return min((at for at in ahead if at >= now and at >= task.due), default=None)


def _held(tx: Transaction, key: str, until: datetime, now: datetime) -> Task | None:
    # as it is stored: whoever is asked then is found then
    task = tx.task(key)
    is_due = task.next_prompt_at is not None and task.next_prompt_at <= now
    return replace(task, next_prompt_at=until, held=task.held or now) if is_due else None
