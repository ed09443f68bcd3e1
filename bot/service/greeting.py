"""The first word in a board's channel, and to whoever opens Bookend where people do so; once for each.

It is a card of its own, named by its channel or account: the outbox keeps that it went out, whoever restarts
and however many instances run. Where the channel could not be used it is tried again, until somebody lets
Bookend in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from bot.core import huddle
from bot.core.messages import Notice
from bot.core.outgoing import Posting, Verb
from bot.core.people import Clinic
from bot.core.replies import Address
from bot.core.staffing import Look
from bot.core.times import Closed
from bot.ports import Reading, Transaction
from bot.service.practice import Practice

#: The kinds of the postings that say hello: in a channel, and to a person.
GREETING, WELCOME = "greeting", "welcome"
#: How it is spoken to in a channel where that begins with no stroke.
_CALLED = {"teams": "@Bookend"}
#: How often a channel that could not be used is tried again.
TRY_AGAIN = timedelta(minutes=10)


def greet(practice: Practice) -> int:
    """Put a first word for every board's channel that never heard one into the outbox; return how many."""
    wanted = {each.key: each for clinic in practice.clinics.values() for each in _greetings(practice, clinic)}
    with practice.store.reading() as reading:
        said = {key for key, posting in reading.postings(wanted).items() if posting.ref is not None}
    silent = [wanted[key] for key in sorted(wanted.keys() - said)]
    if silent:
        with practice.store.writing() as tx:
            _greet(tx, silent, practice.clock.now())
    return len(silent)


def greet_in(tx: Transaction, clinic: Clinic, to: Address, now: datetime) -> None:
    """Put a first word for a channel into the outbox, unless it heard one."""
    wanted = _greeting(clinic, to)
    said = tx.posting(wanted.key)
    if said is None or said.ref is None:
        _greet(tx, [wanted], now)


def welcome(tx: Transaction, clinic: Clinic, look: Look, now: datetime) -> None:
    """Put a first word for whoever of a clinic opened Bookend, and never heard one, into the outbox."""
    wanted = {each.key: each for each in _welcomes(clinic, look)}
    for key in sorted(wanted.keys() - tx.postings(wanted).keys()):
        tx.post(wanted[key])
        tx.queue(key, Verb.DRAW, key=key, at=now)


def _welcomes(clinic: Clinic, look: Look) -> Iterator[Posting]:
    for person in clinic.people.values():
        account = person.accounts.get(look.platform, "")
        if account in look.met:
            to = Address(platform=look.platform, account=account)
            key = f"{WELCOME}:{look.platform}:{account}"
            yield Posting(key=key, clinic=clinic.id, kind=WELCOME, to=to, person=person.id)


def _greet(tx: Transaction, silent: Sequence[Posting], now: datetime) -> None:
    slot = int(now.timestamp() // TRY_AGAIN.total_seconds())
    there = tx.postings(each.key for each in silent)
    for each in silent:
        tx.post(there.get(each.key, each))
        tx.queue(each.key, Verb.DRAW, key=f"{each.key}:{slot}", at=now)


def _greetings(practice: Practice, clinic: Clinic) -> Iterator[Posting]:
    for platform in practice.platforms:
        channel = clinic.channels.get(platform, {}).get("board")
        if channel:
            yield _greeting(clinic, Address(platform=platform, channel=channel))


def _greeting(clinic: Clinic, to: Address) -> Posting:
    return Posting(key=f"{GREETING}:{to.platform}:{to.channel}", clinic=clinic.id, kind=GREETING, to=to)


def draw_greeting(
    practice: Practice, reading: Reading, posting: Posting, clinic: Clinic, now: datetime
) -> Notice:
    """Draw the first word for the channel of a posting."""
    return Notice(
        heading="Hello, I am Bookend",
        text=f"I help {clinic.title} to be ready for each patient, and to look after them well afterwards.",
        lines=(
            "I ask each of you alone, in our chat, what must be true before and after a procedure. Press a "
            "button, fill in the form, or answer in your own words; “help” says how.",
            f"Here comes one message a day, at {_huddle(clinic, now)}: who is ready, who is not, what is "
            "missing. I edit it in place, which rings nobody; a line below it says what got worse.",
            f"Managers: write {_examples(posting.to.platform)}. The answer is for you alone.",
            "No patient's name belongs here, nor in what you write to me: a patient is a code such as K7Q2.",
        ),
    )


def draw_welcome(
    practice: Practice, reading: Reading, posting: Posting, clinic: Clinic, now: datetime
) -> Notice:
    """Draw the first word for the person of a posting."""
    return Notice(
        heading="Hello, I am Bookend",
        text=f"I help {clinic.title} to be ready for each patient: I ask you here what must be true before "
        "and after a procedure. Press a button, fill in a form, or answer in your own words; write “help” to "
        "see how.",
    )


def _examples(platform: str) -> str:
    called = _CALLED.get(platform, "/bookend")
    first, *others = (f"“{called} {words}”" for words in ("today", "overdue", "case K7Q2"))
    return f"{first}, {' or '.join(others)}"


def _huddle(clinic: Clinic, now: datetime) -> str:
    day = clinic.calendar.open_day(clinic.calendar.day(now), Closed.NEXT)
    return f"{clinic.calendar.local(huddle.begins(clinic, day)):%H:%M}"
