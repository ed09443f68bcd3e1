"""The tick: what is due is asked, once, and lands in the outbox in the same transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.core.asking import asked_role, waits_until
from bot.core.case import Case, Task
from bot.core.course import Course
from bot.core.due import DECISION, Word, ladder_of, next_word_at
from bot.core.happened import Happened, Kind
from bot.core.moments import reminded_from
from bot.core.outgoing import Change, Entry, Verb
from bot.core.people import Clinic
from bot.core.replies import Address
from bot.ports import Transaction
from bot.service.adding import carry_on, is_behind
from bot.service.asked_all import ASK_ALL
from bot.service.covering import watch_coverage
from bot.service.huddle import keep_boards
from bot.service.moments import ask_moments
from bot.service.practice import Practice, redraw_all
from bot.service.prompts import Prompt, prompts_for
from bot.service.quiet import sort
from bot.service.rooms import DUTIES, RUNNING
from bot.service.sharing import SHARED, answered_before
from bot.service.shifts import end_shifts
from bot.service.telling import page, stand, tell_of_silence
from bot.service.weekly import post_weekly

#: How long one instance may keep a clinic's sweep to itself; one that crashed in it is replaced after that.
SWEEP = timedelta(seconds=30)
#: What a sweep looks up of what is arranged, in one question.
_KEPT = (ASK_ALL, SHARED, DUTIES, RUNNING)
_KINDS = {Word.ASK: "asked", Word.REMIND: "reminded", Word.ESCALATE: "escalated"}


def tick(practice: Practice, *, holder: str = "tick", limit: int = 500, thorough: bool = True) -> int:
    """Ask everything that is due in every clinic; return how many prompts went to the outbox.

    Only a `thorough` sweep looks besides at all that is booked, and at the week that was: that can wait for a
    minute, and whoever presses must not wait for it.
    """
    return sum(_sweep(practice, clinic, holder, limit, thorough) for clinic in practice.clinics.values())


def _sweep(practice: Practice, clinic: Clinic, holder: str, limit: int, thorough: bool) -> int:
    total, more, caught_up, lease = 0, True, False, f"sweep:{clinic.id}"
    while more:
        now = practice.clock.now()
        with practice.store.writing() as tx:
            if not tx.lease(lease, holder, now, SWEEP):
                return total
            tx.arrangements(clinic.id, *_KEPT)
            behind, asked = not caught_up and is_behind(tx, clinic), 0
            if not behind:
                asked, more = _look(practice, tx, clinic, now, limit, thorough)
                total += asked
        caught_up = True
        if asked:
            practice.meter.note(Happened(kind=Kind.ASKED, clinic=clinic.id, number=asked))
        if behind:
            carry_on(practice, clinic)
        elif thorough and not asked:
            # a look at all that is booked: after a sweep that keeps nobody waiting
            watch_coverage(practice, clinic, now)
    with practice.store.writing() as tx:
        # whichever instance hears the next answer sweeps at once, even when this one was killed by then
        tx.lease(lease, holder, practice.clock.now(), timedelta())
    return total


def _look(
    practice: Practice, tx: Transaction, clinic: Clinic, now: datetime, limit: int, thorough: bool
) -> tuple[int, bool]:
    """Ask what is due now; return how many prompts that was, and whether more is due."""
    end_shifts(practice, tx, clinic, now)
    total = ask_moments(practice, tx, clinic, now, limit)
    due = tx.due(clinic.id, now, limit + 1)
    more = len(due) > limit
    total += _ask(practice, tx, clinic, due[:limit], now)
    if not more:
        keep_boards(practice, tx, clinic, now)
    if thorough and not more:
        post_weekly(practice, tx, clinic, now, busy=bool(due))
    return total, more


def _ask(practice: Practice, tx: Transaction, clinic: Clinic, due: Sequence[Task], now: datetime) -> int:
    told = answered_before(practice, tx, clinic, due)
    due = [task for task in due if task.key not in told]
    cases = tx.cases({task.case for task in due})
    courses = {code: practice.course_of(case, ()) for code, case in cases.items()}
    spoken = [task for task in due if not cases[task.case].shadow]
    later = _waiting(courses, clinic, spoken, now)
    keys = {task.key for task in later}
    wished = prompts_for(tx, clinic, courses, [task for task in spoken if task.key not in keys], now)
    quiet = sort(tx, clinic, wished, courses, now)
    prompts, waiting = quiet.said, [*later, *quiet.held]
    said = list(_said(cases, prompts, waiting, clinic, now))
    tx.change_all([*said, *_unsaid(cases, [task for task in due if cases[task.case].shadow], now)])
    # a word more changes the card that says it, and the one it was on before; other lists look the same
    changed = _looks_new(prompts)
    redraw_all(practice, tx, clinic, [(each.case, changed[each.case.code]) for each in said], at=now)
    reminded = _standing_cards(tx, [prompt for prompt in prompts if _is_said_again(prompt)])
    _post(practice, tx, clinic, prompts, now)
    _remind(tx, {card: late for card, late in reminded.items() if card not in quiet.silent}, now)
    page(practice, tx, clinic, prompts, now)
    tell_of_silence(practice, tx, clinic, prompts, now)
    return len(prompts) + len(waiting) + len(told)


def _is_said_again(prompt: Prompt) -> bool:
    # a page that begins again is heard again
    return prompt.word is Word.REMIND or (prompt.word is Word.ASK and prompt.task.rung > 0 and prompt.paged)


def _looks_new(prompts: Sequence[Prompt]) -> Mapping[str, Sequence[Task]]:
    # a decision that was reminded of can be taken on: its card offers it from then on
    changed: dict[str, list[Task]] = defaultdict(list)
    for each in prompts:
        if each.left or each.place.kind == DECISION:
            changed[each.case.code].append(each.task)
    return changed


def _waiting(courses: Mapping[str, Course], clinic: Clinic, due: Sequence[Task], now: datetime) -> list[Task]:
    """Return what waits for somebody who comes on duty later today, or for the patient, with that moment."""

    def until(task: Task) -> datetime | None:
        course = courses[task.case]
        return reminded_from(course, task, now) or waits_until(task, course.step(task), clinic, now)

    found = ((task, until(task)) for task in due)
    return [replace(task, next_prompt_at=moment) for task, moment in found if moment is not None]


def _said(
    cases: Mapping[str, Case],
    prompts: Sequence[Prompt],
    waiting: Sequence[Task],
    clinic: Clinic,
    now: datetime,
) -> Iterator[Change]:
    said: dict[str, list[Prompt]] = defaultdict(list)
    later: dict[str, list[Task]] = defaultdict(list)
    for prompt in prompts:
        said[prompt.case.code].append(prompt)
    for task in waiting:
        later[task.case].append(task)
    for code in (*said, *(later.keys() - said.keys())):
        its = said.get(code, [])
        words = sorted({_KINDS[prompt.word] for prompt in its}) or ["waits"]
        detail = {"asked": {prompt.task.key: prompt.place.person for prompt in its}} if its else {}
        entry = Entry(kind=words[0], at=now, by="bookend", detail=detail)
        tasks = [*(_spoken(prompt, clinic, now) for prompt in its), *later.get(code, ())]
        yield Change(case=cases[code], tasks=tasks, entry=entry)


def _spoken(prompt: Prompt, clinic: Clinic, now: datetime) -> Task:
    task, step = prompt.task, prompt.step
    # what was promised or put off was so for one round
    anew = prompt.word is Word.ASK
    return replace(
        task,
        rung=task.rung + 1,
        next_prompt_at=next_word_at(task, step, clinic, now, paging=prompt.paged),
        ladder=ladder_of(task, step, clinic),
        held=None,
        acknowledged=None if anew else task.acknowledged,
        snoozed=not anew and task.snoozed,
    )


def _unsaid(cases: Mapping[str, Case], due: Sequence[Task], now: datetime) -> Iterator[Change]:
    # planned and shown, nobody is asked; written down, so that it can be said later why
    for code in dict.fromkeys(task.case for task in due):
        silent = [replace(task, next_prompt_at=None) for task in due if task.case == code]
        detail = {"unsigned": cases[code].playbook, "not_asked": [task.key for task in silent]}
        entry = Entry(kind="shadowed", at=now, by="bookend", detail=detail)
        yield Change(case=cases[code], tasks=silent, entry=entry)


def _post(
    practice: Practice, tx: Transaction, clinic: Clinic, prompts: Sequence[Prompt], now: datetime
) -> None:
    by_card: dict[str, list[Prompt]] = defaultdict(list)
    for prompt in prompts:
        by_card[prompt.place.key].append(prompt)
    for card, its in by_card.items():
        first = its[0]
        address = practice.reached(clinic, first.place.person, asked_role(first.task, first.step))
        if address is not None:
            # what one press released stands in the order of the day
            its.sort(key=lambda prompt: prompt.task.due)
            new = tx.asked(card, [prompt.task for prompt in its], now)
            _put_on(tx, clinic, address, [prompt for prompt in its if prompt.task.key in new], now)


def _put_on(
    tx: Transaction, clinic: Clinic, address: Address, prompts: Sequence[Prompt], now: datetime
) -> None:
    for first in prompts[:1]:
        stand(tx, clinic, first.place, address)
        tx.put_on(first.place.key, [prompt.task.key for prompt in prompts])
        tx.queue(first.place.key, Verb.DRAW, key=f"ask:{first.once}", at=now)


def _standing_cards(tx: Transaction, prompts: Sequence[Prompt]) -> dict[str, dict[str, list[str]]]:
    """Return the cards that stand already and have reminders to give: case code -> the titles of what is
    late.
    """
    late: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for prompt in prompts:
        late[prompt.place.key][prompt.task.case].append(prompt.step.title)
    return {card: titles for card, titles in late.items() if tx.posting(card) is not None}


def _remind(tx: Transaction, late: Mapping[str, Mapping[str, Sequence[str]]], now: datetime) -> None:
    # one nudge per card, never per line; it names the case, because it may be read without its card
    for card, cases in late.items():
        some = "; ".join(f"{_some(titles)} · {code}" for code, titles in cases.items())
        tx.queue(card, Verb.NUDGE, key=f"nudge:{card}:{now.isoformat()}", at=now, text=f"Still open: {some}.")


def _some(titles: Sequence[str]) -> str:
    return ", ".join(dict.fromkeys(titles[:3])) + (" and more" if len(titles) > 3 else "")
