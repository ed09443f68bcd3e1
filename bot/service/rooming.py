"""Giving the day's rooms away: one form, a line for each room and role for which two or more work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256

from bot.core import wording
from bot.core.actions import Action
from bot.core.errors import Refused, Settled, WrongValues
from bot.core.kinds import FieldKind
from bot.core.messages import Form, FormField, FormPart, Notice
from bot.core.people import Clinic, Person, Role
from bot.core.permissions import Deed, require
from bot.core.replies import Command, Filled
from bot.ports import Reading, Transaction
from bot.service.practice import Practice
from bot.service.rooms import IN_THE_ROOM, duties_of, keep_duties, sessions_of

#: The part of the form, and the word of the command.
ROOMS = "rooms"
#: A room that is left to Bookend.
ANYBODY = "anybody"
#: A line of the form: the field's name, the room, the role, and who could have it.
_Place = tuple[str, str, Role, tuple[str, ...]]


def rooms_form(
    practice: Practice, reading: Reading, clinic: Clinic, person: Person, command: Command
) -> Form:
    """Return the form; raise Refused on a day that needs none."""
    now = practice.clock.now()
    require(person, Deed.ASSIGN, clinic, now)
    day = clinic.calendar.day(now)
    duties = duties_of(reading, clinic, day)
    places = tuple(_places(practice, reading, clinic))
    fields = tuple(
        FormField(
            name=name,
            label=f"{wording.room_name(room)}, {wording.plain(role.value)}",
            kind=FieldKind.CHOICE,
            options=((ANYBODY, "Whoever has fewest"), *((id, clinic.person(id).name) for id in there)),
            value=duties.who.get((room, role), ANYBODY),
        )
        for name, room, role, there in places
    )
    if not fields:
        raise Refused("Today no room with patients has two people of one role: everybody has them all.")
    part = FormPart(task=ROOMS, revision=0, title="Today's rooms", fields=fields)
    return Form(
        heading="Who has which room",
        label=wording.day_words(day),
        parts=(part,),
        action=Action.ROOMS,
        submit="Give away",
        value=_seen(places),
    )


def _seen(places: Sequence[_Place]) -> str:
    """Name the lines of a form, so that it knows whether they are still the same."""
    return sha256(repr([(name, room) for name, room, _, _ in places]).encode()).hexdigest()[:12]


def _places(practice: Practice, reading: Reading, clinic: Clinic) -> Iterator[_Place]:
    """Yield each room of today with each role that must be given away there, and who could have it."""
    day = clinic.calendar.day(practice.clock.now())
    rooms = sorted({session.room for _, session in sessions_of(reading, clinic, day) if session.room})
    for number, room in enumerate(rooms):
        for role in IN_THE_ROOM:
            there = clinic.rostered(role, day)
            if len(there) > 1:
                yield f"{role.value}_{number}", room, role, there


def take_rooms(practice: Practice, tx: Transaction, clinic: Clinic, person: Person, filled: Filled) -> Notice:
    """Take the form: who is named has the room for the day, what is asked already stays where it is."""
    now = practice.clock.now()
    duties = duties_of(tx, clinic, clinic.calendar.day(now))
    raw = filled.entries.get(ROOMS, {})
    given: list[str] = []
    places = tuple(_places(practice, tx, clinic))
    if filled.value and filled.value != _seen(places):
        raise Settled("Today's rooms have changed since you opened this. Please open it again.")
    for name, room, role, there in places:
        chosen = str(raw.get(name, ANYBODY))
        if chosen == ANYBODY:
            continue
        if chosen not in there:
            raise WrongValues({name: "They do not work today. Please choose somebody who does."})
        duties = duties.given(room, role, chosen)
        given.append(f"{wording.room_name(room)}: {clinic.person(chosen).name}")
    if not given:
        return Notice(text="Nothing was given away: each room goes to whoever has the fewest patients.")
    keep_duties(tx, clinic, duties, by=person.id, at=now)
    return Notice(text=f"For today: {'; '.join(given)}.", tone="good")
