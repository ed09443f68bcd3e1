"""Stops: what an answer means for the procedure, judged on today's facts and date: it never goes stale."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from bot.core.case import Answer, Choice, Decision, Outcome
from bot.core.conditions import ALWAYS, Value, Values, first_allowed, holds, met, names
from bot.core.kinds import FieldKind, Level
from bot.core.people import Role
from bot.core.playbook import Field, Step


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What stops: its level, the reasons as "name: value", and the first start date allowed, if any."""

    level: Level = Level.NONE
    reasons: tuple[str, ...] = ()
    first_allowed: date | None = None

    @property
    def stops(self) -> bool:
        """Say whether the procedure is stopped."""
        return self.level is not Level.NONE


CLEAR = Verdict()
#: What is said with the answers that a step asks for.
GIVEN = (Outcome.CONFIRMED, Outcome.CAUGHT)
#: Why an item goes to the physician after the last attempt.
NOBODY_REACHED = "the patient was not reached"


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the hardest of several verdicts on one answer, with all its reasons."""
    found = list(verdicts)
    if len(found) == 1:
        return found[0]
    level = max((each.level for each in found), key=lambda level: level.rank, default=Level.NONE)
    hardest = [each for each in found if each.level is level]
    if len(hardest) == 1 or level is Level.NONE:
        return next(iter(hardest), CLEAR)
    days = [each.first_allowed for each in hardest]
    return Verdict(
        level=level,
        reasons=tuple(dict.fromkeys(reason for each in hardest for reason in each.reasons)),
        first_allowed=None if None in days else max(day for day in days if day),
    )


def judge(
    step: Step, answer: Answer, facts: Values, start: date, decision: Decision | None = None
) -> Verdict:
    """Judge a stored answer for a session that starts on `start`, with the facts as they are now."""
    if answer.outcome in GIVEN and not step.stops.conditional:
        return CLEAR
    values = known_values(step, answer.values, facts)
    hard = _verdict(step, Level.HARD, values, start)
    if answer.outcome is Outcome.UNREACHED:
        return _unless_decided(Verdict(level=Level.MD, reasons=(NOBODY_REACHED,)), decision)
    if answer.outcome is Outcome.NOT_APPLICABLE:
        return (
            hard if hard.stops and _hangs_on_facts(step, facts) else _not_applicable(step, answer, decision)
        )
    if hard.stops:
        return hard
    md = _verdict(step, Level.MD, values, start)
    if answer.outcome is Outcome.PROBLEM:
        md = Verdict(level=Level.MD, reasons=("problem reported", *md.reasons))
    return _unless_decided(md, decision)


def _hangs_on_facts(step: Step, facts: Values) -> bool:
    # what only facts decide is true of the patient, whoever says that the question does not apply
    known = {field.name for field in step.ask if field.known and facts.get(field.known) is not None}
    asked_here = {field.name for field in step.ask if not field.sets} - known
    return step.stops.hard is not None and names(step.stops.hard).isdisjoint(asked_here)


def _verdict(step: Step, level: Level, values: Values, start: date) -> Verdict:
    condition = step.stops.of(level)
    if condition is None or not holds(condition, values, start) or condition == ALWAYS:
        return CLEAR
    reasons = met(condition, values, start)
    return Verdict(level=level, reasons=reasons, first_allowed=first_allowed(condition, values, start))


def _not_applicable(step: Step, answer: Answer, decision: Decision | None) -> Verdict:
    if step.stops.level is Level.NONE or answer.role is Role.PHYSICIAN:
        return CLEAR
    return _unless_decided(Verdict(level=Level.MD, reasons=("said not to apply",)), decision)


def _unless_decided(verdict: Verdict, decision: Decision | None) -> Verdict:
    go = decision is not None and decision.choice is not Choice.POSTPONE
    return CLEAR if go and set(verdict.reasons) <= set(decision.covers if decision else ()) else verdict


def decided_by_answer(step: Step, answer: Answer, facts: Values, start: date) -> Decision | None:
    """Return the decision a physician took in the form itself, so that no card asks for it again."""
    given = {field.name: answer.values.get(field.name) for field in step.ask}
    chosen = [given[field.name] for field in step.ask if given[field.name] in field.decides]
    if Choice.POSTPONE in given.values() and judge(step, answer, facts, start).stops:
        chosen.append(Choice.POSTPONE)
    if answer.role is not Role.PHYSICIAN or not chosen:
        return None
    covers = _verdict(step, Level.MD, known_values(step, answer.values, facts), start).reasons
    wished = (choice for choice in (Choice.POSTPONE, Choice.MODIFY) if choice in chosen)
    choice = next(wished, Choice.PROCEED)
    return Decision(
        by=answer.by, at=answer.at, choice=choice, reason=answer.note or "chosen in the form", covers=covers
    )


def known_values(step: Step, answered: Values, facts: Values) -> dict[str, Value]:
    """Return what a stop is judged on: facts, then this step's answers; a fact that one set is today's."""
    values: dict[str, Value] = {**facts, **answered}
    for field in step.ask:
        for fact, mapping in field.sets.items():
            if field.name in answered or fact in facts:
                values[field.name] = _as_answered(values.get(field.name), facts.get(fact), mapping)
        if field.known:
            values[field.name] = _later(values.get(field.name), facts.get(field.known))
        if field.kind is FieldKind.RATIO and field.of:
            values[field.name] = _ratio(field, values)
    return values


def _later(answer: Value, known: Value) -> Value:
    # whoever answers may know of a session elsewhere, but cannot undo one that the case knows of
    if isinstance(answer, date) and isinstance(known, date):
        return max(answer, known)
    return known if answer is None else answer


def _as_answered(answer: Value, fact: Value, mapping: Mapping[str, str]) -> Value:
    if not mapping:
        return fact
    if isinstance(answer, str) and mapping.get(answer, fact) == fact:
        return answer
    return next((word for word, meaning in mapping.items() if meaning == fact), None)


def _ratio(field: Field, values: Values) -> Value:
    above, below = (values.get(name) for name in field.of or ())
    if not isinstance(above, int | float) or not isinstance(below, int | float) or not below:
        return None
    # fine enough that nothing above a limit is rounded down to it, coarse enough to forget how floats divide
    return round(above / below, 4)


def facts_set(step: Step, answered: Values) -> dict[str, Value]:
    """Return the facts that these answers set."""
    found: dict[str, Value] = {}
    for field in step.ask:
        for fact, mapping in field.sets.items():
            value = answered.get(field.name)
            if not mapping and field.name in answered:
                found[fact] = value
            elif isinstance(value, str) and value in mapping:
                found[fact] = mapping[value]
    return found
