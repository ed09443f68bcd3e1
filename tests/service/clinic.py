"""Riverside, an invented clinic: its staff, its signed playbooks, a booking and the practice they make."""

import asyncio
import atexit
import hashlib
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from bot.clock import VirtualClock
from bot.core.case import Booking
from bot.core.conditions import Value
from bot.core.errors import NotFound, Settled
from bot.core.people import Clinic, Person, Role
from bot.core.playbook import Playbook
from bot.core.times import Calendar
from bot.files.folders import load_playbooks
from bot.paths import shipped_playbooks
from bot.ports import Store
from bot.service import signing
from bot.service.practice import Practice
from tests.service.workspace import PLATFORM

KEY = b"an invented key, long enough"
CODE = "K7Q2"
CALENDAR = Calendar(zone=ZoneInfo("Europe/London"), holidays=frozenset({date(2027, 2, 15)}))

ALI = "ali"  # physician and medical director
PIA = "pia"  # a second physician
JO = "jo"  # nurse
SAM = "sam"  # a second nurse
MAX = "max"  # laser operator
FRAN = "fran"  # front desk
KIT = "kit"  # manager
_STAFF = {
    ALI: ("Dr Ali", Role.PHYSICIAN, Role.MEDICAL_DIRECTOR),
    PIA: ("Dr Pia", Role.PHYSICIAN),
    JO: ("Jo Sample", Role.NURSE),
    SAM: ("Sam Specimen", Role.NURSE),
    MAX: ("Max Model", Role.OPERATOR),
    FRAN: ("Fran Draft", Role.FRONT_DESK),
    KIT: ("Kit Pattern", Role.MANAGER),
}
_DUTY = {
    Role.PHYSICIAN: (ALI,),
    Role.NURSE: (JO, SAM),
    Role.OPERATOR: (MAX,),
    Role.FRONT_DESK: (FRAN,),
    Role.MANAGER: (KIT,),
}
RIVERSIDE = Clinic(
    id="riverside",
    title="Riverside",
    calendar=CALENDAR,
    people={
        id: Person(id=id, name=name, roles=frozenset(roles), accounts={PLATFORM: id})
        for id, (name, *roles) in _STAFF.items()
    },
    roster=dict.fromkeys(range(5), _DUTY),
    on_call={Role.NURSE: (SAM,), Role.PHYSICIAN: (PIA,)},
)
WITH_BOARD = replace(RIVERSIDE, channels={PLATFORM: {"board": "#procedures"}})
REVIEW = date(2028, 1, 4)


@cache
def shipped() -> Playbook:
    """The shipped playbook for ablative lasers."""
    return load_playbooks(shipped_playbooks())["abl"]


@cache
def abl(*steps: str) -> Playbook:
    """The shipped playbook, or only these steps of it."""
    whole = shipped()
    chosen = tuple(whole.step(step) for step in steps) or whole.steps
    return replace(whole, steps=chosen, digest=hashlib.sha256(" ".join(steps).encode()).hexdigest())


def london(text: str) -> datetime:
    """A moment written as London's wall time: "2027-02-18 09:30"."""
    return datetime.fromisoformat(text).replace(tzinfo=CALENDAR.zone).astimezone(UTC)


#: A Tuesday, five weeks before the Thursday of most procedures.
OPENED = london("2027-01-12 13:45")
START = london("2027-02-18 09:30")


def booking(*starts: datetime, **facts: Value) -> Booking:
    """A booking made on Tuesday 12 January 2027 with a consultation the same day."""
    return Booking(
        playbook="abl",
        calendar=CALENDAR,
        opened=OPENED,
        starts=starts or (START,),
        consult=OPENED + timedelta(minutes=15),
        booked=OPENED + timedelta(minutes=85),
        minutes=60,
        facts=facts,
    )


@dataclass(frozen=True, slots=True)
class Shelf:
    """The playbooks of a test; the first is the current one."""

    books: tuple[Playbook, ...]

    def names(self, clinic: str) -> tuple[str, ...]:
        return tuple(sorted({book.id for book in self.books}))

    def current(self, playbook: str, clinic: str) -> Playbook:
        for book in self.books:
            if book.id == playbook:
                return book
        raise NotFound("playbook", playbook, [book.id for book in self.books])

    def version(self, digest: str) -> Playbook:
        return next(book for book in self.books if book.digest == digest)

    def texts(self, digest: str) -> Mapping[str, str]:
        return {}

    def changed(self, before: str, after: str) -> tuple[str, ...]:
        return () if before == after else ("abl.yaml",)

    def look_again(self) -> bool:
        return False


def practice(
    store: Store,
    clock: VirtualClock,
    *books: Playbook,
    clinic: Clinic = RIVERSIDE,
    signed: bool = True,
    **changes: Any,
) -> Practice:
    """An installation with one clinic on one platform, its current playbook signed by Dr Ali."""
    made = Practice(
        store=store,
        shelf=Shelf(books or (abl(),)),
        clock=clock,
        clinics={clinic.id: clinic},
        platforms=(PLATFORM,),
        **changes,
    )
    if signed and not made.unsigned_may_ask:
        sign(made, clinic, (books or (abl(),))[0])
    return made


def sign(practice: Practice, clinic: Clinic, book: Playbook, next_review: date = REVIEW) -> None:
    """Let Dr Ali sign a playbook, unless exactly this is signed already."""
    with suppress(Settled):
        signing.sign(practice, clinic, book.id, clinic.people[ALI], next_review, digest=book.digest)


async def here(function: Callable[..., Any], *args: Any) -> Any:
    """Run a function where we are: tests need no threads."""
    return function(*args)


def awaited(work: Coroutine[Any, Any, int]) -> int:
    """Run what is async to its end, on a loop that all tests share: a new one takes longer than most work."""
    return _loop().run_until_complete(work)


@cache
def _loop() -> asyncio.AbstractEventLoop:
    made = asyncio.new_event_loop()
    atexit.register(made.close)
    return made
