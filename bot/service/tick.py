"""The tick: what is due is asked, once, and lands in the outbox in the same transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core import wording
from bot.core.case import Case, Task
from bot.core.due import (
    LISTS,
    STAGE,
    Place,
    Word,
    asked_person,
    goes_along,
    ladder_of,
    next_word_at,
    place_of,
    word_due,
)
from bot.core.outgoing import Change, Entry, Posting, Verb
from bot.core.people import Clinic
from bot.core.playbook import Playbook, Step
from bot.core.replies import Address
from bot.ports import Transaction
from bot.service.practice import SLIPPING, Practice, post_boards, redraw_all

#: How long one instance keeps a clinic's sweep to itself; a crashed one is replaced after that.
SWEEP = timedelta(seconds=30)
#: How often a board is drawn anew although nothing was written.
BOARD_EVERY = timedelta(minutes=5)
_KINDS = {Word.ASK: "asked", Word.REMIND: "reminded", Word.ESCALATE: "escalated"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Prompt:
    """One word about one task: on which card, and to whom; `person` "" is whoever reads the channel."""

    case: Case
    task: Task
    step: Step
    word: Word
    place: Place

    @property
    def stays(self) -> bool:
        """Say whether this is said on the card that asked before."""
        return self.word is not Word.ASK or (self.task.rung > 0 and self.place.kind not in LISTS)

    @property
    def once(self) -> str:
        """Name this word of this round for ever."""
        return f"{self.task.key}:{self.task.asking}:{self.task.rung}"


def tick(practice: Practice, *, holder: str = "tick", limit: int = 500) -> int:
    """Ask everything that is due in every clinic; return how many prompts went to the outbox."""
    return sum(_sweep(practice, clinic, holder, limit) for clinic in practice.clinics.values())


def _sweep(practice: Practice, clinic: Clinic, holder: str, limit: int) -> int:
    total, more = 0, True
    while more:
        now = practice.clock.now()
        with practice.store.writing() as tx:
            if not tx.lease(f"sweep:{clinic.id}", holder, now, SWEEP):
                break
            due = tx.due(clinic.id, now, limit + 1)
            more = len(due) > limit
            total += _ask(practice, tx, clinic, due[:limit], now)
            if not more:
                _check_boards(practice, tx, clinic, now)
    return total


def _check_boards(practice: Practice, tx: Transaction, clinic: Clinic, now: datetime) -> None:
    # time alone changes what a board says: while the clinic works it is drawn anew, and says when that was
    if clinic.calendar.is_open(clinic.calendar.day(now)):
        slot = int(now.timestamp() // BOARD_EVERY.total_seconds())
        for card in post_boards(practice, tx, clinic, now):
            tx.queue(card, Verb.DRAW, key=f"check:{card}:{slot}", at=now)


def _ask(practice: Practice, tx: Transaction, clinic: Clinic, due: Sequence[Task], now: datetime) -> int:
    cases = tx.cases({task.case for task in due})
    books = {code: practice.shelf.version(case.digest) for code, case in cases.items()}
    shadowed = {code for code, case in cases.items() if case.shadow}
    spoken = [task for task in due if task.case not in shadowed]
    prompts = [
        _prompt(cases[task.case], task, books[task.case].step(task.step), clinic, now)
        for task in (*spoken, *_along(tx, books, spoken))
    ]
    prompts = _where_they_stand(tx, prompts)
    said = list(_said(prompts, clinic, now))
    tx.change_all([*said, *_unsaid(cases, [task for task in due if task.case in shadowed], now)])
    # a word more changes the card that says it; the lists of other days look the same
    redraw_all(practice, tx, clinic, [(each.case, ()) for each in said], at=now)
    reminded = _standing_cards(tx, [prompt for prompt in prompts if prompt.word is Word.REMIND])
    _post(practice, tx, clinic, prompts, now)
    _remind(tx, reminded, now)
    _tell_manager(practice, tx, clinic, [p for p in prompts if p.word is Word.ESCALATE], now)
    return len(prompts)


def _along(tx: Transaction, books: Mapping[str, Playbook], due: Sequence[Task]) -> Iterator[Task]:
    steps = {task.key: books[task.case].step(task.step) for task in due}
    leading = defaultdict(list)
    for task in due:
        if not task.rung and steps[task.key].card not in LISTS:
            leading[task.case].append(task)
    latest = max((task.due for tasks in leading.values() for task in tasks), default=None)
    for task in tx.unasked(leading, latest + STAGE) if latest else ():
        step = books[task.case].step(task.step)
        goes = any(goes_along(task, step, other, steps[other.key]) for other in leading[task.case])
        if goes and task.key not in steps:
            yield task


def _prompt(case: Case, task: Task, step: Step, clinic: Clinic, now: datetime) -> Prompt:
    person = asked_person(task, step, case, clinic, now) or ""
    place = place_of(task, step, case.session(task.session), person, clinic, now)
    word = word_due(task, ladder_of(task, step, clinic))
    return Prompt(case=case, task=task, step=step, word=word, place=place)


def _where_they_stand(tx: Transaction, prompts: Sequence[Prompt]) -> list[Prompt]:
    # a reminder belongs in the thread of the card that asked, not on another one of the day
    again = tx.postings_of(prompt.task.key for prompt in prompts if prompt.stays)
    return [_where_it_stands(prompt, again.get(prompt.task.key, ())) for prompt in prompts]


def _where_it_stands(prompt: Prompt, postings: Sequence[Posting]) -> Prompt:
    place = prompt.place
    for posting in reversed(postings):
        if (posting.kind, posting.person) == (place.kind, place.person):
            return replace(prompt, place=replace(place, key=posting.key, day=posting.day))
    return prompt


def _said(prompts: Sequence[Prompt], clinic: Clinic, now: datetime) -> Iterator[Change]:
    by_case: dict[str, list[Prompt]] = defaultdict(list)
    for prompt in prompts:
        by_case[prompt.case.code].append(prompt)
    for its in by_case.values():
        words = sorted({_KINDS[prompt.word] for prompt in its})
        detail = {"asked": {prompt.task.key: prompt.place.person for prompt in its}}
        entry = Entry(kind=words[0], at=now, by="bookend", detail=detail)
        yield Change(case=its[0].case, tasks=[_spoken(prompt, clinic, now) for prompt in its], entry=entry)


def _spoken(prompt: Prompt, clinic: Clinic, now: datetime) -> Task:
    after = next_word_at(prompt.task, prompt.step, clinic, now)
    return replace(prompt.task, rung=prompt.task.rung + 1, next_prompt_at=after)


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
        address = practice.reached(clinic, its[0].place.person)
        if address is not None:
            new = tx.asked(card, [prompt.task for prompt in its], now)
            _put_on(tx, clinic, address, [prompt for prompt in its if prompt.task.key in new], now)


def _put_on(
    tx: Transaction, clinic: Clinic, address: Address, prompts: Sequence[Prompt], now: datetime
) -> None:
    for first in prompts[:1]:
        _stand(tx, clinic, first.place, address)
        tx.put_on(first.place.key, [prompt.task.key for prompt in prompts])
        tx.queue(first.place.key, Verb.DRAW, key=f"ask:{first.once}", at=now)


def _stand(tx: Transaction, clinic: Clinic, place: Place, address: Address) -> None:
    if tx.posting(place.key) is None:
        tx.post(
            Posting(
                key=place.key,
                clinic=clinic.id,
                kind=place.kind,
                to=address,
                person=place.person,
                case=place.case,
                session=place.session,
                day=place.day,
            )
        )


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


def _tell_manager(
    practice: Practice, tx: Transaction, clinic: Clinic, slipped: Sequence[Prompt], now: datetime
) -> None:
    manager = practice.manager(clinic, now) or ""
    address = practice.reached(clinic, manager)
    if not slipped or address is None:
        return
    day = clinic.calendar.day(now)
    key = f"{SLIPPING}:{clinic.id}:{day}:{manager or 'channel'}"
    told_before = tx.posting(key) is not None
    _stand(tx, clinic, Place(key=key, kind=SLIPPING, person=manager, day=day), address)
    tx.put_on(key, [prompt.task.key for prompt in slipped])
    tx.queue(key, Verb.DRAW, key=f"slip:{slipped[0].once}", at=now)
    if told_before:
        text = f"Still open: {'; '.join(dict.fromkeys(_who_owes(clinic, each) for each in slipped))}."
        tx.queue(key, Verb.NUDGE, key=f"slipnudge:{slipped[0].once}", at=now, text=text)


def _who_owes(clinic: Clinic, prompt: Prompt) -> str:
    who = wording.person_name(clinic, prompt.place.person)
    return f"{prompt.step.title}, {prompt.task.case}, {who}"
