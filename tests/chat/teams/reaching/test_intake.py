"""Teams is never kept waiting, hears no accident, and what it sends too much of is turned away."""

import asyncio
import logging

import pytest

from bot.chat import underway
from bot.chat.teams.reaching import answers, intake
from bot.chat.teams.reaching.activity import Activity, Kind
from bot.chat.teams.reaching.answers import Answer
from bot.chat.teams.reaching.intake import FOLLOWS, Intake
from bot.chat.teams.reaching.normal import activity
from tests.chat.teams.reaching.test_once import Counting
from tests.chat.teams.reaching.told import ODD, invoked, pressed, told

pytestmark = pytest.mark.anyio

PRESS = activity(pressed({"b": 1}))
DIALOG = activity(invoked("task/submit", {"data": {"b": 1}}))
LINE = activity(told(text="Erika Muster called"))


async def stumble(activity: Activity) -> Answer:
    raise LookupError(f"nobody foresaw {activity.text}")


async def test_who_waits_too_long_is_told_that_it_follows_and_it_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(intake, "LONGEST", 0.01)
    desk, followed = Counting(), list[tuple[Activity, Answer]]()
    drawn = asyncio.Event()

    async def late(activity: Activity, answer: Answer) -> None:
        await drawn.wait()
        followed.append((activity, answer))

    taking = Intake(desk.take, late=late)
    desk.open.clear()
    told_meanwhile = [await taking.take(PRESS), await taking.take(PRESS)]
    desk.open.set()
    asyncio.get_running_loop().call_later(0.01, drawn.set)
    await taking.finish()

    assert told_meanwhile == [answers.said(FOLLOWS)] * 2
    assert followed == [(PRESS, answers.said("Answer 1"))]


async def test_what_was_answered_in_time_does_not_follow() -> None:
    followed = list[Activity]()

    async def late(activity: Activity, _: Answer) -> None:
        followed.append(activity)

    taking = Intake(Counting().take, late=late)
    await taking.take(PRESS)
    await taking.finish()

    assert followed == []


async def test_a_line_that_takes_long_is_taken_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "LONGEST", 0.01)
    desk, followed = Counting(says=lambda _: answers.nothing()), list[Activity]()

    async def late(activity: Activity, _: Answer) -> None:
        followed.append(activity)

    taking = Intake(desk.take, late=late)
    desk.open.clear()
    answer = await taking.take(LINE)
    desk.open.set()
    await taking.finish()

    assert (answer, len(desk.heard), followed) == (answers.nothing(), 1, [])


async def test_an_accident_is_answered_in_words_and_the_log_has_none_of_what_was_said(
    caplog: pytest.LogCaptureFixture,
) -> None:
    taking = Intake(stumble)
    line = stumble.__code__.co_firstlineno + 1

    pressed_, sent, typed = [await taking.take(each) for each in (PRESS, DIALOG, LINE)]

    assert (pressed_.status, pressed_.body["statusCode"]) == (200, 500)
    assert pressed_.body["value"]["message"] == "Something went wrong here. Try again."
    assert sent.body["task"]["value"] == "Something went wrong here. Try again."
    assert typed.status == 503
    assert [record.getMessage() for record in caplog.records] == [
        f"What Teams sent could not be taken: {name}, LookupError at test_intake.py:{line}"
        for name in ("invoke adaptiveCard/action", "invoke task/submit", "message")
    ]
    assert not any(record.exc_info for record in caplog.records)


@pytest.mark.parametrize("click", [PRESS, DIALOG, LINE], ids=lambda each: each.kind)
async def test_after_an_accident_the_same_may_come_again(click: Activity) -> None:
    tries = list[Activity]()

    async def at_second_try(activity: Activity) -> Answer:
        tries.append(activity)
        return await stumble(activity) if len(tries) == 1 else answers.told(activity, "Noted.")

    taking = Intake(at_second_try)
    await taking.take(click)

    assert await taking.take(click) == answers.told(click, "Noted.")


@pytest.mark.parametrize("body", ODD.values(), ids=ODD)
async def test_an_invoke_is_never_answered_with_nothing(body: dict[str, object]) -> None:
    async def silent(_: Activity) -> Answer:
        return answers.nothing()

    odd = activity(body)

    answer = await Intake(silent).take(odd)

    assert bool(answer.body) is odd.invoke
    assert ("task" in answer.body) is (odd.kind in (Kind.OPEN, Kind.SUBMIT))


async def test_a_flood_is_turned_away_before_it_fills_the_memory(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(underway, "MOST", 2)
    desk = Counting()
    taking = Intake(desk.take)
    desk.open.clear()
    first = [asyncio.create_task(taking.take(_by(number))) for number in range(2)]
    await desk.began.wait()

    turned = await taking.take(_by(3)), await taking.take(activity(told()))
    desk.open.set()
    await asyncio.gather(*first)

    assert (turned[0].body["statusCode"], turned[1].status) == (500, 503)
    assert len(desk.heard) == 2
    assert (await taking.take(_by(3))).taken
    assert {record.levelno for record in caplog.records} == {logging.WARNING}


async def test_one_persons_flood_leaves_room_for_everybody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(underway, "MOST_OF_ONE", 1)
    desk = Counting()
    taking = Intake(desk.take)
    desk.open.clear()
    first = asyncio.create_task(taking.take(PRESS))
    await desk.began.wait()

    second = await taking.take(activity(pressed({"b": 2})))
    desk.open.set()
    other = await taking.take(_by(1))

    assert (second.taken, other.taken, (await first).taken) == (False, True, True)


def _by(number: int) -> Activity:
    return activity(pressed({"b": number}) | {"id": f"f:{number}", "from": {"id": f"29:{number}"}})


async def test_what_is_under_way_comes_to_its_end_when_bookend_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "LONGEST", 0.01)
    desk = Counting()
    taking = Intake(desk.take)
    desk.open.clear()
    await taking.take(PRESS)
    asyncio.get_running_loop().call_soon(desk.open.set)

    await taking.finish()

    assert await taking.take(PRESS) == answers.said("Answer 1")
