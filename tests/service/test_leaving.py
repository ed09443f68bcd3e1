"""Somebody leaves the platform: what waited for them goes on with others, and the manager hears it once."""

from dataclasses import replace

import pytest

from bot.core.errors import NotAllowed
from bot.core.messages import Notice
from bot.core.people import Role
from bot.core.replies import Address
from bot.core.staffing import BLOCKED, Look
from tests.service.clinic import FRAN, JO, KIT, MAX, RIVERSIDE, SAM
from tests.service.riverside import Riverside
from tests.service.workspace import PLATFORM

LEFT = {SAM: "has left"}
#: Sam is the nurse alone; Jo is one, too, and works as well once Sam is gone.
FIRST_SAM = replace(
    RIVERSIDE,
    roster={day: {**duty, Role.NURSE: (SAM, JO)} for day, duty in RIVERSIDE.roster.items()},
    on_call={},
)


def asked_sam(clinic: Riverside) -> Riverside:
    clinic.book().until("2027-01-12 15:10")
    assert len(clinic.workspace.of(SAM)) == 1
    return clinic


def news(clinic: Riverside, who: str = KIT) -> list[str]:
    cards = [message.card for message in clinic.workspace.of(who)]
    return [card.text for card in cards if isinstance(card, Notice) and "cannot be asked" in card.heading]


def test_what_somebody_was_asked_is_asked_of_whoever_is_there_and_their_card_says_so() -> None:
    clinic = asked_sam(Riverside("g.medicines", "g.allergies", clinic=FIRST_SAM))

    clinic.look(refused=LEFT).speak()

    (card,) = clinic.workspace.of(SAM)
    assert card.over.endswith("now with Jo Sample.")
    clinic.answer(JO, "Allergies")
    assert clinic.statuses("g.allergies") == {"g.allergies": "done"}


def test_whoever_left_can_answer_nothing_and_keeps_their_name_in_what_they_answered() -> None:
    clinic = asked_sam(Riverside("g.medicines", "g.allergies", clinic=FIRST_SAM))
    button = clinic.button(SAM, "Answer", "Allergies")
    clinic.answer(SAM, "Medication disclosure")

    clinic.look(refused=LEFT).speak()

    with pytest.raises(NotAllowed, match="I do not know you yet"):
        clinic.answer_with(SAM, button)
    assert clinic.statuses("g.allergies") == {"g.allergies": "open"}
    answered = clinic.task("g.medicines").answer
    assert answered is not None and answered.by == SAM
    assert clinic.practice.clinics["riverside"].people[SAM].name == "Sam Specimen"


def test_what_somebody_held_goes_to_the_manager_as_if_they_had_left_the_file() -> None:
    clinic = asked_sam(Riverside("g.medicines", "g.allergies", clinic=FIRST_SAM))
    clinic.type(SAM, "on it")

    clinic.look(refused=LEFT).speak()

    assert clinic.task("g.medicines").holder == SAM
    assert {line.title for line in clinic.card(KIT).lines} == {"Medication disclosure", "Allergies"}


def test_the_manager_is_told_once_however_often_the_platform_says_so() -> None:
    clinic = asked_sam(Riverside("g.medicines", "g.allergies", clinic=FIRST_SAM))

    for _ in range(3):
        clinic.look(refused=LEFT).speak()
    same = {"store": clinic.store, "workspace": clinic.workspace, "now": clinic.clock.now()}
    again = Riverside("g.medicines", "g.allergies", clinic=FIRST_SAM, **same)
    again.look(refused=LEFT).speak()

    assert news(again) == [
        "Workspace says that Sam Specimen has left. Nothing is asked of them, and they cannot answer. "
        "2 open items went to others."
    ]
    assert [entry.kind for entry in again.history()].count("left") == 1


def test_whoever_comes_back_is_asked_again_and_the_managers_card_says_so() -> None:
    clinic = asked_sam(Riverside("g.medicines", "g.allergies", clinic=FIRST_SAM))
    clinic.look(refused=LEFT).speak()

    clinic.look().speak()
    after = clinic.practice.clinics["riverside"]

    assert after.people[SAM].may(Role.NURSE)
    assert news(clinic) == ["Settled: Sam Specimen is asked as before."]
    clinic.look(refused=LEFT).speak()
    assert len(news(clinic)) == 2, "it happened again"


def test_of_whom_the_platform_says_nothing_yet_nothing_is_new() -> None:
    clinic = asked_sam(Riverside("g.medicines", clinic=FIRST_SAM))
    clinic.look(refused=LEFT).speak()

    clinic.look(accounts={JO: JO}).speak()

    assert news(clinic)[0].startswith("Workspace says that Sam Specimen has left.")


def test_a_hand_off_to_whoever_left_stays_with_the_giver_who_is_told() -> None:
    clinic = Riverside("g.medicines", "g.allergies").book().until("2027-01-12 15:10")
    clinic.type(JO, "to @sam")
    clinic.speak()

    clinic.look(refused=LEFT).speak()

    told = [message.card.text for message in clinic.workspace.of(JO)]
    assert "Sam Specimen cannot be asked any more without an answer; it stays with Jo Sample." in told


def test_the_manager_who_left_is_not_the_one_who_is_told() -> None:
    both = replace(RIVERSIDE.people[FRAN], roles=frozenset({Role.FRONT_DESK, Role.MANAGER}))
    there = replace(RIVERSIDE, people={**RIVERSIDE.people, FRAN: both})
    clinic = Riverside("g.medicines", clinic=there).book()

    clinic.look(refused={KIT: "is a guest"}).speak()

    assert (len(news(clinic)), len(news(clinic, FRAN))) == (0, 1)


def test_nobody_is_named_for_what_has_their_role_only_by_a_group_they_are_not_in() -> None:
    bare = {**RIVERSIDE.people, MAX: replace(RIVERSIDE.people[MAX], roles=frozenset())}
    grouped = replace(RIVERSIDE, people=bare, groups={PLATFORM: {Role.OPERATOR: "S0OPS"}})
    clinic = Riverside("g.site_marked", clinic=grouped)

    clinic.look(groups={"S0OPS": frozenset({JO})})
    outside = clinic.practice.clinics["riverside"]
    clinic.look(groups={"S0OPS": frozenset({MAX})})
    inside = clinic.practice.clinics["riverside"]

    assert (outside.people[MAX].may(Role.OPERATOR), inside.people[MAX].may(Role.OPERATOR)) == (False, True)
    assert outside.people[JO].may(Role.OPERATOR)


def test_who_can_set_it_right_alone_is_to_be_asked_to() -> None:
    clinic = asked_sam(Riverside("g.medicines", clinic=FIRST_SAM))

    clinic.look(refused={SAM: BLOCKED}).speak()

    (told,) = [each.card for each in clinic.workspace.of(KIT) if isinstance(each.card, Notice)]
    assert told.text.startswith(f"Workspace says that Sam Specimen {BLOCKED}.")
    assert told.lines[0].startswith("Ask them to open Bookend in Workspace and to write hello there")


def test_whoever_is_on_another_platform_as_well_is_asked_there_and_nothing_goes_to_others() -> None:
    both = replace(FIRST_SAM.people[SAM], accounts={PLATFORM: SAM, "local": "sam"})
    there = replace(FIRST_SAM, people={**FIRST_SAM.people, SAM: both})
    clinic = asked_sam(Riverside("g.medicines", clinic=there))
    running = replace(clinic.practice, platforms=(PLATFORM, "local"))
    clinic.office = replace(clinic.office, practice=running)
    clinic.office.look(Look(platform="local", accounts={"sam": "sam"}))

    for _ in range(2):
        clinic.look(refused={SAM: BLOCKED}).speak()

    (told,) = [each.card for each in clinic.workspace.of(KIT) if isinstance(each.card, Notice)]
    assert told.heading == "Sam Specimen cannot be asked in Workspace"
    assert told.text == f"Workspace says that Sam Specimen {BLOCKED}. They are asked in Local."
    task = clinic.task("g.medicines")
    with clinic.store.reading() as reading:
        asked = reading.asked_on([task.key])[task.key]
    assert (asked.person, asked.to) == (SAM, Address(platform="local", account="sam"))
    assert task.asking == 1, "it is the same card"
    assert clinic.practice.clinics["riverside"].people[SAM].may(Role.NURSE)
