"""Help: what somebody may do here, by what they want to do, with a case of today to copy from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from bot.core.messages import Notice
from bot.core.people import ASKED_ROLES, Clinic, Person
from bot.core.permissions import OF_COMMAND, may
from bot.ports import Reading

#: The code in the examples of a day without a case.
INVENTED = "K7Q2"
#: What people want -> the commands for it, each with what to write and what it does; K7Q2 is the case.
WISHES: Mapping[str, Sequence[tuple[str, str]]] = {
    "Look": (
        ("mine", "`mine` what waits for you"),
        ("today", "`today` who comes"),
        ("status", "`status` the board now"),
        ("overdue", "`overdue` what nobody answered"),
        ("case", "`case K7Q2` what blocks a case and what was said"),
        ("who", "`who K7Q2` who it is, by a link for you alone"),
    ),
    "Book and move": (
        ("new", "`new` by a form, or `new abl 2027-03-02 09:30 room-2 max`"),
        ("move", "`move K7Q2 2027-02-18 09:30`, or `move` to pick it"),
        ("session", "`session K7Q2 2027-04-01 09:30` one more; `K7Q2/2` is the second"),
        ("cancel", "`cancel K7Q2 patient is ill` (or `no-show`), or `cancel` to pick it"),
    ),
    "Something happened": (
        ("event", "`event K7Q2` report a complication, `event K7Q2 urgent` at once"),
        ("fact", "`fact K7Q2 smoker yes` something else is known"),
        ("amend", "`amend K7Q2` correct an answer"),
    ),
    "Stop and go": (
        ("hold", "`hold room-2 fault reported` (or a device): its cases wait"),
        ("release", "`release room-2` they go on"),
        ("override", "`override K7Q2` go ahead, as a second person"),
    ),
    "Who does what": (
        ("assign", "`assign K7Q2 nurse @sam` whose case it is, `me` takes it"),
        ("rooms", "`rooms` who has which room today"),
    ),
    "The board": (("here", "`here` in a channel: the board stands in it from now on"),),
    "Every booked case": (("ask-all", "`ask-all abl` one question more, `ask-all list` which are asked"),),
}
#: For whoever is asked.
_ANSWER = (
    "Answer under a card: `1 done`, `all ok`, `all but 3`, `2 na no medicines`, `caught 2 new medicine`, "
    "`problem 1 cold sore`, `undo`; `on it`, `later 20m`, `to @sam` hands it over"
)


def help_for(reading: Reading, clinic: Clinic, person: Person, now: datetime) -> Notice:
    """Return what a person may do, grouped by what they want; what others may do is left out."""
    code = _code_of_today(reading, clinic, now)
    groups = []
    for wish, ways in WISHES.items():
        own = [words.replace(INVENTED, code) for command, words in ways if may(person, OF_COMMAND[command])]
        groups += [f"{wish}: {' · '.join(own)}"] if own else []
    asked = [_ANSWER] if person.may(*ASKED_ROLES) else []
    return Notice(text=f"This is what you can do here, {person.name}:", lines=(*asked, *groups))


def _code_of_today(reading: Reading, clinic: Clinic, now: datetime) -> str:
    day = clinic.calendar.day(now)
    near = reading.cases_near(clinic.id, now - timedelta(days=1), now + timedelta(days=1), now)
    coming = (
        (session.start, case.code)
        for case in near
        for session in case.sessions
        if clinic.calendar.day(session.start) == day and not session.cancelled
    )
    return min(coming, default=(now, INVENTED))[1]
