"""The tick: what is due is asked, once, and lands in the outbox in the same transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core import wording
from bot.core.case import Task
from bot.core.course import Course
from bot.core.due import (
    LISTS,
    Place,
    Word,
    asked_person,
    goes_along,
    ladder_of,
    next_word_at,
    place_of,
    word_due,
)
from bot.core.people import Clinic
from bot.core.replies import Address
from bot.ports import Entry, Posting, Transaction, Verb
from bot.service.practice import SLIPPING, Practice, post_boards, redraw

#: How long one instance keeps a clinic's sweep to itself; a crashed one is replaced after that.
SWEEP = timedelta(seconds=30)
#: How often a board is drawn anew although nothing was written.
BOARD_EVERY = timedelta(minutes=5)
_KINDS = {Word.ASK: "asked", Word.REMIND: "reminded", Word.ESCALATE: "escalated"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Prompt:
    """One word about one task: on which card, and to whom; `person` "" is whoever reads the channel."""

    task: Task
    title: str
    word: Word
    place: Place

    @property
    def once(self) -> str:
        """Name this word of this round for ever."""
        return f"{self.task.key}:{self.task.asking}:{self.task.rung}"


def tick(practice: Practice, *, holder: str = "tick", limit: int = 500) -> int:
    """Ask everything that is due in every clinic; return how many prompts went to the outbox."""
    return sum(_sweep(practice, clinic, holder, limit) for clinic in practice.clinics.values())


def _sweep(practice: Practice, clinic: Clinic, holder: str, limit: int) -> int:
    total = 0
    while True:
        now = practice.clock.now()
        with practice.store.writing() as tx:
            if not tx.lease(f"sweep:{clinic.id}", holder, now, SWEEP):
                return total
            _check_boards(practice, tx, clinic, now)
            due = tx.due(clinic.id, now, limit)
            total += _ask(practice, tx, clinic, due, now)
        if len(due) < limit:
            return total


def _check_boards(practice: Practice, tx: Transaction, clinic: Clinic, now: datetime) -> None:
    # time alone changes what a board says: it is drawn anew while the clinic works, and says when it was
    # checked
    if clinic.calendar.is_open(clinic.calendar.day(now)):
        slot = int(now.timestamp() // BOARD_EVERY.total_seconds())
        for card in post_boards(practice, tx, clinic, now):
            tx.queue(card, Verb.DRAW, key=f"check:{card}:{slot}", at=now)


def _ask(practice: Practice, tx: Transaction, clinic: Clinic, due: Sequence[Task], now: datetime) -> int:
    by_case: dict[str, list[Task]] = defaultdict(list)
    for task in due:
        by_case[task.case].append(task)
    prompts: list[Prompt] = []
    for code, tasks in by_case.items():
        course = practice.course(tx, code)
        if practice.in_shadow(course.playbook):
            _shadow(tx, course, tasks, now)
            continue
        mine = [_where_it_stands(tx, prompt) for prompt in _prompts(course, tasks, clinic, now)]
        _record(practice, tx, course, clinic, mine, now)
        prompts += mine
    standing = {prompt.place.key for prompt in prompts if tx.posting(prompt.place.key) is not None}
    for prompt in prompts:
        _post(practice, tx, clinic, prompt, now)
    _remind(tx, [prompt for prompt in prompts if prompt.place.key in standing], now)
    _tell_manager(practice, tx, clinic, [p for p in prompts if p.word is Word.ESCALATE], now)
    return len(prompts)


def _shadow(tx: Transaction, course: Course, due: Sequence[Task], now: datetime) -> None:
    # planned and shown, nobody is asked; written down, so that it can be said later why
    silent = [replace(task, next_prompt_at=None) for task in due]
    detail = {"unsigned": course.playbook.id, "not_asked": [task.key for task in due]}
    tx.change(course.case, silent, Entry(kind="shadowed", at=now, by="bookend", detail=detail))


def _prompts(course: Course, due: Sequence[Task], clinic: Clinic, now: datetime) -> Iterator[Prompt]:
    along = [
        task
        for task in course.tasks
        if task not in due
        and any(
            goes_along(task, course.step(task), other, course.step(other)) for other in due if not other.rung
        )
    ]
    for task in (*due, *along):
        step = course.step(task)
        word = word_due(task, ladder_of(task, step, clinic))
        person = asked_person(task, step, course.case, clinic, now) or ""
        place = place_of(task, step, course.case.session(task.session), person, clinic, now)
        yield Prompt(task=task, title=step.title, word=word, place=place)


def _where_it_stands(tx: Transaction, prompt: Prompt) -> Prompt:
    # a reminder belongs in the thread of the card that asked, not on another one of the day
    place = prompt.place
    if prompt.word is Word.ASK and (not prompt.task.rung or place.kind in LISTS):
        return prompt
    for posting in reversed(tx.postings_of(prompt.task.key)):
        if (posting.kind, posting.person) == (place.kind, place.person):
            return replace(prompt, place=replace(place, key=posting.key, day=posting.day))
    return prompt


def _record(
    practice: Practice,
    tx: Transaction,
    course: Course,
    clinic: Clinic,
    prompts: Sequence[Prompt],
    now: datetime,
) -> None:
    said = []
    for prompt in prompts:
        step = course.step(prompt.task)
        after = next_word_at(prompt.task, step, clinic, now)
        said.append(replace(prompt.task, rung=prompt.task.rung + 1, next_prompt_at=after))
    asked = {prompt.task.key: prompt.place.person for prompt in prompts}
    words = sorted({_KINDS[prompt.word] for prompt in prompts})
    if said:
        tx.change(course.case, said, Entry(kind=words[0], at=now, by="bookend", detail={"asked": asked}))
        redraw(practice, tx, course.case, said, at=now)


def _post(practice: Practice, tx: Transaction, clinic: Clinic, prompt: Prompt, now: datetime) -> None:
    place = prompt.place
    address = _reached(practice, clinic, place.person)
    if address is None or not tx.asked(prompt.task.key, prompt.task.asking, prompt.task.rung, place.key, now):
        return
    _stand(tx, clinic, place, address)
    tx.put_on(place.key, [prompt.task.key])
    tx.queue(place.key, Verb.DRAW, key=f"ask:{prompt.once}", at=now)


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


def _remind(tx: Transaction, prompts: Sequence[Prompt], now: datetime) -> None:
    # one nudge per card, never per line
    late: dict[str, list[str]] = defaultdict(list)
    for prompt in prompts:
        if prompt.word is Word.REMIND:
            late[prompt.place.key].append(prompt.title)
    for card, titles in late.items():
        some = ", ".join(dict.fromkeys(titles[:3])) + (" and more" if len(titles) > 3 else "")
        tx.queue(card, Verb.NUDGE, key=f"nudge:{card}:{now.isoformat()}", at=now, text=f"Still open: {some}.")


def _tell_manager(
    practice: Practice, tx: Transaction, clinic: Clinic, slipped: Sequence[Prompt], now: datetime
) -> None:
    manager = practice.manager(clinic, now) or ""
    address = _reached(practice, clinic, manager)
    if not slipped or address is None:
        return
    day = clinic.calendar.day(now)
    key = f"{SLIPPING}:{clinic.id}:{day}:{manager or 'channel'}"
    told_before = tx.posting(key) is not None
    _stand(tx, clinic, Place(key=key, kind=SLIPPING, person=manager, day=day), address)
    tx.put_on(key, [prompt.task.key for prompt in slipped])
    tx.queue(key, Verb.DRAW, key=f"slip:{slipped[0].once}", at=now)
    if told_before:
        text = f"No answer yet: {'; '.join(dict.fromkeys(_who_owes(clinic, each) for each in slipped))}."
        tx.queue(key, Verb.NUDGE, key=f"slipnudge:{slipped[0].once}", at=now, text=text)


def _who_owes(clinic: Clinic, prompt: Prompt) -> str:
    who = wording.person_name(clinic, prompt.place.person)
    return f"{who}, {prompt.task.case}"


def _reached(practice: Practice, clinic: Clinic, person: str) -> Address | None:
    return (practice.address(clinic, person) if person else None) or _channel(practice, clinic)


def _channel(practice: Practice, clinic: Clinic) -> Address | None:
    for platform in practice.platforms:
        channels = clinic.channels.get(platform, {})
        channel = channels.get("escalations") or channels.get("board")
        if channel:
            return Address(platform=platform, channel=channel)
    return None
