"""Printing: when the next day's sheet is due, who hears of it, and the link by which one person opens it.

The link is of ten minutes for whoever pressed the button, and its page's button opens the sheet (`links`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.core import wording
from bot.core.actions import Action, Button
from bot.core.errors import BookendError, NotFound
from bot.core.messages import Notice
from bot.core.outgoing import Posting, Verb
from bot.core.people import Clinic, Person, Role
from bot.core.permissions import Deed
from bot.core.replies import Address, Pressed
from bot.ports import Reading, Transaction
from bot.service.links import Links
from bot.service.news import some_manager
from bot.service.practice import Practice
from bot.service.sheet import coming, next_day

#: The kind of the notice that tomorrow's sheet can be printed, and of the arrangement that is a link to it.
SHEET = "sheet"
#: How long a link opens; a sheet may be printed twice.
LASTS = timedelta(minutes=10)
#: Where the page stands, before the secret.
PATH = "/sheet/"
_OVER = "This link is over. Press *Open the sheet* once more for a new one."
_LINKS = Links(kind=SHEET, path=PATH, lasts=LASTS, deed=Deed.SEE, over=_OVER)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """A link as its page shows it: for whom, and of which day of which clinic."""

    clinic: Clinic
    person: Person
    day: date


def due_sheet(practice: Practice, clinic: Clinic) -> date | None:
    """Return of which day the evening's sheet is to be made by now, `None` before its time and where nobody
    is booked.
    """
    now = practice.clock.now()
    today = clinic.calendar.day(now)
    if not clinic.calendar.is_open(today) or now < _printed_at(clinic, today):
        return None
    with practice.store.reading() as reading:
        day = next_day(reading, clinic, now)
        return day if coming(reading, clinic, day) else None


def _printed_at(clinic: Clinic, day: date) -> datetime:
    at: time = clinic.sheet or clinic.calendar.opening(day)[1]
    return clinic.calendar.instant(day, at)


def announce(practice: Practice, clinic: Clinic, day: date) -> bool:
    """Tell a manager and the front desk once that the sheet of a day can be printed; return whether."""
    now = practice.clock.now()
    postings = {each.key: each for each in _postings(practice, clinic, day, now)}
    with practice.store.reading() as reading:
        told = reading.postings(postings)
    if told or not postings:
        return False
    with practice.store.writing() as tx:
        for key, posting in postings.items():
            tx.post(posting)
            tx.queue(key, Verb.DRAW, key=key, at=now)
    return True


def _postings(practice: Practice, clinic: Clinic, day: date, now: datetime) -> list[Posting]:
    desk = clinic.rostered(Role.FRONT_DESK, clinic.calendar.day(now))
    people = dict.fromkeys((some_manager(practice, clinic, now), *desk))
    reached: dict[Address, str] = {}
    for person in people:
        if (to := practice.reached(clinic, person)) is not None:
            reached.setdefault(to, person)
    return [
        Posting(
            key=f"{SHEET}:{clinic.id}:{day}:{person or 'channel'}",
            clinic=clinic.id,
            kind=SHEET,
            to=to,
            person=person,
            day=day,
        )
        for to, person in reached.items()
    ]


def draw_printing(
    practice: Practice, reading: Reading, posting: Posting, clinic: Clinic, now: datetime
) -> Notice:
    """Draw the notice that a day's sheet can be printed."""
    assert posting.day is not None
    number = wording.count(len(coming(reading, clinic, posting.day)), "procedure")
    button = Button(action=Action.SHEET, label="Open the sheet", value=f"{clinic.id} {posting.day}")
    return Notice(
        heading=f"Paper sheet of {wording.day_words(posting.day)}",
        text=f"{number}, by code: what is open and boxes to tick. Print it this evening, and work with it "
        "tomorrow if the chat or I cannot be reached.",
        buttons=(button,) if practice.public_url else (),
    )


def sheet_pressed(
    practice: Practice, tx: Transaction, clinic: Clinic, person: Person, pressed: Pressed
) -> Notice:
    """Answer the button of the notice with a link for whoever pressed it."""
    named, _, told = pressed.value.partition(" ")
    try:
        day = date.fromisoformat(told)
    except ValueError:
        day = None
    if day is None or named != clinic.id:
        raise NotFound("sheet", pressed.value)
    address = _link(practice, tx, clinic, person, day)
    minutes = int(LASTS.total_seconds() // 60)
    return Notice(
        text=f"{wording.day_words(day)}: this link is for you alone and opens for {minutes} minutes.",
        link=("Open the sheet", address),
    )


def _link(practice: Practice, tx: Transaction, clinic: Clinic, person: Person, day: date) -> str:
    if not practice.public_url:
        raise BookendError(
            "I cannot show the sheet here: BOOKEND_PUBLIC_URL is not set. Whoever runs Bookend prints it by "
            "`bookend sheet`."
        )
    return _LINKS.new(practice, tx, clinic, person, {"day": day.isoformat()})


def linked(practice: Practice, token: str) -> Sheet:
    """Return what a link opens; raise NotFound or Settled where it opens nothing any more."""
    with practice.store.reading() as reading:
        link = _LINKS.find(practice, reading, token)
    day = date.fromisoformat(link.made.detail["day"])
    return Sheet(clinic=link.clinic, person=link.person, day=day)
