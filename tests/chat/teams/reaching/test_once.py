"""The same click twice is one deed with one answer; what a person means twice is done twice."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.chat.teams.reaching import answers, once
from bot.chat.teams.reaching.activity import Activity
from bot.chat.teams.reaching.answers import Answer
from bot.chat.teams.reaching.intake import Intake
from bot.chat.teams.reaching.normal import activity
from tests.chat.teams.fake.names import account
from tests.chat.teams.reaching.told import GONE, invoked, pressed, told

pytestmark = pytest.mark.anyio

Json = dict[str, Any]
LATER: Json = {"b": {"do": "later", "tasks": ["K7Q2:a.b:1:1"]}}
BACK: Json = {"b": {"do": "back"}}


@dataclass
class Counting:
    """Takes whatever comes, each with an answer of its own; while `open` is clear, not before it is set."""

    heard: list[Activity] = field(default_factory=list)
    open: asyncio.Event = field(default_factory=asyncio.Event)
    began: asyncio.Event = field(default_factory=asyncio.Event)
    says: Callable[[str], Answer] = answers.said

    def __post_init__(self) -> None:
        self.open.set()

    async def take(self, activity: Activity) -> Answer:
        self.heard.append(activity)
        answer = self.says(f"Answer {len(self.heard)}")
        self.began.set()
        await self.open.wait()
        return answer


def press(data: Json = LATER, *, id: str = "f:1", **changes: Any) -> Activity:
    return activity(pressed(data) | {"id": id} | changes)


async def test_the_same_click_delivered_again_is_taken_once_and_answered_the_same() -> None:
    desk = Counting()
    intake = Intake(desk.take)

    first, again = await intake.take(press()), await intake.take(press())

    assert (first, again, len(desk.heard)) == (answers.said("Answer 1"), first, 1)


@pytest.mark.parametrize("window", [once.WINDOW, 0.0], ids=["soon", "much later"])
async def test_a_click_that_comes_again_while_it_is_taken_waits_for_the_same_answer(
    window: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(once, "WINDOW", window)
    desk = Counting()
    intake = Intake(desk.take)
    desk.open.clear()
    first = asyncio.create_task(intake.take(press()))
    await desk.began.wait()
    again = asyncio.create_task(intake.take(press(id="f:2")))

    desk.open.set()

    assert await first == await again == answers.said("Answer 1")
    assert len(desk.heard) == 1


async def test_the_repeat_of_a_click_may_have_another_id() -> None:
    desk = Counting()
    intake = Intake(desk.take)

    await intake.take(press(id="f:1"))
    await intake.take(press(id="f:2"))

    assert len(desk.heard) == 1


async def test_what_is_pressed_again_later_is_meant_again(monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Counting()
    intake = Intake(desk.take)
    await intake.take(press(id="f:1"))
    monkeypatch.setattr(once, "WINDOW", 0.0)

    await intake.take(press(id="f:2"))

    assert len(desk.heard) == 2


async def test_the_same_id_is_the_same_click_however_late(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(once, "WINDOW", 0.0)
    desk = Counting()
    intake = Intake(desk.take)

    await intake.take(press())
    await intake.take(press(BACK, id="f:2"))
    await intake.take(press())

    assert len(desk.heard) == 2


async def test_who_goes_back_and_presses_the_same_again_is_heard_again() -> None:
    desk = Counting()
    intake = Intake(desk.take)

    for number, data in enumerate([LATER, BACK, LATER]):
        await intake.take(press(data, id=f"f:{number}"))

    assert len(desk.heard) == 3


OTHERWISE = {
    "another button": press(BACK, id="f:2"),
    "another card": press(id="f:2", replyToId="1700000000009"),
    "another person": press(id="f:2", **{"from": {"id": "29:sam", "aadObjectId": account("sam")}}),
    "another button under the same id": press(BACK),
    "another conversation": press(id="f:2", conversation={"id": "a:other", "conversationType": "personal"}),
}


@pytest.mark.parametrize("other", OTHERWISE.values(), ids=OTHERWISE)
async def test_what_differs_is_no_repeat(other: Activity) -> None:
    desk = Counting()
    intake = Intake(desk.take)

    await intake.take(press())
    await intake.take(other)

    assert len(desk.heard) == 2


async def test_a_line_is_known_by_its_id_alone_for_the_same_may_be_typed_twice() -> None:
    desk = Counting(says=lambda _: answers.nothing())
    intake = Intake(desk.take)

    for id in ("1", "1", "2"):
        await intake.take(activity(told(id=id)))

    assert [each.id for each in desk.heard] == ["1", "2"]


@pytest.mark.parametrize("says", [answers.wrong, lambda _: Answer(status=503, taken=False)])
async def test_what_was_not_taken_may_come_again(says: Callable[[str], Answer]) -> None:
    desk = Counting(says=says)
    intake = Intake(desk.take)
    await intake.take(press())
    desk.says = answers.said

    again = await intake.take(press())

    assert again == answers.said("Answer 2")


async def test_what_draws_is_drawn_as_often_as_it_is_asked_for() -> None:
    desk = Counting(says=lambda _: answers.card({"type": "AdaptiveCard"}))
    intake = Intake(desk.take)
    refresh = activity(pressed(LATER, "automatic"))

    await intake.take(refresh)
    await intake.take(refresh)

    assert len(desk.heard) == 2


async def test_a_dialog_is_opened_as_often_as_somebody_opens_it_and_sent_off_once() -> None:
    desk = Counting()
    intake = Intake(desk.take)

    for id in ("f:1", "f:2"):
        await intake.take(activity(invoked("task/fetch", {"data": LATER}, id=id)))
    for id in ("f:3", "f:4"):
        await intake.take(activity(invoked("task/submit", {"data": LATER}, id=id)))

    assert [each.id for each in desk.heard] == ["f:1", "f:2", "f:3"]


async def test_without_an_id_the_same_is_still_the_same() -> None:
    desk = Counting()
    intake = Intake(desk.take)

    await intake.take(press(id=""))
    await intake.take(press(id=""))
    await intake.take(activity(told(id=GONE)))
    await intake.take(activity(told(id=GONE)))

    assert len(desk.heard) == 3


async def test_only_so_much_is_remembered() -> None:
    kept = once.Once(most=2)
    deeds = [once.Deed() for _ in range(3)]
    clicks = [
        press({"b": number}, id=f"f:{number}", **{"from": {"id": f"29:{number}"}}) for number in range(3)
    ]

    for click, deed in zip(clicks, deeds, strict=True):
        kept.keep(click, deed)

    assert [kept.known(click) for click in clicks] == [None, *deeds[1:]]
