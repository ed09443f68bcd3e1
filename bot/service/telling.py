"""Telling others: the role's lead or the manager of what nobody answered, and the next person paged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.core import wording
from bot.core.asking import asked_role, pages, told_of
from bot.core.due import Place, Word, ladder_of, place_of
from bot.core.outgoing import Posting, Verb
from bot.core.people import Clinic
from bot.core.replies import Address
from bot.ports import Transaction
from bot.service.practice import Practice
from bot.service.prompts import Prompt
from bot.service.slipping import SLIPPING, by_danger, rings

#: How long one ring speaks for a patient.
QUARTER = timedelta(minutes=15)


def stand(tx: Transaction, clinic: Clinic, place: Place, address: Address) -> bool:
    """Give a card its place in the world; return whether it had one."""
    if tx.posting(place.key) is not None:
        return True
    posting = Posting(
        key=place.key,
        clinic=clinic.id,
        kind=place.kind,
        to=address,
        person=place.person,
        case=place.case,
        session=place.session,
        day=place.day,
    )
    tx.post(posting)
    return False


def tell_of_silence(
    practice: Practice, tx: Transaction, clinic: Clinic, prompts: Sequence[Prompt], now: datetime
) -> None:
    """Tell the role's lead or the manager what nobody answered, on one card a day each."""
    slipped: dict[str, list[Prompt]] = defaultdict(list)
    for prompt in prompts:
        if prompt.word is Word.ESCALATE:
            hears = told_of(prompt.task, prompt.step, prompt.place.person, clinic, now)
            slipped[hears or ""].append(prompt)
    for person, its in slipped.items():
        _tell(practice, tx, clinic, person, its, now)


def _tell(
    practice: Practice,
    tx: Transaction,
    clinic: Clinic,
    person: str,
    slipped: Sequence[Prompt],
    now: datetime,
) -> None:
    address = practice.reached(clinic, person)
    if address is None:
        return
    day = clinic.calendar.day(now)
    key = f"{SLIPPING}:{clinic.id}:{day}:{person or 'channel'}"
    told_before = stand(tx, clinic, Place(key=key, kind=SLIPPING, person=person, day=day), address)
    stood = set(tx.lines(key))
    worst_first = sorted(slipped, key=lambda each: by_danger(each.case, each.step, each.task))
    tx.put_on(key, [prompt.task.key for prompt in worst_first])
    tx.queue(key, Verb.DRAW, key=f"slip:{slipped[0].once}", at=now)
    # what stood there already has rung once today; its next round is only drawn
    slipped = [prompt for prompt in slipped if prompt.task.key not in stood]
    if told_before and slipped:
        alone = [each for each in slipped if not rings(each.task, each.step, clinic, now)]
        first = (alone or slipped)[0]
        once = rings(first.task, first.step, clinic, now) or _one_ring(first, now)
        owed = list(dict.fromkeys(_who_owes(clinic, each) for each in (*alone, *slipped)))
        more = f"; and {len(owed) - 3} more" if len(owed) > 3 else ""
        text = f"Still open: {'; '.join(owed[:3])}{more}."
        tx.queue(key, Verb.NUDGE, key=f"slipnudge:{key}:{once}", at=now, text=text)


def _one_ring(prompt: Prompt, now: datetime) -> str:
    # what slips of one patient within a quarter of an hour rings once; the card shows all of it
    return f"{prompt.task.case}:{int(now.timestamp() // QUARTER.total_seconds())}"


def _who_owes(clinic: Clinic, prompt: Prompt) -> str:
    who = wording.person_name(clinic, prompt.place.person)
    return f"{prompt.step.title}, {prompt.task.case}, {who}"


def page(
    practice: Practice, tx: Transaction, clinic: Clinic, prompts: Sequence[Prompt], now: datetime
) -> None:
    """Page one person more at each word of an urgent complication, each on a card of their own."""
    for prompt in prompts:
        if prompt.paged and prompt.task.rung and prompt.word is not Word.ESCALATE:
            for person in _next_of(prompt, clinic, now):
                _page(practice, tx, clinic, prompt, person, now)


def _next_of(prompt: Prompt, clinic: Clinic, now: datetime) -> list[str]:
    task, step = prompt.task, prompt.step
    reached = task.rung + 1 if task.rung <= len(ladder_of(task, step, clinic)) else None
    everybody = pages(task, step, prompt.case, clinic, now)[:reached]
    return [person for person in everybody if person != prompt.place.person]


def _page(
    practice: Practice, tx: Transaction, clinic: Clinic, prompt: Prompt, person: str, now: datetime
) -> None:
    address = practice.address(clinic, person)
    if address is None:
        return
    session = prompt.case.session(prompt.task.session)
    place = place_of(prompt.task, prompt.step, session, person, clinic, now)
    stood = stand(tx, clinic, place, address) and prompt.task.key in tx.lines(place.key)
    tx.put_on(place.key, [prompt.task.key])
    tx.queue(place.key, Verb.DRAW, key=f"page:{prompt.once}:{person}", at=now)
    if stood:
        role = wording.ROLES[asked_role(prompt.task, prompt.step)]
        text = f"Nobody has taken it yet: {prompt.step.title} · {prompt.task.case}, for {role}."
        tx.queue(place.key, Verb.NUDGE, key=f"pagenudge:{place.key}:{now.isoformat()}", at=now, text=text)
