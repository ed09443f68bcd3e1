"""Forms stand open, devices differ, channels change, calls hang: what people see of it in Teams."""

from __future__ import annotations

import asyncio

import pytest

from bot.chat.teams.chat import TAKEN_BACK
from bot.core.outgoing import Verb
from tests.chat.teams.at_work import AtWork, at_work
from tests.chat.teams.fake import BOARD
from tests.chat.teams.hands import Hands
from tests.service.clinic import JO, KIT, SAM

pytestmark = pytest.mark.anyio

STEPS = ("g.medicines", "g.allergies")


def asks(cards: list[str]) -> list[str]:
    return [each for each in cards if "Medication disclosure" in each and "now with" not in each]


async def test_an_upgrade_of_the_app_changes_nothing() -> None:
    async with at_work(*STEPS) as on:
        await on.until("2027-01-12 14:30")
        before = on.state()[1], on.stands(KIT)

        answer = await on.person(SAM).install(upgrade=True)
        await on.until("2027-01-12 15:10")

        assert answer.status == 200
        assert (on.state()[1], on.stands(KIT)) == before
        assert len(asks(on.stands(SAM))) == 1


async def test_a_form_that_is_being_filled_in_is_not_wiped_by_an_edit() -> None:
    async with at_work(*STEPS) as on:
        await on.until("2027-01-12 15:01")
        hands = Hands(on)
        sam = hands.people[SAM]
        card = sam.card("Medication disclosure")
        await sam.press(card, "Answer all 2")
        form = sam.reads(card)

        await drawn_anew(on)

        assert sam.reads(card) == form
        values = hands.usual(sam, card)
        await sam.press(card, "Confirm", **values)
        await on.until("2027-01-12 15:05")
        assert on.riverside.statuses(*STEPS) == dict.fromkeys(STEPS, "done")
        assert "Confirmed by Sam Specimen" in on.person(SAM).reads(card)


async def drawn_anew(on: AtWork) -> None:
    """Let the outbox want to draw the card, for minutes."""
    with on.office.practice.store.writing() as tx:
        (posting,) = tx.postings_of(["K7Q2:g.medicines:1:1"])["K7Q2:g.medicines:1:1"]
        tx.queue(posting.key, Verb.DRAW, key="again", at=on.riverside.clock.now())
    await on.until("2027-01-12 15:04")


async def test_the_other_device_sees_the_card_as_it_is_after_a_press() -> None:
    async with at_work(*STEPS) as on:
        await on.until("2027-01-12 15:01")
        telephone, desk = on.person(SAM), on.person(SAM)
        card = desk.card("Medication disclosure")

        await desk.press(card, "I’m on it")
        await on.speak()

        assert telephone.reads(card) == desk.reads(card)
        assert "on it" in telephone.reads(card)


async def test_a_call_that_hangs_keeps_no_click_waiting() -> None:
    async with at_work(*STEPS) as on:
        await on.until("2027-01-12 15:01")
        sam = on.person(SAM)
        on.teams.troubles["post"].append("hang")
        hanging = asyncio.create_task(on.person(JO).say("mine"))
        await on.teams.until_called("post", on.teams.count("post") + 1)

        answer = await sam.press(sam.card("Medication disclosure"), "In 20 min")

        assert answer.taken
        on.teams.patience.set()
        await hanging


async def test_a_channel_that_is_deleted_is_told_to_the_manager_and_gets_its_board_anew() -> None:
    async with at_work(*STEPS) as on:
        await on.until("2027-01-12 15:10")
        await on.person(JO).happens("channelDeleted")
        await on.after_a_look()
        then = "\n".join(on.stands(KIT))

        await on.person(JO).happens("channelRestored")
        await on.after_a_look()

        assert "(board)" in then
        assert "Settled" in "\n".join(on.stands(KIT))
        assert len(on.boards()) == 2


async def test_a_channel_that_other_companies_read_gets_no_case_any_more() -> None:
    async with at_work(*STEPS) as on:
        await on.until("2027-01-12 15:10")
        on.teams.conversations[BOARD].type = "shared"

        await on.person(JO).happens("channelShared")
        await on.after_a_look()
        await on.until("2027-01-13 12:00")

        assert on.stands(BOARD) == [TAKEN_BACK]
