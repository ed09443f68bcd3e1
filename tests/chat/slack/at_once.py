"""Slack without a network and on a virtual clock: a day of calls passes in seconds, each counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.chat.pace import Pace
from bot.chat.slack import PLATFORM
from bot.chat.slack.calling.client import SlackClient
from bot.chat.slack.calling.pace import SlackLimits
from bot.chat.slack.chat import SlackChat
from bot.clock import VirtualClock
from bot.core.people import Clinic
from bot.service.practice import Practice
from tests.chat.slack.fake import BOARD, TOKEN, FakeSlack, user
from tests.chat.slack.fake.server import called
from tests.chat.slack.fake.times import Clock
from tests.chat.slack.trial import SlackTrial


class Hours(Clock):
    """The workspace's clock is the clinic's."""

    def __init__(self, clock: VirtualClock) -> None:
        super().__init__()
        self._clock = clock

    def now(self) -> float:
        return self._clock.now().timestamp() + self.ahead


class AtOnce(SlackClient):
    """The client as it is, but for the network: the invented workspace is asked directly."""

    def __init__(self, slack: FakeSlack, clock: VirtualClock) -> None:
        pace = Pace(SlackLimits(), time=lambda: clock.now().timestamp(), sleep=self._sleep)
        super().__init__(token=TOKEN, pace=pace)
        self._slack = slack
        self._clock = clock

    async def _sleep(self, seconds: float) -> None:
        self._clock.advance(self._clock.now() + timedelta(seconds=seconds))

    async def _request(self, *, http_verb: str, api_url: str, req_args: dict[str, Any]) -> dict[str, Any]:
        method = api_url.rsplit("/", 1)[1]
        args = next((req_args[name] for name in ("json", "params", "data") if req_args.get(name)), {})
        self._slack.calls.append((method, args))
        return {"data": called(self._slack, method, args, TOKEN), "headers": {}, "status_code": 200}


def account(person: str) -> str:
    """The invented account of one of a clinic's people."""
    return f"U0{person.upper()}"


def in_slack(works: Practice, *, board: bool = True) -> Practice:
    """The same installation with everybody in Slack, and a board there."""
    channels = {PLATFORM: {"board": BOARD}} if board else {}
    clinics = {name: replace(_moved(each), channels=channels) for name, each in works.clinics.items()}
    return replace(works, clinics=clinics, platforms=(PLATFORM,))


def _moved(clinic: Clinic) -> Clinic:
    people = {id: replace(person, accounts={PLATFORM: account(id)}) for id, person in clinic.people.items()}
    return replace(clinic, people=people)


def slack_of(works: Practice, clock: VirtualClock) -> tuple[FakeSlack, SlackChat]:
    """A workspace with everybody of an installation in it, and how Bookend speaks there."""
    slack = FakeSlack(clock=Hours(clock))
    for clinic in works.clinics.values():
        slack.users |= {account(id): user(account(id)) for id in clinic.people}
    return slack, SlackTrial(slack=slack, client=AtOnce(slack, clock), alone=True).chat
