"""The page's own messages: counted, kept and told of."""

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.chat.local.chat import Count, LocalChat
from bot.core.errors import StoreTrouble, TryLater, Undeliverable
from bot.core.replies import Address
from tests.chat import boards, samples
from tests.chat.local.house import CHANNEL, JO, MORNING, Hands

pytestmark = pytest.mark.anyio


def opened(file: Path | None = None, hands: Hands | None = None) -> LocalChat:
    return LocalChat(file, clock=hands or Hands(), calendar=samples.CLINIC.calendar)


async def test_a_repeated_send_is_the_same_message_and_changes_nothing() -> None:
    chat = opened()
    first = await chat.send(samples.PREP, JO, once="a")

    again = await chat.send(replace(samples.PREP, heading="Another"), JO, once="a")

    assert again == first
    assert [each.card for each in chat.latest("@jo")] == [samples.PREP]
    chat.close()


async def test_a_repeated_nudge_is_one_line() -> None:
    chat = opened()
    ref = await chat.send(samples.PREP, JO, once="a")

    for _ in range(2):
        await chat.nudge(ref, "Still open.", once="b")

    assert [each.text for each in chat.latest("@jo") if each.thread] == ["Still open."]
    chat.close()


@pytest.mark.parametrize(
    "card",
    [samples.WORKLIST, samples.DECISION, boards.BOARD, samples.REVIEW],
    ids=lambda card: card.heading,
)
async def test_a_card_comes_back_from_the_file_as_it_went_in(card: object, tmp_path: Path) -> None:
    first = opened(tmp_path / "messages.db")
    await first.send(card, JO, once="a")  # type: ignore[arg-type]
    second = opened(tmp_path / "messages.db")

    assert [each.card for each in second.latest("@jo")] == [card]
    first.close()
    second.close()


async def test_only_first_messages_are_counted_and_reminders_beside_them() -> None:
    hands = Hands()
    chat = opened(hands=hands)
    ref = await chat.send(samples.PREP, JO, once="a")
    await chat.send(samples.WORKLIST, JO, once="b")
    await chat.update(ref, samples.WORKLIST)
    await chat.nudge(ref, "Still open.", once="c")
    await chat.retire(ref, "Over.")
    hands.at = MORNING + timedelta(days=1)
    await chat.send(samples.PREP, JO, once="d")

    assert chat.counts(MORNING.date()) == {"@jo": Count(messages=2, nudges=1)}
    assert chat.counts(hands.at.date()) == {"@jo": Count(messages=1)}
    chat.close()


async def test_a_message_knows_when_it_was_posted_and_edited() -> None:
    hands = Hands()
    chat = opened(hands=hands)
    ref = await chat.send(samples.PREP, JO, once="a")
    hands.at += timedelta(minutes=5)

    await chat.update(ref, samples.WORKLIST)

    (message,) = chat.latest("@jo")
    assert (message.posted, message.edited) == (MORNING, MORNING + timedelta(minutes=5))
    chat.close()


async def test_the_newest_messages_come_last_and_old_ones_are_left_out() -> None:
    chat = opened()
    for number in range(5):
        await chat.send(replace(samples.PREP, heading=str(number)), JO, once=str(number))

    shown = chat.latest("@jo", most=3)

    assert [each.card.heading for each in shown if each.card] == ["2", "3", "4"]
    chat.close()


async def test_every_change_is_told_and_a_repeat_is_harmless() -> None:
    chat = opened()
    told = []
    with chat.listening() as heard:
        ref = await chat.send(samples.PREP, JO, once="a")
        for work in (
            chat.update(ref, samples.PREP),
            chat.nudge(ref, "Still open.", once="b"),
            chat.retire(ref, "Over."),
        ):
            heard.clear()
            await work
            told.append(heard.is_set())

    assert told == [True, True, True]
    chat.close()


async def test_a_listener_that_left_is_forgotten() -> None:
    chat = opened()
    with chat.listening() as heard:
        pass

    chat.touch()

    assert not heard.is_set()
    chat.close()


@pytest.mark.parametrize("to", [Address(platform="local"), replace(JO, channel="procedures")])
async def test_an_address_that_means_nobody_or_two_is_refused(to: Address) -> None:
    chat = opened()

    with pytest.raises(Undeliverable):
        await chat.send(samples.PREP, to, once="a")

    chat.close()


async def test_a_delivery_that_went_to_somebody_else_is_not_sent_again() -> None:
    chat = opened()
    await chat.send(samples.PREP, JO, once="a")

    with pytest.raises(Undeliverable, match="somebody else"):
        await chat.send(samples.PREP, CHANNEL, once="a")

    chat.close()


async def test_a_file_that_cannot_be_written_now_is_tried_again_later(tmp_path: Path) -> None:
    chat = opened(tmp_path / "messages.db")
    chat.close()

    with pytest.raises(TryLater, match="cannot be written"):
        await chat.send(samples.PREP, JO, once="a")


async def test_a_file_in_no_folder_is_refused_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StoreTrouble, match="Choose a folder"):
        opened(tmp_path / "nowhere" / "messages.db")


async def test_a_file_of_a_newer_bookend_is_left_alone(tmp_path: Path) -> None:
    newer = sqlite3.connect(tmp_path / "messages.db")
    newer.execute("PRAGMA user_version = 2")
    newer.close()

    with pytest.raises(StoreTrouble, match="newer Bookend"):
        opened(tmp_path / "messages.db")
