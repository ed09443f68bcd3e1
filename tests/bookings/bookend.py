"""Bookend's own answer for a booking or a script, through the same functions as its command line."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from bot.clock import VirtualClock
from bot.core.course import Course
from bot.core.listing import plan_rows, played_rows
from bot.core.plan import plan_case
from bot.core.playbook import Playbook
from bot.files.bookings import parse_booking
from bot.files.folders import load_playbooks
from bot.files.scripts import parse_script
from bot.paths import shipped_playbooks
from bot.service.player import Player
from bot.service.practice import Practice
from bot.service.rehearse import CLINIC, rehearsal_clinic
from bot.service.transcript import PLATFORM
from tests.service.clinic import Shelf
from tests.store.memory import memory_store

Row = Mapping[str, Any]


@cache
def books() -> dict[str, Playbook]:
    return load_playbooks(shipped_playbooks())


def planned(booking: Row) -> list[dict[str, Any]]:
    """Return what `bookend plan --json` prints."""
    read = parse_booking(json.dumps(booking), "booking.json", books())
    playbook = books()[read.playbook]
    case, tasks = plan_case(playbook, read, code="K7Q2", clinic=CLINIC)
    return plan_rows(Course(case=case, tasks=tasks, playbook=playbook, calendar=read.calendar), tasks)


def played(booking: Row, script: Iterable[Row], only: Collection[str] = ()) -> list[dict[str, Any]]:
    """Return the tasks that `bookend rehearse --json` prints; the service acts, but no message is sent.

    Where steps are named, the playbook has `only` these.
    """
    text = json.dumps({"booking": booking, "script": list(script)})
    whole = books()[booking["playbook"]]
    book = replace(whole, steps=tuple(step for step in whole.steps if not only or step.id in only))
    read = parse_script(text, "script.json", {book.id: book})
    store = memory_store()
    clock = VirtualClock(read.booking.opened)
    clinic = rehearsal_clinic(read.booking.calendar)
    practice = Practice(
        store=store,
        shelf=Shelf((book,)),
        clock=clock,
        clinics={CLINIC: clinic},
        platforms=(PLATFORM,),
        unsigned_may_ask=True,
    )
    try:
        player = Player(practice, clinic, lambda said: None)
        for moment in player.moments(read):
            clock.advance(moment)
        return played_rows(player.course())
    finally:
        store.close()
