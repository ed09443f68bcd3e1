"""Hold and release: a device or a room is taken out of use, and everybody whom that concerns is told once.

Nothing is held before somebody has seen who is affected and pressed the button. What changed since then is
looked at again: what is on the device at that moment is held, and whoever pressed is told what is different.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from bot.core import wording
from bot.core.actions import Action, Button
from bot.core.case import Case
from bot.core.errors import NotFound, Settled, Unclear
from bot.core.fleet import Affected, Hit, Hold, Thing, affected, by_day, held, running, things, typed_name
from bot.core.guard import noted
from bot.core.instants import own
from bot.core.messages import Notice
from bot.core.outgoing import Entry, Posting, Verb
from bot.core.people import Clinic, Person, Role
from bot.core.postponing import waiting
from bot.core.replies import Pressed
from bot.ports import Reading, Transaction
from bot.service.held import HOLD, PREVIEW, held_words, hold_of, previewed, put_on, standing
from bot.service.practice import Practice, keep
from bot.service.requests import Asked

#: The kind of the notice that tells a person of a hold.
HELD = "held"
#: Who is told of it besides those who are assigned to a case that waits.
TOLD = (Role.FRONT_DESK, Role.OPERATOR, Role.MANAGER)
#: What may stand before the name of what is held.
_BEFORE = ("all", "cases", "on", "in", "the")


def hold(asked: Asked) -> Notice:
    """Show who is affected by a hold, with the button that puts it on."""
    clinic, tx = asked.clinic, asked.tx
    cases = tx.open_cases(clinic.id)
    thing, reason = _named("hold", asked.words, things(clinic, cases))
    _not_held_yet(tx, clinic, thing, asked.now)
    if not reason:
        raise Unclear(f"Why? Write it like `hold {thing.called} fault reported`. Nothing is held yet.")
    wished = Hold(
        key=secrets.token_hex(8), thing=thing, reason=noted(reason), by=asked.person.id, at=asked.now
    )
    found = affected(thing, cases, clinic, asked.now)
    waiting = _waiting(found)
    tx.arrange(previewed(wished, clinic, waiting))
    return Notice(
        heading=f"Hold {thing.called}?",
        text=f"{_count(waiting)} on {thing.called} would wait until it is released. Nothing is held yet.",
        lines=(*by_day(waiting, clinic), *_besides(thing, cases, found, clinic)),
        buttons=(_button(wished, waiting),),
    )


def _waiting(found: Sequence[Affected]) -> list[Affected]:
    return [each for each in found if each.hit is not Hit.UNKNOWN]


def _button(wished: Hold, waiting: Sequence[Affected]) -> Button:
    named = {0: "Hold it", 1: "Hold this case"}
    label = named.get(len(waiting), f"Hold these {len(waiting)} cases")
    return Button(action=Action.HOLD, label=label, value=wished.key, style="danger")


def _count(waiting: Sequence[Affected]) -> str:
    return wording.count(len(waiting), "case") if waiting else "No booked case"


def _besides(thing: Thing, cases: Sequence[Case], found: Sequence[Affected], clinic: Clinic) -> Iterator[str]:
    if maybe := [each for each in found if each.hit is Hit.MAYBE]:
        yield f"Maybe: nobody said on which device of its room {_codes(maybe)} is. To be safe it waits, too."
    if now_on := running(thing, cases, clinic):
        codes = wording.few(case.code for case in now_on)
        yield f"In treatment now and not held: {codes}. Please tell the room yourself."
    if unknown := [each for each in found if each.hit is Hit.UNKNOWN]:
        yield f"Not held, because neither room nor device is known: {_codes(unknown)}."


def _codes(some: Sequence[Affected]) -> str:
    return wording.few(each.case.code for each in some)


def put_on_hold(
    practice: Practice, tx: Transaction, clinic: Clinic, person: Person, pressed: Pressed
) -> Notice:
    """Put on the hold that was looked at, on what is on it now, and say what changed since then."""
    now = practice.clock.now()
    seen = tx.arrangement(PREVIEW, pressed.value)
    if seen is None or seen.clinic != clinic.id:
        raise Settled("This hold is not known here. Please write it again; nothing was changed.")
    wished = replace(hold_of(seen), by=person.id, at=now)
    _not_held_yet(tx, clinic, wished.thing, now)
    if seen.ended is not None:
        raise Settled(
            f"{wished.thing.called} was held by this button and is released. Please write it again."
        )
    cases = tx.open_cases(clinic.id)
    waiting = _waiting(affected(wished.thing, cases, clinic, now))
    tx.arrange(replace(seen, ended=now))
    tx.arrange(put_on(wished, clinic, _tell(practice, tx, clinic, wished, waiting)))
    _apply(practice, tx, clinic, cases, Entry(kind="held", at=now, by=person.id))
    wait = "waits" if len(waiting) == 1 else "wait"
    text = (
        f"{wished.thing.called} is held: {own(wished.reason)}. {_count(waiting)} {wait} until it is released."
    )
    since = _since(seen.detail["seen"], waiting)
    return Notice(text=" ".join((text, *since)), tone="bad", lines=tuple(by_day(waiting, clinic)))


def _since(seen: Sequence[str], waiting: Sequence[Affected]) -> Iterator[str]:
    known = {each.key for each in waiting}
    added = [each.case.code for each in waiting if each.key not in seen]
    gone = [key.partition(":")[0] for key in seen if key not in known]
    if added:
        yield f"Since you looked, {wording.few(added)} came to it and {_is(added)} held, too."
    if gone:
        yield f"Since you looked, {wording.few(gone)} {_is(gone)} no longer on it."


def _is(codes: Sequence[str]) -> str:
    return "is" if len(codes) == 1 else "are"


def _not_held_yet(tx: Reading, clinic: Clinic, thing: Thing, now: datetime) -> None:
    for each in standing(tx, clinic):
        if each.thing == thing:
            by, at = wording.person_name(clinic, each.by), wording.when(each.at, now, clinic.calendar)
            raise Settled(
                f"{thing.called} is held already: {own(each.reason)}, by {by} {at}. "
                f"`release {thing.called}` lets its cases go on. Nothing was changed."
            )


def _apply(
    practice: Practice, tx: Transaction, clinic: Clinic, cases: Sequence[Case], entry: Entry
) -> list[Case]:
    """Let every session say what holds it now; return the cases for which that is something else."""
    holds = standing(tx, clinic)
    both = [(case, held(case, holds, clinic)) for case in cases]
    changed = [(was, case) for was, case in both if case != was]
    tasks = tx.tasks_of([case.code for _, case in changed])
    for was, case in changed:
        before = practice.course_of(was, tasks.get(case.code, ()))
        after = replace(before, case=case)
        after = after.with_tasks(waiting(after, now=entry.at))
        keep(practice, tx, before, after, _entry(case, entry), also=[t for t in after.tasks if t.waits])
    return [case for _, case in changed]


def _entry(case: Case, entry: Entry) -> Entry:
    news = held_words(case) or ("Released: it goes on.",)
    why = {str(each.number): each.held for each in case.sessions if each.held}
    return replace(entry, detail={"held": why, "news": list(news)})


def _tell(
    practice: Practice, tx: Transaction, clinic: Clinic, wished: Hold, waiting: Sequence[Affected]
) -> list[str]:
    """Put the notice for everybody whom it concerns into the outbox; return its cards' keys."""
    at = clinic.calendar.working_moment(wished.at)
    there = [person for role in TOLD for person in clinic.on_duty(role, at)]
    assigned = [person for each in waiting for person in each.case.assigned.values()]
    reached = {
        practice.reached(clinic, person): person
        for person in dict.fromkeys((*assigned, *there))
        if person in clinic.people and person != wished.by
    }
    keys = []
    for to, person in reached.items():
        if to is not None:
            keys.append(key := f"{HELD}:{wished.key}:{person}")
            tx.post(Posting(key=key, clinic=clinic.id, kind=HELD, to=to, person=person))
            tx.queue(key, Verb.DRAW, key=key, at=at)
    return keys


def release(asked: Asked) -> Notice:
    """Lift a hold: its cases go on unless something else holds them, and whoever was told hears of it."""
    clinic, tx = asked.clinic, asked.tx
    holds = standing(tx, clinic)
    if not holds:
        raise Settled("Nothing is held; nothing was changed.")
    thing, _ = _named("release", asked.words, [each.thing for each in holds])
    key = next(each.key for each in holds if each.thing == thing)
    kept = tx.arrangement(HOLD, key)
    assert kept is not None
    tx.arrange(replace(kept, ended=asked.now, detail={**kept.detail, "released_by": asked.person.id}))
    entry = Entry(kind="hold_released", at=asked.now, by=asked.person.id)
    on_it = _apply(asked.practice, tx, clinic, tx.open_cases(clinic.id), entry)
    free = [case.code for case in on_it if not any(each.held for each in case.sessions)]
    text = f"{thing.called} is released. {_go_on(free)}"
    _tell_released(tx, kept.detail["told"], text, asked)
    still = [f"{each.code}: {line}" for each in on_it if each.code not in free for line in held_words(each)]
    return Notice(text=text, tone="good", lines=tuple(still))


def _go_on(codes: Sequence[str]) -> str:
    if not codes:
        return "No case was waiting for it."
    return (
        f"{wording.count(len(codes), 'case')} {'goes' if len(codes) == 1 else 'go'} on: {wording.few(codes)}."
    )


def _tell_released(tx: Transaction, cards: Sequence[str], text: str, asked: Asked) -> None:
    at = asked.clinic.calendar.working_moment(asked.now)
    for card, posting in tx.postings(cards).items():
        tx.queue(card, Verb.DRAW, key=f"released:{card}", at=asked.now)
        # a card that waits for the morning says by itself that it is over
        if posting.ref is not None and posting.person != asked.person.id:
            tx.queue(card, Verb.NUDGE, key=f"told:{card}", at=at, text=text)


def draw_held(
    practice: Practice, reading: Reading, posting: Posting, clinic: Clinic, now: datetime
) -> Notice:
    """Draw what a person is told of a hold: whom it stops now, or that it was released."""
    _, key, _ = posting.key.split(":", 2)
    kept = reading.arrangement(HOLD, key)
    assert kept is not None
    found = hold_of(kept)
    by = wording.person_name(clinic, found.by)
    at = wording.when(found.at, now, clinic.calendar)
    said = f"{found.thing.called}: {own(found.reason)}, {by} {at}."
    if kept.ended is not None:
        who = wording.person_name(clinic, kept.detail.get("released_by"))
        at = wording.when(kept.ended, now, clinic.calendar)
        return Notice(
            heading=f"Released: {found.thing.called}",
            text=f"{said} {who} released it {at}: its cases go on.",
            tone="good",
        )
    waiting = _waiting(affected(found.thing, reading.open_cases(clinic.id), clinic, now))
    return Notice(
        heading=f"Held: {found.thing.called}",
        text=f"{said} {_count(waiting)} {'waits' if len(waiting) == 1 else 'wait'} until it is released.",
        tone="bad",
        lines=tuple(by_day(waiting, clinic)),
    )


def _named(command: str, words: Sequence[str], known: Sequence[Thing]) -> tuple[Thing, str]:
    """Return the device or room that is named, and what was said after it."""
    rest = list(words)
    while rest and rest[0].lower() in _BEFORE:
        rest.pop(0)
    text = typed_name(" ".join(rest))
    names = {typed_name(name): each for each in known for name in (each.called, each.name)}
    fitting = [name for name in names if _begins(text, name)]
    if fitting:
        longest = max(fitting, key=len)
        return names[longest], text[len(longest) :].strip(" ,:;.–-")
    called = list(dict.fromkeys(each.called for each in known))
    if not text:
        some = ", ".join(called) or "no device or room is in the clinic's file"
        raise Unclear(f"What? Write it like `{command} {called[0] if called else 'room-2'} …` ({some}).")
    raise NotFound("device or room", text, called)


def _begins(text: str, name: str) -> bool:
    after = text[len(name) : len(name) + 1]
    return text.lower().startswith(name.lower()) and not after.isalnum()
