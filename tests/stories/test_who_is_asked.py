"""Who is asked when nobody is there: whole evenings and weekends as everybody saw them."""

from dataclasses import replace
from datetime import date, time

import pytest

from bot.core.errors import Settled
from bot.core.people import Role, Shift
from tests.service.clinic import ALI, FRAN, JO, PIA, RIVERSIDE, SAM
from tests.service.riverside import Riverside
from tests.service.workspace import PLATFORM
from tests.stories.test_stories import nothing_was_said_twice, told

CHANNELS = {PLATFORM: {"nurse": "#nurses", "escalations": "#help"}}


def test_nobody_is_on_duty_and_somebody_claims(opened: type[Riverside]) -> None:
    morning = {date(2027, 1, 12): {Role.NURSE: (Shift(person=JO, starts=time(8), ends=time(14)),)}}
    alone = replace(RIVERSIDE, roster_changes=morning, on_call={}, channels=CHANNELS)
    clinic = opened("g.medicines", "g.allergies", "g.skin_exam", clinic=alone).book()

    clinic.until("2027-01-12 15:10")
    (card,) = clinic.workspace.of("#nurses")
    button = clinic.button(SAM, "Claim", on=card)
    clinic.press(SAM, "Claim", on=card)
    clinic.speak()
    clinic.until("2027-01-12 15:11")
    clinic.lines.append(f"         #nurses: {card.over}")
    with pytest.raises(Settled):
        clinic.said(JO, "presses Claim", lambda: clinic.answer_with(JO, button))
    clinic.until("2027-01-12 15:20").answer(SAM, "Medication disclosure")
    clinic.answer(SAM, "Allergies")
    clinic.until("2027-01-12 15:25").type(ALI, "on it")
    clinic.until("2027-01-13 07:59")

    assert clinic.story == told("nobody_is_on_duty_and_somebody_claims")
    assert nothing_was_said_twice(clinic)


def test_an_urgent_complication_at_night(opened: type[Riverside]) -> None:
    night = replace(RIVERSIDE, on_call={Role.PHYSICIAN: (PIA, ALI), Role.NURSE: (SAM,)})
    clinic = opened("e.triage", "e.physician", "e.recontact", clinic=night).book()
    clinic.until("2027-02-20 01:40")

    clinic.command(FRAN, "event K7Q2 urgent")
    clinic.until("2027-02-20 01:52").type(ALI, "on it")
    clinic.until("2027-02-20 02:20").answer(ALI, "Complication, physician decides", decision="see_today")
    clinic.answer(SAM, "Complication, first call", urgency="urgent", symptoms=("fever",))
    clinic.until("2027-02-21 09:30")

    assert clinic.story.split("Sat 20 Feb\n")[1] == told("an_urgent_complication_at_night")
    assert nothing_was_said_twice(clinic)


def test_a_ladder_waits_for_the_weekend_to_be_over(opened: type[Riverside]) -> None:
    clinic = opened("g.change_check").book("2027-02-24 09:30").until("2027-01-15 16:00")
    clinic.command(FRAN, "move K7Q2 2027-01-18 12:00")

    clinic.until("2027-01-18 10:30")

    assert clinic.story == told("a_ladder_waits_for_the_weekend_to_be_over")
