"""People go and channels are lost in Teams, told by it or found out: what the clinic sees of that."""

from dataclasses import replace

import pytest

from bot.core.people import Role
from tests.chat.teams.at_work import CLINIC, ESCALATIONS, NURSES, AtWork, at_work
from tests.service.clinic import JO, KIT, SAM

pytestmark = pytest.mark.anyio

STEPS = ("g.medicines", "g.allergies")
#: No nurse works: what is asked of one is asked in their channel.
NO_NURSE = replace(CLINIC, roster={day: {**duty, Role.NURSE: ()} for day, duty in CLINIC.roster.items()})


def asks(cards: list[str]) -> list[str]:
    over = ("now with", "Still open")
    return [each for each in cards if "Medication disclosure" in each and not any(map(each.count, over))]


def news(on: AtWork) -> list[str]:
    return [each for each in on.stands(KIT) if "cannot be asked" in each]


async def test_whoever_opens_bookend_is_greeted_once() -> None:
    async with at_work(*STEPS) as on:
        await on.person(JO).install(upgrade=True)
        await on.person(JO).say("help")
        await on.after_a_look()

        hello = [each for each in on.stands(JO) if "Hello, I am Bookend" in each]

    assert len(hello) == 1 and "Riverside" in hello[0]


async def test_what_waits_for_a_nurse_who_blocks_bookend_goes_on_and_the_manager_hears_it_once() -> None:
    async with at_work(*STEPS) as on:
        await on.until("2027-01-12 15:10")
        assert len(asks(on.stands(SAM))) == 1
        on.person(SAM).block()

        # the reminder is the first that Teams refuses
        await on.until("2027-01-12 15:30")
        await on.after_a_look()
        handed = asks(on.stands(JO))
        await on.until("2027-01-13 09:00")

        assert len(handed) == 1
        (told,) = news(on)

    assert "Teams says that Sam Specimen blocked Bookend, or does not have it." in told
    assert "2 open items went to others." in told
    assert "Ask them to open Bookend in Teams and to write hello there" in told


async def test_a_nurse_who_is_back_is_asked_again_and_answered_at_once() -> None:
    async with at_work(*STEPS) as on:
        sam = on.person(SAM)
        await sam.remove()
        await on.after_a_look()
        told = news(on)
        on.teams.without.clear()

        await sam.say("mine")
        await on.after_a_look()
        await on.until("2027-01-12 15:10")

        assert "took Bookend out of their apps" in told[0]
        assert "Settled: Sam Specimen is asked as before." in news(on)[0]
        assert not any("I do not know you" in each for each in on.stands(SAM))
        assert (len(asks(on.stands(SAM))), asks(on.stands(JO))) == (1, [])


async def test_who_never_opened_bookend_is_handed_on_when_there_is_something_to_ask() -> None:
    async with at_work(*STEPS) as on:
        await on.person(SAM).remove()
        await on.after_a_look()

        await on.until("2027-01-12 15:10")

        assert (asks(on.stands(SAM)), len(asks(on.stands(JO)))) == ([], 1)


async def test_what_waits_in_a_deleted_channel_goes_to_the_next_place_and_the_manager_hears_it() -> None:
    async with at_work(*STEPS, clinic=NO_NURSE) as on:
        await on.until("2027-01-12 17:10")
        assert len(asks(on.stands(NURSES))) == 1

        await on.person(JO).happens("channelDeleted", channel=NURSES)
        await on.after_a_look()

        assert len(asks(on.stands(ESCALATIONS))) == 1
        (told,) = [each for each in on.stands(KIT) if "A channel cannot be used" in each]

    assert f"{NURSES} (nurse) was deleted: restore it, or name another in your clinic's file." in told
