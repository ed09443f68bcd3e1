"""What is known when a case begins: nobody has asked yet, so every fact that can be unknown is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.core.case import Booking
from bot.core.conditions import Value, Values, names
from bot.core.errors import BookendError, Refused
from bot.core.facts import DERIVED, NOT_ASKED, URGENCY, Fact, FactKind, accept_all
from bot.core.people import Clinic
from bot.core.plan import plan_case
from bot.core.playbook import Playbook


def unasked(playbook: Playbook) -> dict[str, Value]:
    """Return every fact that has a word for it as not asked, or as the word that it starts with."""
    found = {fact.name: fact.starts or _not_asked(fact) for fact in playbook.facts.values()}
    return {name: word for name, word in found.items() if word}


def usual_facts(playbook: Playbook, defaults: Values) -> dict[str, Value]:
    """Return what a clinic takes for granted when nobody was asked yet: unknown, but for its defaults.

    Nobody said it: an answer takes its place. Raise Refused for a default that is no value of its fact.
    """
    try:
        return {**unasked(playbook), **accept_all(playbook.facts, defaults)}
    except BookendError as wrong:
        raise Refused(f"The clinic's file has a wrong default of {playbook.id}: {wrong}") from None


def not_on_paper(clinic: Clinic, booking: Booking) -> None:
    """Raise Refused for a procedure that starts before the clinic works with Bookend."""
    live = clinic.go_live
    if live is not None and clinic.calendar.day(min(booking.starts)) < live:
        raise Refused(
            f"{clinic.title} works with Bookend from {live} on (`go_live`): what starts earlier stays on"
            " paper. Nothing was opened."
        )


def to_be_told(playbook: Playbook) -> list[Fact]:
    """Return the facts a booking must name: this playbook reads them, and they have no word for not asked.

    A missing date is none of them: it is read as the worst case.
    """
    read = frozenset(_read(playbook))
    return [
        fact
        for fact in playbook.facts.values()
        if fact.name in read
        and not (fact.starts or _not_asked(fact))
        and fact.kind is not FactKind.DATE
        and fact.name not in (*DERIVED, URGENCY)
        and len(playbook.narrowed.get(fact.name, ())) != 1
    ]


def cautious(playbook: Playbook, booking: Booking) -> dict[str, Value]:
    """Return for each fact that a booking had to name and does not the word with which most is asked: not
    knowing makes an item apply. A number stays as it is.
    """
    found: dict[str, Value] = {}
    for fact in to_be_told(playbook):
        if fact.words and fact.name not in booking.facts:
            words = playbook.narrowed.get(fact.name, fact.words)
            ways = [replace(booking, facts={**booking.facts, **found, fact.name: word}) for word in words]
            asked = [len(plan_case(playbook, way, code="", clinic="")[1]) for way in ways]
            found[fact.name] = words[asked.index(max(asked))]
    return found


def _not_asked(fact: Fact) -> str | None:
    return next((word for word in NOT_ASKED if word in fact.words), None)


def _read(playbook: Playbook) -> Iterator[str]:
    for _, when in playbook.arrives.earlier:
        yield from names(when)
    for step in playbook.steps:
        for condition in (step.when, step.stops.hard, step.stops.md):
            if condition is not None:
                yield from names(condition)
