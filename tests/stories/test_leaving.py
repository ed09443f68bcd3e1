"""Sam leaves the clinic, and the board's channel becomes another company's, too: as everybody saw it."""

from dataclasses import replace

import pytest

from bot.core.errors import NotAllowed
from bot.core.people import Role
from bot.core.staffing import Lost, Trouble
from tests.service.clinic import JO, KIT, RIVERSIDE, SAM
from tests.service.riverside import Riverside
from tests.service.workspace import PLATFORM, spoken
from tests.stories.test_stories import nothing_was_said_twice, told


def shared(channel: str) -> Trouble:
    said = f"{channel} is shared with another company, so no case is shown there."
    return Trouble(why=Lost.SHARED, said=said)


def test_sam_leaves_the_clinic(opened: type[Riverside]) -> None:
    roster = {day: {**duty, Role.NURSE: (SAM, JO)} for day, duty in RIVERSIDE.roster.items()}
    clinic = opened("g.medicines", "g.allergies", "g.skin_exam", clinic=replace(RIVERSIDE, roster=roster))
    clinic.book().until("2027-01-12 15:02").answer(SAM, "Medication disclosure")
    button = clinic.button(SAM, "Answer", "Allergies")

    clinic.until("2027-01-12 15:20").look(refused={SAM: "has left"}).speak()
    # whom to ask for what to write into the file, each platform says in its own words
    with pytest.raises(NotAllowed, match="I do not know you yet"):
        clinic.answer_with(SAM, button)
    clinic.lines.append(f"         Sam’s card: Allergies: {clinic.card(SAM).lines[0].said}")
    clinic.until("2027-01-12 15:30").answer(JO, "Allergies")
    clinic.look(refused={SAM: "has left"}).until("2027-01-12 16:00")
    clinic.look().speak()
    clinic.lines.append(f"         Kit’s card: {spoken(clinic.workspace.of(KIT)[0].card)}")

    assert clinic.story == told("sam_leaves_the_clinic")
    assert nothing_was_said_twice(clinic)


def test_the_boards_channel_becomes_shared(opened: type[Riverside]) -> None:
    channels = {PLATFORM: {"board": "#procedures", "nurse": "#nurses"}}
    nobody = {day: {**duty, Role.NURSE: ()} for day, duty in RIVERSIDE.roster.items()}
    there = replace(RIVERSIDE, channels=channels, roster=nobody, on_call={})
    clinic = opened("g.medicines", "g.allergies", clinic=there).book()
    clinic.until("2027-01-12 15:10")

    clinic.look(lost={each: shared(each) for each in channels[PLATFORM].values()}).speak()
    for place in channels[PLATFORM].values():
        clinic.lines.append(f"         {place}: {clinic.workspace.of(place)[-1].over}")
    clinic.until("2027-01-12 15:30").look().speak()
    clinic.lines.append(f"         Kit’s card: {spoken(clinic.workspace.of(KIT)[1].card)}")
    clinic.until("2027-01-12 15:40")

    assert clinic.story == told("the_boards_channel_becomes_shared")
    assert nothing_was_said_twice(clinic)
