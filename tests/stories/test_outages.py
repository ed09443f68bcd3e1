"""An outage as a clinic lives through it: one warning or one report, and the day goes on."""

from dataclasses import replace

from tests.service.clinic import ALI, RIVERSIDE
from tests.service.riverside import Riverside
from tests.service.serving import away, off, turn, turns
from tests.service.workspace import PLATFORM
from tests.stories.test_stories import nothing_was_said_twice, told

CLINIC = replace(RIVERSIDE, channels={PLATFORM: {"board": "#procedures", "escalations": "#help"}})


def test_nothing_ran_for_half_an_hour(opened: type[Riverside]) -> None:
    clinic = opened("g.skin_exam", "g.photo_consent", clinic=CLINIC).book("2027-01-12 16:20")
    turn(clinic)
    turns(clinic, "2027-01-12 14:50")

    off(clinic, "2027-01-12 15:31")
    turns(clinic, "2027-01-12 15:33")
    clinic.answer(ALI, "Skin exam")
    turns(clinic, "2027-01-12 15:40")

    assert clinic.story == told("nothing_ran_for_half_an_hour")
    assert nothing_was_said_twice(clinic)


def test_the_chat_was_away_for_half_an_hour(opened: type[Riverside]) -> None:
    clinic = opened("g.skin_exam", "g.photo_consent", clinic=CLINIC).book("2027-01-12 16:20")
    turn(clinic)
    clinic.chat.passing = away
    turns(clinic, "2027-01-12 15:20")

    clinic.chat.passing = lambda point: None
    turns(clinic, "2027-01-12 15:25")

    assert clinic.story == told("the_chat_was_away_for_half_an_hour")
    assert nothing_was_said_twice(clinic)
