"""A booking as `plan`, `rehearse` and `new` take it: local times become instants, facts are checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bot.core.beginning import to_be_told, unasked
from bot.core.case import Booking
from bot.core.conditions import Value
from bot.core.errors import Mistakes
from bot.core.facts import COUNTED, Fact, FactKind
from bot.core.playbook import Playbook
from bot.core.times import Calendar
from bot.files.calendars import booking_calendar
from bot.files.entry import LONGEST, Entry
from bot.files.reader import read

KEYS = (
    *("playbook", "clinic", "opened", "consult", "booked", "start", "sessions", "minutes", "facts"),
    *("room", "device", "operator", "told"),
)


def parse_booking(
    text: str,
    file: str,
    playbooks: Mapping[str, Playbook],
    calendar: Calendar | None = None,
    opened: datetime | None = None,
) -> Booking:
    """Return the booking that a text describes, or raise Mistakes.

    A calendar and a moment of opening that are handed in stand where the text names none.
    """
    root = readable(text, file)
    booking = booking_of(root, playbooks, calendar, opened)
    if root.source.mistakes:
        raise Mistakes(root.source.mistakes)
    return booking


def parse_new(
    text: str, file: str, playbooks: Mapping[str, Playbook], calendar: Calendar, now: datetime
) -> Booking:
    """Return the booking of a case that begins now, in the calendar of its clinic, or raise Mistakes.

    What the text does not say of the patient is unknown; what cannot be unknown must be said.
    """
    root = readable(text, file)
    booking = booking_of(root, playbooks, calendar, now)
    playbook = playbooks.get(booking.playbook)
    for fact in to_be_told(playbook) if playbook else ():
        if fact.name not in booking.facts:
            expected = f"one of {', '.join(fact.words)}" if fact.words else "a number"
            (root.get("facts") or root).wrong(f"`{fact.name}` is missing: {fact.question} Write {expected}.")
    if root.source.mistakes:
        raise Mistakes(root.source.mistakes)
    facts = {**(unasked(playbook) if playbook else {}), **booking.facts}
    return replace(booking, calendar=calendar, opened=min(booking.opened, now), facts=facts, told=True)


def readable(text: str, file: str) -> Entry:
    """Return what a text holds; where that is no mapping, nothing more can be said than why."""
    root = read(text, file)
    if not root.is_mapping:
        if not root.source.mistakes:
            root.pairs()
        raise Mistakes(root.source.mistakes)
    return root


def booking_of(
    root: Entry,
    playbooks: Mapping[str, Playbook],
    calendar: Calendar | None = None,
    opened: datetime | None = None,
) -> Booking:
    """Return the booking that stands at an entry, noting its mistakes there."""
    root.only(*KEYS)
    name = root.need("playbook").known(playbooks, "playbook")
    own = root.get("clinic")
    calendar = booking_calendar(own) if own else calendar or _no_calendar(root)
    starts = _starts(root, calendar)
    facts = facts_of(root, playbooks[name]) if name in playbooks else {}
    if root.get("sessions"):
        facts = {fact: value for fact, value in facts.items() if fact not in COUNTED}
    return Booking(
        playbook=name,
        calendar=calendar,
        opened=root.maybe("opened", lambda each: instant(each, calendar), opened) or _never_opened(root),
        starts=starts,
        consult=root.maybe("consult", lambda each: instant(each, calendar), None),
        booked=root.maybe("booked", lambda each: instant(each, calendar), None),
        minutes=root.maybe("minutes", lambda each: each.whole(least=1, most=LONGEST), None),
        facts=facts,
        room=root.maybe("room", Entry.text, ""),
        device=root.maybe("device", Entry.text, ""),
        operator=root.maybe("operator", Entry.text, None),
        told=root.maybe("told", Entry.flag, False),
    )


def instant(entry: Entry, calendar: Calendar) -> datetime:
    """Return the instant of a wall time of the clinic."""
    return calendar.instant(*entry.moment())


def _no_calendar(root: Entry) -> Calendar:
    root.need("clinic")
    return Calendar(zone=ZoneInfo("UTC"))


def _never_opened(root: Entry) -> datetime:
    root.need("opened")
    return datetime(2000, 1, 1, tzinfo=UTC)


def _starts(root: Entry, calendar: Calendar) -> tuple[datetime, ...]:
    sessions, start = root.get("sessions"), root.get("start")
    if sessions is None:
        return (instant(root.need("start"), calendar),)
    clear = len(root.source.mistakes)
    each = sessions.each()
    starts = tuple(instant(entry, calendar) for entry in each)
    if len(root.source.mistakes) > clear:
        return starts
    for entry, before, after in zip(each[1:], starts, starts[1:], strict=False):
        if after <= before:
            entry.wrong("the sessions stand in the order of time; this one is not after the one before it")
    if sessions.is_list and not starts:
        sessions.wrong("expected at least one session, or `start` alone")
    if start and starts and instant(start, calendar) != starts[0]:
        start.wrong(f"the first of `sessions` is another time, {each[0].shown}; leave `start` out")
    return starts


def facts_of(root: Entry, playbook: Playbook) -> dict[str, Value]:
    """Return the facts that a booking names; those it does not name are not in it."""
    named: dict[str, Value] = {}
    for key, value in root.maybe("facts", Entry.pairs, []):
        name = key.known(playbook.facts, "fact")
        if name in playbook.facts and not value.missing:
            named[name] = fact_value(value, playbook.facts[name])
    if named.get("playbook", playbook.id) != playbook.id:
        root.need("facts").need("playbook").wrong(f"the booking names the playbook {playbook.id}")
    return named


def fact_value(entry: Entry, fact: Fact) -> Value:
    """Return the value of a fact; of numbers and dates "unknown" is nothing."""
    if fact.kind is FactKind.WORD:
        return entry.one_of(fact.words)
    if entry.content == "unknown":
        return None
    value: float | date = entry.number() if fact.kind is FactKind.NUMBER else entry.day()
    try:
        return fact.accept(value)
    except ValueError as wrong:
        entry.wrong(str(wrong).removesuffix("."))
        return value
