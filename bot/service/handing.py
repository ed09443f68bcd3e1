"""Hand-off: what waits for somebody is offered to a colleague, who accepts or declines.

Until it is accepted it stays with the giver, reminders and all. What was answered or asked anew meanwhile is
not handed over. Accepted, it is asked of the taker like anything new, and the giver's card says who has it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.core import wording
from bot.core.actions import Action, Button
from bot.core.asking import asked_role
from bot.core.case import Task
from bot.core.course import Course
from bot.core.errors import NotAllowed, Refused, Settled
from bot.core.guard import noted
from bot.core.instants import own
from bot.core.lifecycle import asked_anew
from bot.core.messages import Notice
from bot.core.naming import person_meant
from bot.core.outgoing import Arrangement, Posting, Verb
from bot.core.people import Clinic, Person, Role
from bot.core.permissions import Deed, require, who_is_there
from bot.core.replies import Pressed
from bot.core.second import gave_first
from bot.ports import Reading, Transaction
from bot.service.claiming import each_becomes
from bot.service.lines import label_of
from bot.service.practice import Practice

#: The kind of a hand-off that is kept, and of the card on which it is offered.
HAND_OFF = "hand_off"
#: The kind of the notice that tells the giver that it was declined.
DECLINED = "hand_off_declined"


@dataclass(frozen=True, kw_only=True, slots=True)
class HandOff:
    """What is offered: `tasks` are keys with the round of asking in which they were offered."""

    key: str
    giver: str
    taker: str
    tasks: Mapping[str, int]
    note: str = ""
    said: str = ""

    def kept(self, clinic: Clinic, at: datetime) -> Arrangement:
        """Return it as it is kept."""
        detail = {"taker": self.taker, "tasks": dict(self.tasks), "note": self.note, "said": self.said}
        return Arrangement(kind=HAND_OFF, key=self.key, clinic=clinic.id, by=self.giver, at=at, detail=detail)


def hand_off_of(found: Arrangement) -> HandOff:
    """Return the hand-off that is kept."""
    return HandOff(key=found.key, giver=found.by, **found.detail)


def hand_to(
    practice: Practice,
    tx: Transaction,
    clinic: Clinic,
    giver: Person,
    tasks: Sequence[Task],
    to: str,
    note: str = "",
) -> Notice:
    """Offer what is asked of the giver to a colleague who has the role and is on duty."""
    now = practice.clock.now()
    require(giver, Deed.HAND_OFF, clinic, now)
    own = asked_of(tx, giver, tasks)
    if not own:
        raise Settled("Nothing here is asked of you now; nothing was handed over.")
    taker = person_meant(clinic, to)
    for task in own:
        _can_take(practice.course(tx, task.case), task, giver, taker, clinic, now)
    _call_back(practice, tx, clinic, giver, own)
    offer = HandOff(
        key=secrets.token_hex(8),
        giver=giver.id,
        taker=taker.id,
        tasks={task.key: task.asking for task in own},
        note=noted(note),
    )
    address = practice.reached(clinic, taker.id)
    if address is None:
        raise Refused(f"{taker.name} has no account here; nothing was handed over.")
    tx.arrange(offer.kept(clinic, now))
    card = f"{HAND_OFF}:{offer.key}"
    tx.post(Posting(key=card, clinic=clinic.id, kind=HAND_OFF, to=address, person=taker.id))
    tx.queue(card, Verb.DRAW, key=card, at=now)
    text = f"{taker.name} is asked to take {_items(own)}. Until then {_they(own)} with you."
    return Notice(text=text, tone="good")


def asked_of(reading: Reading, person: Person, tasks: Sequence[Task]) -> list[Task]:
    """Return those of the tasks that a person was asked last, and that wait."""
    last = reading.asked_on(task.key for task in tasks)
    return [t for t in tasks if t.waits and t.rung and t.key in last and last[t.key].person == person.id]


def _items(tasks: Sequence[Task]) -> str:
    codes = ", ".join(dict.fromkeys(task.case for task in tasks))
    return f"{wording.count(len(tasks), 'item')} ({codes})"


def _they(tasks: Sequence[Task]) -> str:
    return "it stays" if len(tasks) == 1 else "they stay"


def _can_take(
    course: Course, task: Task, giver: Person, taker: Person, clinic: Clinic, now: datetime
) -> None:
    title, role = course.step(task).title, asked_role(task, course.step(task))
    if taker.id == giver.id:
        raise Refused("You have it already. Name somebody else.")
    there = who_is_there((role,), clinic, now)
    if gave_first(task, taker.id):
        raise NotAllowed(f"{taker.name} gave the first answer to {title}. Somebody else checks it: {there}.")
    if not taker.may(role):
        raise NotAllowed(f"{title} is for {wording.ROLES[role]} to answer: {there}. Nothing was handed over.")
    if taker.id not in clinic.on_duty(role, now):
        raise Refused(f"{taker.name} is not on duty now: {there}. Nothing was handed over.")


def takers(role: Role, giver: str, clinic: Clinic, now: datetime) -> list[Person]:
    """Return the colleagues of somebody who are on duty for a role; of a card in a channel nobody's are."""
    there = clinic.on_duty(role, now) if giver else ()
    return [clinic.people[each] for each in there if each in clinic.people and each != giver]


def _call_back(
    practice: Practice, tx: Transaction, clinic: Clinic, giver: Person, tasks: Sequence[Task]
) -> None:
    # somebody else is asked now: what was offered before can be accepted no more
    keys = {task.key for task in tasks}
    for found in tx.arrangements(clinic.id, HAND_OFF):
        if found.by == giver.id and keys & set(found.detail["tasks"]):
            _end(practice, tx, found, f"{giver.name} asks somebody else.")


def _end(practice: Practice, tx: Transaction, found: Arrangement, said: str) -> None:
    now = practice.clock.now()
    tx.arrange(replace(found, ended=now, detail={**found.detail, "said": said}))
    card = f"{HAND_OFF}:{found.key}"
    tx.queue(card, Verb.DRAW, key=f"ended:{card}", at=now)


def _offered(tx: Reading, clinic: Clinic, person: Person, pressed: Pressed) -> Arrangement:
    found = tx.arrangement(HAND_OFF, pressed.value)
    if found is None or found.clinic != clinic.id:
        raise Settled("This hand-off is not known here. Nothing was changed.")
    if found.detail["taker"] != person.id:
        taker = wording.person_name(clinic, found.detail["taker"])
        raise NotAllowed(f"This is for {taker} to accept or decline. Nothing was changed.")
    if found.ended is not None:
        raise Settled(f"{found.detail['said']} Nothing was changed.")
    return found


def accept(practice: Practice, tx: Transaction, clinic: Clinic, person: Person, pressed: Pressed) -> Notice:
    """Take what is offered and still waits for the giver."""
    found = _offered(tx, clinic, person, pressed)
    now, offer = practice.clock.now(), hand_off_of(found)
    giver = clinic.people.get(offer.giver)
    tasks = [tx.task(key) for key in offer.tasks]
    still = asked_of(tx, giver, [t for t in tasks if t.asking == offer.tasks[t.key]]) if giver else []
    if not still:
        _end(practice, tx, found, "Nothing of it waits any more.")
        return Notice(text="Nothing of it waits any more: it was answered or asked anew. Thank you.")

    for task in still:
        # the clinic's file may have changed since it was offered
        _can_take(practice.course(tx, task.case), task, giver or person, person, clinic, now)

    def become(course: Course, task: Task) -> Task:
        return asked_anew(replace(task, holder=person.id), now)

    _end(practice, tx, found, f"{person.name} has {_items(still)}.")
    each_becomes(practice, tx, person, still, "handed", become, giver=offer.giver, taker=person.id)
    gone = len(tasks) - len(still)
    less = f" Settled meanwhile: {wording.count(gone, 'item')}." if gone else ""
    return Notice(text=f"You have it: {_items(still)}.{less} Thank you.", tone="good")


def decline(practice: Practice, tx: Transaction, clinic: Clinic, person: Person, pressed: Pressed) -> Notice:
    """Leave what is offered with the giver, who is told."""
    found = _offered(tx, clinic, person, pressed)
    offer = hand_off_of(found)
    giver = wording.person_name(clinic, offer.giver)
    _end(practice, tx, found, f"{person.name} cannot take it; it stays with {giver}.")
    _tell_giver(practice, tx, clinic, offer)
    return Notice(text=f"It stays with {giver}, who is told.")


def _tell_giver(practice: Practice, tx: Transaction, clinic: Clinic, offer: HandOff) -> None:
    now = practice.clock.now()
    address = practice.reached(clinic, offer.giver)
    working = {person for role in Role for person in clinic.on_duty(role, now)}
    # whoever went home while others work keeps nothing: their shift's end hands it on
    if address is not None and (offer.giver in working or not working):
        card = f"{DECLINED}:{offer.key}"
        tx.post(Posting(key=card, clinic=clinic.id, kind=DECLINED, to=address, person=offer.giver))
        tx.queue(card, Verb.DRAW, key=card, at=now)


def lapse(
    practice: Practice, tx: Transaction, clinic: Clinic, gone: Sequence[str], how: str = "went home"
) -> None:
    """End what was offered to, or by, somebody who went; a giver who is still there is told."""
    for found in tx.arrangements(clinic.id, HAND_OFF):
        offer = hand_off_of(found)
        taker, giver = (wording.person_name(clinic, each) for each in (offer.taker, offer.giver))
        if offer.giver in gone:
            _end(practice, tx, found, f"{giver} {how}; who works on was asked instead.")
        elif offer.taker in gone:
            _end(practice, tx, found, f"{taker} {how} without an answer; it stays with {giver}.")
            _tell_giver(practice, tx, clinic, offer)


def draw_hand_off(
    practice: Practice, reading: Reading, posting: Posting, clinic: Clinic, now: datetime
) -> Notice:
    """Draw an offer for the taker, or for the giver that it was declined."""
    kind, _, key = posting.key.partition(":")
    found = reading.arrangement(HAND_OFF, key)
    assert found is not None
    offer = hand_off_of(found)
    giver = wording.person_name(clinic, offer.giver)
    lines = tuple(_lines(practice, reading, offer, clinic))
    items = wording.count(len(offer.tasks), "item")
    if kind == DECLINED:
        return Notice(heading="Not handed over", text=offer.said, lines=lines, tone="bad")
    if found.ended is not None:
        return Notice(heading=f"From {giver}: {items}", text=offer.said)
    note = (f"“{own(offer.note)}”",) if offer.note else ()
    return Notice(
        heading=f"{giver} hands you {items}",
        text=f"{giver} asks: will you take {'it' if len(offer.tasks) == 1 else 'them'}?",
        lines=(*note, *lines),
        # whoever writes to a colleague may write of a patient
        telling=bool(note),
        buttons=(
            Button(action=Action.ACCEPT, label="Accept", value=key, style="primary"),
            Button(action=Action.DECLINE, label="Decline", value=key),
        ),
    )


def _lines(practice: Practice, reading: Reading, offer: HandOff, clinic: Clinic) -> Iterator[str]:
    for key in offer.tasks:
        task = reading.task(key)
        course = practice.course(reading, task.case)
        yield f"{course.step(task).title} · {label_of(course, task, clinic)}"
