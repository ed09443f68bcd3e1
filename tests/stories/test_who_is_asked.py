"""Who is asked when nobody is there: whole evenings and weekends as everybody saw them."""

from dataclasses import replace
from datetime import date, time

import pytest

from bot.core.errors import NotAllowed, Settled
from bot.core.messages import Notice
from bot.core.people import Role, Shift
from tests.service.clinic import ALI, FRAN, JO, KIT, MAX, PIA, RIVERSIDE, SAM, london
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


def test_tomorrow_there_is_no_nurse(opened: type[Riverside]) -> None:
    away = {date(2027, 2, 18): {Role.NURSE: ()}}
    alone = replace(RIVERSIDE, roster_changes=away, on_call={}, channels=CHANNELS)
    clinic = opened("g.same_day_check", clinic=alone, now=london("2027-02-17 09:00"))
    for start, code in (("14:00", "K7Q2"), ("15:00", "M4XD"), ("16:30", "W9TR")):
        clinic.book(f"2027-02-18 {start}", code=code)

    warned(clinic, "2027-02-17 13:55")
    warned(clinic, "2027-02-17 14:00")
    clinic.until("2027-02-17 14:05").command(FRAN, "move W9TR 2027-02-19 09:30")
    warned(clinic, "2027-02-17 14:10")
    warned(clinic, "2027-02-18 08:00")
    clinic.until("2027-02-18 13:15").mark("arrived")
    clinic.until("2027-02-18 13:26")

    assert clinic.story == told("tomorrow_there_is_no_nurse")
    assert nothing_was_said_twice(clinic)


def warned(clinic: Riverside, wall: str) -> None:
    """Write into the story what the manager's card says of the days to come."""
    clinic.until(wall).speak()
    for message in clinic.workspace.of(KIT):
        assert isinstance(message.card, Notice)
        says = f"         {london(wall):%a %H:%M} the card says:"
        clinic.lines += [f"{says} {line}" for line in message.card.lines]


def test_the_operator_of_a_booking_has_left(opened: type[Riverside]) -> None:
    clinic = opened("g.site_marked", "g.eyewear", "g.timeout", now=london("2027-02-18 08:00"))
    clinic.book(operator="lea").until("2027-02-18 08:44").mark("arrived")

    clinic.until("2027-02-18 09:16")
    with pytest.raises(NotAllowed):
        clinic.said(KIT, "answers Site marked", lambda: clinic.early(KIT, "g.site_marked"))
    clinic.early(MAX, "g.site_marked")
    clinic.until("2027-02-18 09:26")

    assert clinic.story == told("the_operator_of_a_booking_has_left")
    assert nothing_was_said_twice(clinic)
