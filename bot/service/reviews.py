"""Reviews that lapse: director and manager are told 30, 7 and 0 days before, each once, and nothing stops.

A notice is a card of its own, named by the signature that it is about: the outbox takes it only once, whoever
restarts and however many instances run.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.core import wording
from bot.core.asking import duty_manager
from bot.core.messages import Notice
from bot.core.outgoing import Posting, Verb
from bot.core.people import Clinic
from bot.core.replies import Address
from bot.core.signing import Signature, directors, notice_of, review_words
from bot.ports import Reading
from bot.service.practice import Practice
from bot.service.signing import last_signatures

#: The kind of the notice that a playbook's review is due.
REVIEW = "review"


def tell_reviews(practice: Practice) -> int:
    """Put what is to be said of coming and lapsed reviews into the outbox; return how many notices."""
    now = practice.clock.now()
    return sum(_tell(practice, clinic, now) for clinic in practice.clinics.values() if _works(clinic, now))


def _works(clinic: Clinic, now: datetime) -> bool:
    # a review is nothing to wake anybody for
    day = clinic.calendar.day(now)
    opens, closes = clinic.calendar.opening(day)
    return clinic.calendar.is_open(day) and opens <= clinic.calendar.local(now).time() < closes


def _tell(practice: Practice, clinic: Clinic, now: datetime) -> int:
    with practice.store.reading() as reading:
        due = {each.key: each for each in _notices(practice, reading, clinic, now)}
        new = [due[key] for key in due.keys() - reading.postings(due).keys()]
    if new:
        with practice.store.writing() as tx:
            for each in sorted(new, key=lambda posting: posting.key):
                tx.post(each)
                tx.queue(each.key, Verb.DRAW, key=each.key, at=now)
    return len(new)


def _notices(practice: Practice, reading: Reading, clinic: Clinic, now: datetime) -> Iterator[Posting]:
    day = clinic.calendar.day(now)
    for signature in last_signatures(reading, clinic.id).values():
        notice = notice_of(signature, day)
        if notice is None:
            continue
        for person, to in _told(practice, clinic, signature, now).items():
            key = ":".join(
                (REVIEW, clinic.id, signature.playbook, str(signature.number), str(notice), person)
            )
            yield Posting(key=key, clinic=clinic.id, kind=REVIEW, to=to, person=person, day=day)


def _told(practice: Practice, clinic: Clinic, signature: Signature, now: datetime) -> dict[str, Address]:
    may = [each.id for each in directors(clinic)]
    asked = [signature.by] if signature.by in may else may
    people = dict.fromkeys((*asked, duty_manager(clinic, now) or ""))
    found = {person: to for person in people if (to := practice.reached(clinic, person)) is not None}
    # who has no account is spoken to in the channel, once for all of them
    once = {to: person for person, to in reversed(found.items())}
    return {person: to for to, person in reversed(once.items())}


def draw_review(
    practice: Practice, reading: Reading, posting: Posting, clinic: Clinic, now: datetime
) -> Notice:
    """Draw the notice of a posting: what it says today, or that the playbook was signed anew."""
    _, _, playbook, number, *_ = posting.key.split(":")
    last = last_signatures(reading, clinic.id)[playbook]
    heading = f"Review of {playbook}"
    if last.number == int(number):
        return Notice(heading=heading, text=review_words(last, clinic.calendar.day(now)))
    signed = wording.moment(last.at, clinic.calendar)
    return Notice(heading=heading, text=f"{playbook}: {last.name} signed it anew, {signed}.", tone="good")
