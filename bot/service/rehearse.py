"""Rehearse: a script played through the real service on a virtual clock, every message written down.

Rehearsal has invented staff, two of every role, always on duty; the first of them is asked.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from heapq import heapify, heappop, heappush
from itertools import count
from typing import Any, Protocol

from bot.core import script as lines
from bot.core.case import Session
from bot.core.course import Course
from bot.core.kinds import Gate
from bot.core.people import Clinic, Person, Role
from bot.core.readiness import Readiness, readiness
from bot.core.times import Calendar
from bot.ports import Chat, Clock
from bot.service.deliver import delivered
from bot.service.player import Player
from bot.service.practice import Practice
from bot.service.tick import tick
from bot.service.transcript import PLATFORM, Transcript

CLINIC = "rehearsal"
_STAFF = (
    ("desk", "Fran Desk", (Role.FRONT_DESK,)),
    ("desk2", "Finn Desk", (Role.FRONT_DESK,)),
    ("nurse", "Nia Nurse", (Role.NURSE,)),
    ("nurse2", "Nils Nurse", (Role.NURSE,)),
    ("operator", "Ola Operator", (Role.OPERATOR,)),
    ("operator2", "Otto Operator", (Role.OPERATOR,)),
    ("physician", "Dr Pim", (Role.PHYSICIAN, Role.MEDICAL_DIRECTOR)),
    ("physician2", "Dr Pia", (Role.PHYSICIAN,)),
    ("manager", "Mo Manager", (Role.MANAGER,)),
)


class Advancing(Clock, Protocol):
    """A clock that can be moved on."""

    def advance(self, to: datetime) -> None:
        """Move on to a moment; an earlier one changes nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Played:
    """What a rehearsal came to."""

    course: Course
    transcript: tuple[str, ...]
    gates: tuple[tuple[Session, Readiness], ...]


def rehearsal_clinic(calendar: Calendar) -> Clinic:
    """Return the invented clinic: every role and a second physician, always on duty."""
    people = {
        id: Person(id=id, name=name, roles=frozenset(roles), accounts={PLATFORM: id})
        for id, name, roles in _STAFF
    }
    duty = {role: tuple(id for id, _, roles in _STAFF if role in roles) for role in Role}
    return Clinic(
        id=CLINIC,
        title="Rehearsal",
        calendar=calendar,
        people=people,
        roster=dict.fromkeys(range(7), duty),
        on_call=duty,
    )


def play(practice: Practice, clock: Advancing, scripts: Mapping[Player, lines.Script], chat: Chat) -> None:
    """Play several cases side by side on one clock; what falls due on the way is asked."""
    turns = count()
    acting = [player.moments(script) for player, script in scripts.items()]
    # who acts at the same moment does so in turn
    coming = [(moment, next(turns), moments) for moments in acting if (moment := next(moments, None))]
    heapify(coming)
    # one loop for all: a new one for each delivery begins and ends its threads every time
    with asyncio.Runner() as runner:
        while coming:
            until, _, moments = heappop(coming)
            _pass(practice, clock, until, chat, runner)
            if moment := next(moments, None):
                heappush(coming, (moment, next(turns), moments))
        _pass(practice, clock, clock.now(), chat, runner)
        _deliver(practice, chat, runner)


def rehearse(practice: Practice, clock: Advancing, script: lines.Script) -> Played:
    """Play one case and say what it came to."""
    clinic = practice.clinics[CLINIC]
    chat = Transcript(clock, clinic.calendar)
    player = Player(practice, clinic, chat.note)
    play(practice, clock, {player: script}, chat)
    course = player.course()
    gates = tuple(
        (session, readiness(gate, course, session)) for session in course.case.sessions for gate in Gate
    )
    return Played(course=course, transcript=tuple(chat.lines), gates=gates)


def _pass(practice: Practice, clock: Advancing, until: datetime, chat: Chat, runner: asyncio.Runner) -> None:
    while True:
        with practice.store.reading() as reading:
            moment = reading.next_prompt()
        if moment is None or moment > until:
            break
        clock.advance(moment)
        asked = tick(practice)
        _deliver(practice, chat, runner)
        if not asked:
            break
    clock.advance(until)


def _deliver(practice: Practice, chat: Chat, runner: asyncio.Runner) -> None:
    # edits wait for the next message: only what somebody is told makes a transcript
    runner.run(delivered(practice, {chat.platform: chat}, _here))


async def _here(function: Callable[..., Any], *args: Any) -> Any:
    return function(*args)
