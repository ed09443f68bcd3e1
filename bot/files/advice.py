"""What a careful colleague would ask about a playbook that can be read: advice.

It stops nothing. A rule that speaks up where nothing is wrong is soon not read any more. So each looks at the
usual patient, of whom nothing is found, and leaves out what cannot be otherwise: a check of the evening
before can only be made after the readiness two days before, and what is true of a room all day is asked once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, time

from bot.core.conditions import AllOf, AnyOf, Not, holds, names
from bot.core.facts import Fact, nothing_found
from bot.core.kinds import BEFORE, Anchor, Level, Phase
from bot.core.narrowing import ever_asked
from bot.core.people import Role
from bot.core.playbook import Due, Field, Playbook, Step
from bot.core.times import Closed
from bot.core.wording import ROLES, count
from bot.files.conditions import Subjects, can_hold, of_facts, of_fields

#: More hard stops than this in one phase, and a person begins to press them away.
MOST_HARD = 4
#: The readiness two days before and the time-out five minutes before (`bot.core.readiness`).
COME = (-2, time(15))
TIME_OUT = -5
_ANY_DAY = date(2027, 6, 15)
_AFTER = (Phase.POST, Phase.FOLLOW_UP)

Facts = Mapping[str, Fact]
Advice = Iterator[tuple[int, str]]


def of_steps(steps: Iterable[Step], facts: Facts, narrowed: Mapping[str, tuple[str, ...]]) -> Advice:
    """Yield what each of these steps makes a reader ask, with the line it stands on."""
    harmless = nothing_found(facts.values(), narrowed)
    subjects = of_facts(facts, {name: (str(value),) for name, value in harmless.items()})
    for step in steps:
        for what in (*_alone(step, subjects), *_too_late(step)):
            yield step.line, f"{step.id}: {what}"


def of_all(playbook: Playbook, own: Iterable[Step]) -> Advice:
    """Yield what the steps of a playbook make a reader ask together, at those of its own file."""
    lines = {step.id: step.line for step in own}
    asked = [step for step in playbook.steps if ever_asked(step, playbook)]
    for step, what in (*_many_hard_stops(asked, playbook), *_twins(asked, playbook, lines)):
        if step.id in lines:
            yield step.line, f"{step.id}: {what}"


def _alone(step: Step, harmless: Subjects) -> Iterator[str]:
    if not step.sources and step.grade != "P":
        yield "no source is named; grade P says that it is a choice of this clinic"
    if step.stops.level is not Level.NONE and not step.ask:
        yield "it can stop the procedure but asks nothing"
    if not _can_pass(step, harmless):
        yield "it stops even when all is well: give another `normal`, or look at the conditions of `stop`"


def _can_pass(step: Step, harmless: Subjects) -> bool:
    """Say whether usual answers for a patient with nothing found get past the stops of a step."""
    fields = of_fields(step.ask)
    for each in step.ask:
        if isinstance(each.normal, str):
            fields[each.name] = replace(fields[each.name], possible=(each.normal,))
    stops = tuple(part for part in (step.stops.hard, step.stops.md) if part is not None)
    return not stops or can_hold(Not(part=AnyOf(parts=stops)), {**harmless, **fields})


def _too_late(step: Step) -> Iterator[str]:
    due, must = step.due, step.stops.level is not Level.NONE and not step.gate
    if step.phase in _AFTER and due.anchor in (Anchor.START, Anchor.ARRIVE) and _sign(due) < 0:
        yield f"it is a step of {step.phase}, but due before the procedure starts"
    elif step.phase in BEFORE and due.anchor in (Anchor.START, Anchor.END) and _is_over(due):
        yield f"it is a step of {step.phase}, but due when the procedure has begun"
    elif must and step.phase in BEFORE - {Phase.DAY} and _misses_readiness(due) and not _only_then(step):
        yield (
            "it can stop the procedure, but is due after the readiness two days before;"
            " `valid_for: 1 day` says that it can only be answered then"
        )
    elif must and step.phase is Phase.DAY and _misses_time_out(due):
        yield "it can stop the procedure, but is due after the time-out, which does not see it"


def _misses_time_out(due: Due) -> bool:
    return due.anchor is Anchor.START and due.days is None and due.minutes > TIME_OUT


def _sign(due: Due) -> int:
    return due.minutes if due.days is None else due.days


def _is_over(due: Due) -> bool:
    return _sign(due) > 0 or (due.anchor is Anchor.END and _sign(due) == 0)


def _misses_readiness(due: Due) -> bool:
    if due.anchor is not Anchor.START:
        return due.anchor is Anchor.ARRIVE
    if due.days is None or due.at is None:
        return due.minutes > -24 * 60
    # on the next open day it can come to stand after it
    return (due.days, due.at) > COME or (due.days > -4 and due.closed is Closed.NEXT)


def _only_then(step: Step) -> bool:
    return step.valid_days is not None and step.valid_days < -COME[0]


def _many_hard_stops(steps: Iterable[Step], playbook: Playbook) -> Iterator[tuple[Step, str]]:
    usual = {**nothing_found(playbook.facts.values(), playbook.narrowed), "playbook": playbook.id}
    found: dict[tuple[Phase, Role], list[Step]] = defaultdict(list)
    for step in steps:
        fields = {each.name for each in step.ask}
        by_answer = step.stops.hard is not None and not names(step.stops.hard).isdisjoint(fields)
        if by_answer and not step.shared and not step.gate and holds(step.when, usual, _ANY_DAY):
            found[step.phase, step.role].append(step)
    for (phase, role), hard in found.items():
        if len(hard) > MOST_HARD:
            what = (
                f"with this {ROLES[role]} has {count(len(hard), 'hard stop')} in {phase}, of a usual patient;"
                f" of more than {MOST_HARD} the last are pressed away. Could one be `md`, or part of another?"
            )
            yield hard[-1], what


def _twins(steps: list[Step], playbook: Playbook, own: Iterable[str]) -> Iterator[tuple[Step, str]]:
    subjects = of_facts(playbook.facts, playbook.narrowed)
    by_moment: dict[tuple[Phase, Role, Due], list[Step]] = defaultdict(list)
    for step in steps:
        by_moment[step.phase, step.role, step.due].append(step)
    for together in by_moment.values():
        for number, second in enumerate(together):
            for first in together[:number]:
                what = _same(first, second)
                if what and {first.id, second.id} & set(own) and _can_meet(first, second, subjects):
                    late = second if second.id in own else first
                    other = first if late is second else second
                    yield late, f"it asks {ROLES[late.role]} {what} as {other.id} at the same time"


def _same(first: Step, second: Step) -> str:
    twice = {name for name, mapped in _facts(first) if not mapped} & {
        name for name, mapped in _facts(second) if not mapped
    }
    if twice:
        return f"for the same fact ({', '.join(sorted(twice))})"
    if first.ask and _questions(first) == _questions(second) and len(first.ask) > 1:
        return "the same questions"
    return "the same" if first.title.casefold() == second.title.casefold() else ""


def _facts(step: Step) -> Iterator[tuple[str, bool]]:
    for each in step.ask:
        for name, mapping in each.sets.items():
            yield name, bool(mapping)


def _questions(step: Step) -> frozenset[tuple[str, str, tuple[str, ...]]]:
    def question(each: Field) -> tuple[str, str, tuple[str, ...]]:
        return each.label.casefold(), each.kind.value, each.choices

    return frozenset(question(each) for each in step.ask)


def _can_meet(first: Step, second: Step, subjects: Subjects) -> bool:
    return can_hold(AllOf(parts=(first.when, second.when)), subjects)
