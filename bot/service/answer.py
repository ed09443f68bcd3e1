"""Answer: one person's reply is kept for good and becomes the task's next state, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.core import changes, wording
from bot.core.case import WITHOUT_ANSWERS, Answer, Choice, Decision, Outcome, Task, TaskStatus
from bot.core.conditions import Values, shown
from bot.core.course import Course
from bot.core.errors import NotAllowed, Refused, Settled
from bot.core.kinds import Catch, Gate, Level
from bot.core.moving import moved_words
from bot.core.outgoing import Entry
from bot.core.people import Clinic, Person, Role
from bot.core.permissions import Deed, answering, require
from bot.core.playbook import NEW_DATE, Step
from bot.core.readiness import Ready, readiness
from bot.core.second import awaits_second, mismatch
from bot.core.sessions import spacing
from bot.core.stops import Verdict, facts_set
from bot.core.watch import second_thought
from bot.ports import Reading, Transaction
from bot.service import sharing
from bot.service.cases import on_hold
from bot.service.facts import news_of
from bot.service.held import held_words
from bot.service.practice import Practice, keep
from bot.service.reaching import channel_of, may_try, tell_of_attempt
from bot.service.second import first_taken_back, may_check, tell_of_second
from bot.service.withdrawn import why_gone

#: How long a person may take back their own answer.
UNDO = timedelta(minutes=10)


@dataclass(frozen=True, kw_only=True, slots=True)
class Given:
    """What a person says of one task; `asking` is the round they saw, 0 for the present one."""

    task: str
    outcome: Outcome = Outcome.CONFIRMED
    values: Values | None = None
    note: str = ""
    asking: int = 0
    together: bool = False
    caught: Catch | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """What became of an answer: the task and its case as they are now, what stops, the news of the plan, a
    doubt. `said` is how the answer itself is named.
    """

    task: Task
    course: Course
    title: str
    verdict: Verdict
    news: tuple[str, ...]
    doubt: str = ""
    said: str = ""


def give(
    practice: Practice,
    tx: Transaction,
    clinic: Clinic,
    person: Person,
    given: Given,
    *,
    gates: bool = True,
) -> Taken:
    """Take one answer; `gates` False lets a rehearsal answer a readiness step whatever else is open."""
    now = practice.clock.now()
    task = tx.task(given.task)
    before = practice.course(tx, task.case)
    step = before.step(task)
    answer = _said_by(person, before, task, given, clinic, now)
    _still_asked(tx, before, task, given, clinic, now)
    may_try(step, answer, scripted=not gates)
    if gates:
        gate_open(tx, before, task, given)
    after = changes.renewed(changes.answered(before, task, answer, now=now), now=now)
    after, news = _with_news(practice, tx, before, after, task)
    tx.answered(task.key, answer)
    entry = Entry(kind="answered", at=now, by=person.id, detail=answer_detail(before, task, answer, news))
    keep(practice, tx, before, after, entry, also=[task])
    kept = after.task(task.step, task.session, task.occurrence) or task
    news += (*tell_of_second(practice, tx, after, kept), *tell_of_attempt(after, kept, answer, now))
    sharing.pass_on(practice, tx, clinic, after, kept)
    doubt = second_thought(after, kept, now)
    differs = kept.first is not None and mismatch(step, kept)
    said = "your answer is kept" if differs else wording.outcome_words(answer)
    return Taken(
        task=kept,
        course=after,
        title=step.title,
        verdict=after.verdict(kept),
        news=news,
        doubt=doubt,
        said=said,
    )


def _said_by(
    person: Person, course: Course, task: Task, given: Given, clinic: Clinic, now: datetime
) -> Answer:
    step = course.step(task)
    role = answering(person, step.role, step.title, clinic, now)
    may_check(person, task, step, clinic, now)
    return Answer(
        by=person.id,
        role=role,
        at=now,
        outcome=given.outcome,
        values=channel_of(given.note) if given.outcome is Outcome.UNREACHED else dict(given.values or {}),
        note=given.note.strip(),
        together=given.together,
        caught=given.caught,
    )


def _with_news(
    practice: Practice, tx: Transaction, before: Course, after: Course, task: Task
) -> tuple[Course, tuple[str, ...]]:
    if task.step != NEW_DATE.id or before.case.sessions == after.case.sessions:
        return after, news_of(before, after)
    after = on_hold(practice, tx, after)
    return after, (*moved_words(before, after, task.session), *held_words(after.case), *spacing(after))


def answer_detail(before: Course, task: Task, answer: Answer, news: Sequence[str]) -> dict[str, Any]:
    """Return what a line of history keeps of an answer, with what the facts it sets were before."""
    detail = {"task": task.key, "outcome": answer.outcome.value, "note": answer.note, "news": list(news)}
    detail |= {"caught": answer.caught.value} if answer.caught else {}
    was = {fact: before.case.facts.get(fact) for fact in facts_set(before.step(task), answer.values)}
    return detail | ({"was": was} if was else {})


def _still_asked(
    reading: Reading, course: Course, task: Task, given: Given, clinic: Clinic, now: datetime
) -> None:
    title = course.step(task).title
    if task.status is TaskStatus.VOID:
        why = why_gone(reading, course, task)
        raise Settled(f"{title} is not asked any more: {why}. Nothing was changed.")
    stale = given.asking not in (0, task.asking)
    # a form opened before somebody found a stop must not wave the stop away
    if task.answer is not None and (stale or task.status is TaskStatus.DONE):
        raise Settled(f"{title}: {wording.answer_words(task.answer, clinic, now)}. Nothing was changed.")
    if stale:
        due = wording.when(task.due, now, clinic.calendar)
        raise Settled(f"{title} was asked anew since you opened it (now due {due}). Please look again.")


def gate_open(reading: Reading, course: Course, task: Task, given: Given) -> None:
    """Raise Refused where a step that is a gate would be passed although something before it is open, or
    where words take the place of an answer that is a hard stop.
    """
    step = course.step(task)
    stopped = task.status is TaskStatus.BLOCKED and course.verdict(task).level is Level.HARD
    if stopped and given.outcome in WITHOUT_ANSWERS:
        # said instead of the answer that stops, it would leave a stop that has a go-ahead, or none
        raise Refused(f"{step.title} is a hard stop: postpone, or correct the answer. Nothing was recorded.")
    # a step that is a gate itself cannot be passed while something it guards is open; saying no always can be
    if step.gate and not _says_no(course, task, given):
        _passed(reading, course, task, step)


def _passed(reading: Reading, course: Course, task: Task, step: Step) -> None:
    overrides = reading.overrides([task.case])[task.case]
    found = readiness(Gate(step.gate), course, course.case.session(task.session), overrides)
    if found.held:
        raise Refused(f"Not yet: held, {found.held}. Nothing was recorded.")
    open_items = [blocker.title for blocker in found.blockers if blocker.task.key != task.key]
    if open_items and found.state is Ready.NOT_READY:
        raise Refused(f"Not yet: {wording.few(open_items)} first. Nothing was recorded.")


def _says_no(course: Course, task: Task, given: Given) -> bool:
    # a physician's "not applicable" stands: a gate that does not apply would be one that is passed
    if given.outcome in WITHOUT_ANSWERS and given.outcome is not Outcome.NOT_APPLICABLE:
        return True
    answer = Answer(by="", role=Role.PHYSICIAN, at=task.due, outcome=given.outcome, values=given.values or {})
    return course.verdict(replace(task, answer=answer, decision=None)).stops


def decide(
    practice: Practice,
    tx: Transaction,
    person: Person,
    task_key: str,
    choice: Choice,
    reason: str,
    *,
    asking: int = 0,
    gates: bool = True,
) -> tuple[Course, Task]:
    """Take a physician's word on a stop; `asking` is the round they saw, 0 for the present one; `gates` is
    as for an answer.
    """
    now = practice.clock.now()
    task = tx.task(task_key)
    before = practice.course(tx, task.case)
    require(person, Deed.DECIDE, practice.clinic_of(before.case), now)
    if not reason.strip():
        raise Refused("Please give a reason; it stays with the decision.")
    if asking not in (0, task.asking):
        title = before.step(task).title
        raise Settled(f"{title} has changed since you opened it; nothing was decided. Please look again.")
    if before.step(task).gate and choice is not Choice.POSTPONE and gates:
        _passed(tx, before, task, before.step(task))
    decision = Decision(by=person.id, at=now, choice=choice, reason=reason.strip())
    after = changes.decided(before, task, decision, now=now)
    detail = {"task": task.key, "choice": choice.value, "reason": decision.reason}
    keep(practice, tx, before, after, Entry(kind="decided", at=now, by=person.id, detail=detail), also=[task])
    return after, after.task(task.step, task.session, task.occurrence) or task


def undo(practice: Practice, tx: Transaction, person: Person, task_key: str) -> Task:
    """Take back one's own answer within ten minutes; later only a correction (`amend`) can change it."""
    now = practice.clock.now()
    task = tx.task(task_key)
    before = practice.course(tx, task.case)
    _may_take_back(task, person, now)
    if awaits_second(task):
        return first_taken_back(practice, tx, person, before, task)
    known = known_before(tx.history(task.case), before, task)
    after = changes.fact_set(changes.undone(before, task, now=now), known, now=now)
    detail = {"task": task.key, "news": list(news_of(before, after))}
    entry = Entry(kind="undone", at=now, by=person.id, detail=detail)
    keep(practice, tx, before, after, entry, also=[task])
    sharing.taken_back(practice, tx, practice.clinic_of(before.case), task)
    return task


def _may_take_back(task: Task, person: Person, now: datetime) -> None:
    answer = task.first if awaits_second(task) else task.answer
    if answer is None or task.status is TaskStatus.VOID:
        raise Settled("There is no answer to take back; nothing was changed.")
    if answer.amends is not None:
        raise Settled("This was a correction, so it stays. Correct it again with `amend` instead.")
    if answer.by != person.id:
        raise NotAllowed("Only the person who answered can take it back. Nothing was changed.")
    if now - answer.at > UNDO:
        raise Settled("That was more than ten minutes ago, so it stays. Nothing was changed.")


def known_before(history: Sequence[Entry], course: Course, task: Task) -> Values:
    """Return what the facts were that a task's answer made known; what somebody changed since then stays."""
    given = [each for each in history if each.kind in ("answered", "amended")]
    answers = [each for each in given if each.detail.get("task") == task.key]
    was: Values = answers[-1].detail.get("was", {}) if answers else {}
    made_known = facts_set(course.step(task), task.answer.values if task.answer else {})
    return {
        fact: value
        for fact, value in was.items()
        if course.case.facts.get(fact) == made_known.get(fact) and len(course.case.said.get(fact, ())) < 2
    }


def last_answered(tasks: Sequence[Task], person: str) -> Task | None:
    """Return the task that a person answered last among these."""
    given = [(task.answer or task.first, task) for task in tasks]
    mine = [(answer.at, task.key, task) for answer, task in given if answer and answer.by == person]
    return max(mine)[2] if mine else None


def taken_words(taken: Sequence[Taken]) -> tuple[str, ...]:
    """Echo what was understood, in one short line each."""
    lines: list[str] = []
    for each in taken:
        verdict = each.verdict
        lines.append(f"{wording.of(each.title, each.said.lower())} · {each.task.case}")
        if verdict.stops:
            first = verdict.first_allowed
            allowed = f" First date allowed: {shown(first)}." if first else ""
            words = wording.reason_words(verdict.reasons)
            lines.append(
                f"{wording.LEVELS[verdict.level].capitalize()}: {words}.{allowed} The physician is told."
            )
        lines += [*filter(None, [each.doubt]), *each.news]
    return tuple(dict.fromkeys(lines))
