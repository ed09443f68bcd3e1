"""Who is this? A link for one person alone: five minutes, one look, and each look stands in the history.

The name is shown to whoever presses the button of the link's page (`links`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.core import wording
from bot.core.actions import Action
from bot.core.case import case_of
from bot.core.errors import BookendError, Conflict, Settled
from bot.core.identity import Identity, read_identity
from bot.core.kinds import FieldKind
from bot.core.messages import Form, FormField, FormPart, Notice
from bot.core.outgoing import Arrangement, Entry
from bot.core.people import Clinic, Person
from bot.core.permissions import Deed, require
from bot.core.replies import Filled, Pressed
from bot.ports import Reading, Transaction
from bot.service.erasing import require_kept
from bot.service.links import Links
from bot.service.looking import labelled, only_own
from bot.service.practice import Practice, redraw
from bot.service.requests import Asked

#: How long a link opens.
LASTS = timedelta(minutes=5)
#: Where the page stands, before the secret.
PATH = "/who/"
_KIND = "look"
_OF = "of"
#: How often a look is tried where somebody changes the case in the same moment.
_TRIES = 3
_OVER = "This link is over. Press *Who is this?* once more for a new one."
_LINKS = Links(kind=_KIND, path=PATH, lasts=LASTS, deed=Deed.SEE_NAME, over=_OVER)


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """A link as its page shows it: for whom, of which case, until when; `opened` once, `kept` once."""

    clinic: Clinic
    person: Person
    code: str
    label: str
    until: datetime
    opened: bool
    kept: bool
    arrangement: Arrangement


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """What a look showed; `identity` is `None` where nobody wrote it down yet."""

    look: Look
    identity: Identity | None


def who_pressed(
    practice: Practice, tx: Transaction, clinic: Clinic, person: Person, pressed: Pressed
) -> Notice:
    """Answer the button of a card of one case."""
    return _linked(practice, tx, clinic, person, case_of(pressed.tasks[0]) if pressed.tasks else "")


def who_chosen(practice: Practice, tx: Transaction, clinic: Clinic, person: Person, filled: Filled) -> Notice:
    """Answer the form in which somebody chose one of a list's cases."""
    chosen = next(iter(filled.entries.values()), {}).get(_OF, "")
    return _linked(practice, tx, clinic, person, chosen if isinstance(chosen, str) else "")


def who_asked(asked: Asked) -> Notice:
    """Answer the command `who K7Q2`."""
    return _linked(asked.practice, asked.tx, asked.clinic, asked.person, asked.code)


def which_form(
    practice: Practice, reading: Reading, clinic: Clinic, person: Person, pressed: Pressed
) -> Form:
    """Ask of which patient on a list."""
    options = labelled(practice, reading, clinic, map(case_of, pressed.tasks))
    field = FormField(name=_OF, label="Patient", kind=FieldKind.CHOICE, options=options)
    part = FormPart(task="who", revision=0, title="Who is this?", fields=(field,))
    return Form(heading="Who is this?", label="", parts=(part,), action=Action.WHO, submit="Send me the link")


def _linked(practice: Practice, tx: Transaction, clinic: Clinic, person: Person, code: str) -> Notice:
    address = link(practice, tx, clinic, person, code)
    minutes = int(LASTS.total_seconds() // 60)
    return Notice(
        text=f"{code}: this link is for you alone. It opens once, within {minutes} minutes.",
        link=(f"See who {code} is", address),
    )


def link(practice: Practice, tx: Transaction, clinic: Clinic, person: Person, code: str) -> str:
    """Return the address of a page that shows this person once who a case is."""
    require(person, Deed.SEE_NAME, clinic, practice.clock.now())
    only_own(clinic, tx.case(code))
    require_kept(tx, code)
    if not practice.public_url:
        raise BookendError(
            "I cannot show names yet: BOOKEND_PUBLIC_URL is not set. Please tell whoever runs Bookend."
        )
    return _LINKS.new(practice, tx, clinic, person, {"case": code})


def waiting(practice: Practice, token: str) -> Look:
    """Return what a link would show; raise NotFound or Settled when it shows nothing any more."""
    with practice.store.reading() as reading:
        look = _found(practice, reading, token)
    if look.opened:
        raise Settled(_OVER)
    return look


def writing(practice: Practice, token: str) -> Look:
    """Return the look whose form may be sent once more; raise Settled when it may not."""
    with practice.store.reading() as reading:
        look = _found(practice, reading, token)
    if look.kept or not look.opened:
        raise Settled(_OVER)
    return look


def _found(practice: Practice, reading: Reading, token: str) -> Look:
    link = _LINKS.find(practice, reading, token)
    detail = link.made.detail
    require_kept(reading, detail["case"])
    course = practice.course(reading, detail["case"])
    session = course.case.next_session(practice.clock.now())
    return Look(
        clinic=link.clinic,
        person=link.person,
        code=detail["case"],
        label=wording.label(course.case, session, course.playbook, link.clinic.calendar),
        until=link.until,
        opened=bool(detail.get("opened")),
        kept=bool(detail.get("kept")),
        arrangement=link.made,
    )


def look(practice: Practice, token: str) -> Seen:
    """Show who a case is, once, and write down who looked."""

    def seen(tx: Transaction, found: Look) -> Seen:
        if found.opened:
            raise Settled(_OVER)
        # what cannot be shown is not noted as a look
        identity = tx.identity(found.code)
        _noted(practice, tx, found, "looked", {"opened": True}, {"known": identity is not None})
        return Seen(look=found, identity=identity)

    return _once(practice, token, seen)


def write_down(practice: Practice, token: str, told: Mapping[str, str]) -> Seen:
    """Keep who a case is as the page's form says; raise WrongValues with what needs another look."""

    def written(tx: Transaction, found: Look) -> Seen:
        if found.kept or not found.opened:
            raise Settled(_OVER)
        now = practice.clock.now()
        today = found.clinic.calendar.day(now)
        fields = (told.get(name, "") for name in ("name", "born", "record"))
        identity = read_identity(*fields, today=today)
        tx.identify(found.code, identity, now)
        _noted(practice, tx, found, "identified", {"kept": True}, {})
        # where names may stand, a card that stands already shows it too
        redraw(practice, tx, tx.case(found.code), tx.tasks(found.code), at=now)
        return Seen(look=replace(found, kept=True), identity=identity)

    return _once(practice, token, written)


def _once(practice: Practice, token: str, do: Callable[[Transaction, Look], Seen]) -> Seen:
    for left in reversed(range(_TRIES)):
        try:
            with practice.store.writing() as tx:
                return do(tx, _found(practice, tx, token))
        except Conflict:
            # a sweep may have touched the case; a link that somebody opened meanwhile is over at the next try
            if not left:
                raise
    raise AssertionError("unreachable")


def _noted(
    practice: Practice,
    tx: Transaction,
    found: Look,
    kind: str,
    become: Mapping[str, Any],
    detail: Mapping[str, Any],
) -> None:
    tx.arrange(replace(found.arrangement, detail={**found.arrangement.detail, **become}))
    entry = Entry(kind=kind, at=practice.clock.now(), by=found.person.id, detail=detail)
    tx.change(tx.case(found.code), (), entry)
