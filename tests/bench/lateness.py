"""How late a due prompt is: until it reaches Slack, with two `bookend serve` on one PostgreSQL.

Each is a card of its own about what can stop a procedure that is near, so that nothing holds it back; they go
to several people, and come more slowly than Slack may be asked, for that is not what is measured.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median, quantiles

from bot.app import opened
from bot.clock import WallClock
from bot.core.case import Booking
from bot.service.cases import open_case
from tests.bench.figures import Figure, Goal
from tests.bench.stores import Stores
from tests.chat.slack.fake import BOARD, JO, SECRET, TOKEN, FakeSlack, Json, fake_slack, user
from tests.kills.databases import Server
from tests.kills.instances import Instance, until
from tests.serving import furnish, shipped
from tests.settings import settings_of

INSTANCES = 2
#: How many people are asked, by turns.
OPERATORS = 10
#: Between two moments, in seconds.
APART = (0.2, 0.4)
#: Until the first moment, in seconds: long enough for both to have looked what comes.
AHEAD = 6.0
POST = "chat.postMessage"
_PLAYBOOK = """\
playbook: peel
title: Light peel
short: Peel
version: 1
minutes: 30
narrows: {device_class: [chemical]}
review: {medical_director: null, reviewed_on: null, next_review: null}
steps:
  - id: peel.shields
    phase: day
    title: Eye shields
    role: operator
    due: start - 15 min
    ask:
      on: {choose: [yes, no], normal: yes}
    stop: {hard: {on: no}}
    grade: P
"""
_CLINIC = """\
clinic: riverside
title: Riverside Skin Clinic
timezone: Europe/London
open: {{mon-sun: 00:00-23:59}}
rooms: {{room-1: {{devices: [CO₂ laser]}}}}
people:
  ali: {{name: Dr Ali Example, roles: [physician, medical_director], slack: {jo}}}
{operators}
roster: {{mon-sun: {{physician: [ali], operator: [{names}]}}}}
channels: {{slack: {{board: {board}}}}}
playbooks: [peel]
"""


class Arrivals(list[tuple[str, Json]]):
    """What Slack was asked, and when the first card about each of these cases came."""

    def __init__(self, codes: Collection[str]) -> None:
        super().__init__()
        self.first: dict[str, datetime] = {}
        self._codes = codes
        self._clock = WallClock()

    def append(self, call: tuple[str, Json], /) -> None:
        """Keep a call."""
        at = self._clock.now()
        super().append(call)
        method, asked = call
        if method == POST and asked["channel"] != BOARD:
            said = str(asked)
            self.first = {code: at for code in self._codes if code in said} | self.first


def lateness(stores: Stores) -> Iterator[Figure]:
    """Measure how late prompts are that fall due one after the other."""
    folder, many = stores.folder / "lateness", stores.sizes.prompts
    folder.mkdir()
    late = sorted(asyncio.run(_late(folder, stores.postgres, many)))
    what = f"lateness of {many} prompts, {INSTANCES} instances"
    yield Figure(what=f"{what}, half of them", ours=median(late))
    yield Figure(what=f"{what}, all but a hundredth", ours=_last(late), goal=Goal(bound=0.05))


def _last(late: Sequence[float]) -> float:
    return quantiles(late, n=100, method="inclusive")[98]


async def _late(folder: Path, server: Server, many: int) -> list[float]:
    server.run("CREATE DATABASE late")
    async with fake_slack() as slack:
        slack.users |= {each: user(each) for each in map(_account, range(OPERATORS))}
        settings = _furnished(folder, server.of("late"), slack)
        tasks = _booked(settings, many)
        arrivals = slack.calls = Arrivals(tasks.keys())
        async with _served(folder, settings):
            moments = _moments(many)
            await asyncio.to_thread(server.run, *map(_due_at, tasks.values(), moments), database="late")
            left = (moments[-1] - WallClock().now()).total_seconds()
            await until(lambda: len(arrivals.first) == many, "messages", within=left + 30)
    came = [arrivals.first[code] for code in tasks]
    return [(at - moment).total_seconds() for at, moment in zip(came, moments, strict=True)]


def _furnished(folder: Path, address: str, slack: FakeSlack) -> Mapping[str, str]:
    people = (
        f"  {_name(number)}: {{name: Max Model {number}, roles: [operator], slack: {_account(number)}}}"
        for number in range(OPERATORS)
    )
    names = ", ".join(map(_name, range(OPERATORS)))
    clinic = _CLINIC.format(operators="\n".join(people), names=names, jo=JO, board=BOARD)
    return furnish(
        folder,
        clinic,
        shipped("facts.yaml", "red-flags.yaml") | {"peel.yaml": _PLAYBOOK},
        BOOKEND_DATABASE_URL=address,
        BOOKEND_HISTORY_KEY="an invented secret of the history chain",
        BOOKEND_SLACK_BOT_TOKEN=TOKEN,
        BOOKEND_SLACK_SIGNING_SECRET=SECRET,
        BOOKEND_SLACK_API_URL=slack.url,
        PORT="0",
    )


def _name(number: int) -> str:
    return f"op-{number}"


def _account(number: int) -> str:
    return f"U0OP{number}"


def _booked(settings: Mapping[str, str], many: int) -> dict[str, str]:
    """Book cases, each with one operator, and return their codes with their one task."""
    keys: dict[str, str] = {}
    with opened(settings_of(settings), begin=True) as (practice, store):
        (clinic,), now = practice.clinics.values(), practice.clock.now()
        with store.writing() as tx:
            for number in range(many):
                booking = Booking(
                    playbook="peel",
                    calendar=clinic.calendar,
                    opened=now,
                    starts=(now + timedelta(hours=1),),
                    operator=_name(number % OPERATORS),
                )
                course = open_case(practice, tx, booking, clinic=clinic.id, by="ali")
                keys[course.case.code] = course.tasks[0].key
    return keys


@asynccontextmanager
async def _served(folder: Path, settings: Mapping[str, str]) -> AsyncIterator[None]:
    """Run the instances until the block ends."""
    running = [Instance(log=folder / f"said-{number}", environment=settings) for number in range(INSTANCES)]
    async with AsyncExitStack() as begun:
        for instance in running:
            begun.callback(instance.kill)
            instance.begin()
        for instance in running:
            await instance.up()
        yield


def _due_at(task: str, moment: datetime) -> str:
    return f"UPDATE tasks SET next_prompt_at = '{moment}', due = '{moment}' WHERE key = '{task}'"


def _moments(many: int) -> list[datetime]:
    draw, at, moments = Random(many), WallClock().now() + timedelta(seconds=AHEAD), list[datetime]()
    for _ in range(many):
        moments.append(at)
        at += timedelta(seconds=draw.uniform(*APART))
    return moments
