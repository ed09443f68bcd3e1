"""Ask all: one question more in every booked case of a playbook, seen first and applied in one go.

Whoever adds it signs it with their name. Each case takes it in a transaction of its own, with its line of
history; what was ended in the middle goes on with the next tick. New bookings get it until it is ended.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from bot.core import wording
from bot.core.actions import Action, Button
from bot.core.added import Added
from bot.core.adding import ahead, asked_too
from bot.core.errors import BookendError, Settled
from bot.core.fleet import Affected, Hit, by_day
from bot.core.kinds import Level
from bot.core.messages import Notice
from bot.core.outgoing import Arrangement, Entry
from bot.core.people import Clinic, Person
from bot.core.permissions import Deed, require
from bot.core.replies import Pressed
from bot.core.sentences import due_words
from bot.ports import Reading, Transaction
from bot.service.asked_all import ASK_ALL, PREVIEW, AskAll, ask_all_of, kept, standing, with_cases
from bot.service.practice import Practice, keep
from bot.service.requests import Asked


def preview(practice: Practice, tx: Transaction, clinic: Clinic, person: Person, wished: AskAll) -> Notice:
    """Show who would be asked, with the button that asks them; nothing is asked yet."""
    now = practice.clock.now()
    may_ask(wished.added, clinic, person, now)
    practice.shelf.current(wished.playbook, clinic.id)
    found = asked_in(tx, clinic, wished.playbook, now)
    tx.arrange(kept(replace(wished, cases=_codes(found)), clinic, kind=PREVIEW))
    count = len(_codes(found))
    named = {0: "Ask in new bookings", 1: "Ask in this case"}
    label = named.get(count, f"Ask in these {count} cases")
    asked = f"{wording.count(count, 'booked case')} would be asked"
    return Notice(
        heading=f"Ask this in all booked {wished.playbook} cases?",
        text=f"{asked}: “{wished.added.title}” Nothing is asked yet.",
        lines=(*_terms(wished, clinic), *by_day(found, clinic)),
        buttons=(Button(action=Action.ASK_ALL_NOW, label=label, value=wished.added.key, style="primary"),),
    )


def may_ask(added: Added, clinic: Clinic, person: Person, now: datetime) -> None:
    """Raise NotAllowed, naming who can, unless this person may ask it; only a director adds a stop."""
    require(person, Deed.ASK_ALL, clinic, now)
    if added.level is not Level.NONE:
        require(person, Deed.ASK_ALL_STOP, clinic, now)


def asked_in(reading: Reading, clinic: Clinic, playbook: str, now: datetime) -> tuple[Affected, ...]:
    """Return the sessions still to come of a playbook's cases, by their start."""
    found = [
        Affected(case=case, session=session, hit=Hit.SURE)
        for case in reading.open_cases(clinic.id)
        if case.playbook == playbook
        for session in ahead(case, now)
    ]
    return tuple(sorted(found, key=lambda each: (each.session.start, each.key)))


def _codes(found: Sequence[Affected]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.case.code for each in found))


def _terms(wished: AskAll, clinic: Clinic) -> Iterator[str]:
    added, step = wished.added, wished.added.step
    who = wording.ROLES[added.role]
    yield f"Asked of {who}, {due_words(step.due)}; what is past its time is asked at once."
    if added.level is Level.NONE:
        yield "A reminder: no answer stops anybody."
    else:
        stop = wording.LEVELS[added.level]
        yield f"“{added.stops.capitalize()}” is a stop ({stop}), and without an answer nobody is ready."
    yield f"New bookings are asked, too, {_until(wished)}. Signed by {wording.person_name(clinic, added.by)}."


def _until(wished: AskAll) -> str:
    return f"until {wording.day_words(wished.until)}" if wished.until else "until somebody ends it"


def ask_now(practice: Practice, tx: Transaction, clinic: Clinic, person: Person, pressed: Pressed) -> Notice:
    """Begin what was looked at; the cases take it one by one right after."""
    now = practice.clock.now()
    seen = tx.arrangement(PREVIEW, pressed.value)
    if seen is None or seen.clinic != clinic.id:
        raise Settled("This question is not known here. Please write it again; nothing was changed.")
    wished = ask_all_of(seen)
    if seen.ended is not None:
        raise Settled(f"“{wished.added.title}” is asked already; nothing was changed.")
    may_ask(wished.added, clinic, person, now)
    codes = _codes(asked_in(tx, clinic, wished.playbook, now))
    signed = replace(wished.added, by=person.id, at=now)
    tx.arrange(replace(seen, ended=now))
    tx.arrange(kept(replace(wished, added=signed, cases=codes), clinic))
    said = f"“{signed.title}” is asked in {wording.count(len(codes), 'case')} now."
    return Notice(text=" ".join((said, *_since(wished.cases, codes))), tone="good")


def _since(seen: Sequence[str], codes: Sequence[str]) -> Iterator[str]:
    added = [code for code in codes if code not in seen]
    gone = [code for code in seen if code not in codes]
    if added:
        yield f"Since you looked, {wording.few(added)} came to it."
    if gone:
        yield f"Since you looked, {wording.few(gone)} left it."


def is_behind(reading: Reading, clinic: Clinic) -> bool:
    """Say whether cases still wait for a question that is asked of all."""
    return bool(_behind(reading, clinic))


def _behind(reading: Reading, clinic: Clinic) -> list[Arrangement]:
    return [each for each in reading.arrangements(clinic.id, ASK_ALL) if each.detail["cases"]]


def carry_on(practice: Practice, clinic: Clinic) -> int:
    """Let the cases that still wait for a question take it, one transaction each; return how many did."""
    with practice.store.reading() as reading:
        waiting = _behind(reading, clinic)
    return sum(_take(practice, each.key, code) for each in waiting for code in each.detail["cases"])


def _take(practice: Practice, key: str, code: str) -> bool:
    try:
        with practice.store.writing() as tx:
            found = tx.arrangement(ASK_ALL, key)
            if found is None or found.ended is not None or code not in found.detail["cases"]:
                return False
            tx.arrange(with_cases(found, (each for each in found.detail["cases"] if each != code)))
            return _ask_in(practice, tx, found, code)
    except BookendError:
        # somebody changed the case in this moment, or it cannot be read now: the next tick tries again
        return False


def _ask_in(practice: Practice, tx: Transaction, found: Arrangement, code: str) -> bool:
    now, added = practice.clock.now(), ask_all_of(found).added
    before = practice.course(tx, code)
    after = asked_too(before, added, now=now)
    if after.case == before.case:
        return False
    detail = {"question": added.title, "news": [f"Asked of all: {added.title}"]}
    entry = Entry(kind="asked_too", at=now, by=added.by, detail=detail)
    keep(practice, tx, before, after, entry, also=before.tasks)
    return True


def offered(practice: Practice, clinic: Clinic, person: Person, wished: AskAll) -> Notice:
    """Return what the command line shows before it asks."""
    with practice.store.writing() as tx:
        return preview(practice, tx, clinic, person, wished)


def applied(practice: Practice, clinic: Clinic, person: Person, offer: Notice) -> Notice:
    """Ask what was shown, in every case at once; what somebody changes in that moment, `serve` asks."""
    (button,) = offer.buttons
    pressed = Pressed(platform="", account="", once="", action=button.action, value=button.value)
    with practice.store.writing() as tx:
        notice = ask_now(practice, tx, clinic, person, pressed)
    carry_on(practice, clinic)
    return notice


def new_key() -> str:
    """Return a name for a question that nobody can guess and everybody can type."""
    return secrets.token_hex(3)


def end(asked: Asked, key: str) -> Notice:
    """End a question for new bookings; those that are asked already stay asked."""
    found = asked.tx.arrangement(ASK_ALL, key)
    if found is None or found.clinic != asked.clinic.id or found.ended is not None:
        known = [each.added.key for each in standing(asked.tx, asked.clinic, asked.now)]
        raise Settled(f"No question {key!r} is asked of new bookings ({', '.join(known) or 'none is'}).")
    added = ask_all_of(found).added
    # a stop is lifted by whoever may add one
    may_ask(added, asked.clinic, asked.person, asked.now)
    asked.tx.arrange(replace(found, ended=asked.now))
    title = added.title
    return Notice(
        text=f"“{title}” is not asked in new bookings any more. Who was asked stays asked.", tone="good"
    )


def stands(asked: Asked) -> Notice:
    """Say what is asked of new bookings now."""
    found = standing(asked.tx, asked.clinic, asked.now)
    lines = tuple(
        f"{each.playbook}: “{each.added.title}”, {_until(each)}. `ask-all end {each.added.key}` ends it."
        for each in found
    )
    text = "Asked besides in new bookings:" if found else "Nothing is asked besides the playbooks."
    return Notice(text=text, lines=lines)
