"""People go and channels are lost in Teams, told by it or found out: what the clinic sees of that."""

from dataclasses import replace

import pytest

from bot.core.people import Role
from tests.chat.teams.fake import GENERAL
from tests.chat.teams.in_office import CLINIC, NURSES, InOffice, in_office
from tests.service.clinic import JO, KIT, SAM

pytestmark = pytest.mark.anyio

STEPS = ("g.medicines", "g.allergies")
#: No nurse works: what is asked of one is asked in their channel.
NO_NURSE = replace(CLINIC, roster={day: {**duty, Role.NURSE: ()} for day, duty in CLINIC.roster.items()})


def asks(cards: list[str]) -> list[str]:
    over = ("now with", "Still open")
    return [each for each in cards if "Medication disclosure" in each and not any(map(each.count, over))]


def news(clinic: InOffice) -> list[str]:
    return [each for each in clinic.stands(KIT) if "cannot be asked" in each]


async def test_whoever_opens_bookend_is_greeted_once() -> None:
    async with in_office(*STEPS) as clinic:
        await clinic.person(JO).install(upgrade=True)
        await clinic.person(JO).say("help")
        await clinic.after_a_look()

        hello = [each for each in clinic.stands(JO) if "Hello, I am Bookend" in each]

    assert len(hello) == 1 and "Riverside" in hello[0]


async def test_what_waits_for_a_nurse_who_blocks_bookend_goes_on_and_the_manager_hears_it_once() -> None:
    async with in_office(*STEPS) as clinic:
        await clinic.until("2027-01-12 15:10")
        assert len(asks(clinic.stands(SAM))) == 1
        clinic.person(SAM).block()

        # the reminder is the first that Teams refuses
        await clinic.until("2027-01-12 15:30")
        await clinic.after_a_look()
        handed = asks(clinic.stands(JO))
        await clinic.until("2027-01-13 09:00")

        assert len(handed) == 1
        (told,) = news(clinic)

    assert "Teams says that Sam Specimen blocked Bookend, or does not have it." in told
    assert "2 open items went to others." in told
    assert "Ask them to open Bookend in Teams and to write hello there" in told


async def test_a_nurse_who_is_back_is_asked_again_and_answered_at_once() -> None:
    async with in_office(*STEPS) as clinic:
        sam = clinic.person(SAM)
        await sam.remove()
        await clinic.after_a_look()
        told = news(clinic)
        clinic.teams.without.clear()

        await sam.say("mine")
        await clinic.after_a_look()
        await clinic.until("2027-01-12 15:10")

        assert "took Bookend out of their apps" in told[0]
        assert "Settled: Sam Specimen is asked as before." in news(clinic)[0]
        assert not any("I do not know you" in each for each in clinic.stands(SAM))
        assert (len(asks(clinic.stands(SAM))), asks(clinic.stands(JO))) == (1, [])


async def test_who_never_opened_bookend_is_handed_on_when_there_is_something_to_ask() -> None:
    async with in_office(*STEPS) as clinic:
        await clinic.person(SAM).remove()
        await clinic.after_a_look()

        await clinic.until("2027-01-12 15:10")

        assert (asks(clinic.stands(SAM)), len(asks(clinic.stands(JO)))) == ([], 1)


async def test_what_waits_in_a_deleted_channel_goes_to_the_next_place_and_the_manager_hears_it() -> None:
    async with in_office(*STEPS, clinic=NO_NURSE) as clinic:
        await clinic.until("2027-01-12 17:10")
        assert len(asks(clinic.stands(NURSES))) == 1

        await clinic.person(JO).happens("channelDeleted", channel=NURSES)
        await clinic.after_a_look()

        assert len(asks(clinic.stands(GENERAL))) == 1
        (told,) = [each for each in clinic.stands(KIT) if "A channel cannot be used" in each]

    assert f"{NURSES} (nurse) was deleted: restore it, or name another in your clinic's file." in told
