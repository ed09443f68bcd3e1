"""Who may do what: the table is whole, and a refusal names who can and who of them is there."""

from dataclasses import replace

import pytest

from bot.core.actions import Action
from bot.core.errors import NotAllowed
from bot.core.people import Clinic, Person, Role
from bot.core.permissions import OF_ACTION, OF_COMMAND, WHO, Deed, answering, may, require
from bot.core.replies import COMMANDS
from tests.service.clinic import KIT, RIVERSIDE, london

NOON = london("2027-01-12 12:00")
NIGHT = london("2027-01-12 23:00")


def one(role: Role) -> Person:
    return Person(id="one", name="Only One", roles=frozenset({role}))


def refusal(clinic: Clinic, deed: Deed, role: Role, now: object = NOON) -> str:
    with pytest.raises(NotAllowed) as refused:
        require(one(role), deed, clinic, now)  # type: ignore[arg-type]
    return str(refused.value)


def test_every_action_and_every_command_is_a_deed_of_the_table() -> None:
    assert set(OF_ACTION) == set(Action)
    assert set(OF_COMMAND) == set(COMMANDS)
    assert set(WHO) == set(Deed)


def test_nobody_is_named_twice_for_a_deed_and_each_deed_has_somebody() -> None:
    assert all(roles and len(set(roles)) == len(roles) for roles in WHO.values())


@pytest.mark.parametrize("deed", Deed)
def test_whoever_holds_one_role_of_the_table_may_and_everybody_else_is_refused(deed: Deed) -> None:
    for role in Role:
        if role in WHO[deed]:
            require(one(role), deed, RIVERSIDE, NOON)
        else:
            assert deed.value in refusal(RIVERSIDE, deed, role)
        assert may(one(role), deed) == (role in WHO[deed])


def test_what_only_physicians_decide_no_other_role_reaches() -> None:
    assert WHO[Deed.DECIDE] == WHO[Deed.CORRECT] == (Role.PHYSICIAN,)
    assert WHO[Deed.SIGN] == (Role.MEDICAL_DIRECTOR,)


def test_a_refusal_names_who_can_and_that_they_are_on_duty() -> None:
    assert refusal(RIVERSIDE, Deed.DECIDE, Role.NURSE) == (
        "Only the physician may decide on a stop: Dr Ali is on duty. Nothing was changed."
    )


def test_several_who_can_are_all_named() -> None:
    said = refusal(RIVERSIDE, Deed.MOVE, Role.NURSE)

    assert said == (
        "Only the front desk, the physician or the manager may move a case: "
        "Fran Draft, Dr Ali and Kit Pattern are on duty. Nothing was changed."
    )


def test_at_night_the_person_on_call_is_named() -> None:
    assert "Dr Pia is on call." in refusal(RIVERSIDE, Deed.DECIDE, Role.NURSE, NIGHT)


def test_with_nobody_on_duty_or_on_call_those_who_hold_the_role_are_named() -> None:
    quiet = replace(RIVERSIDE, on_call={})

    assert "nobody is on duty; ask Dr Ali or Dr Pia." in refusal(quiet, Deed.DECIDE, Role.NURSE, NIGHT)


def test_where_nobody_holds_the_role_the_clinics_file_is_named() -> None:
    empty = replace(RIVERSIDE, on_call={}, roster={}, people={KIT: RIVERSIDE.people[KIT]})

    assert "nobody has that role in the clinic's file" in refusal(empty, Deed.DECIDE, Role.MANAGER)


@pytest.mark.parametrize("asked", Role)
@pytest.mark.parametrize("role", Role)
def test_an_item_is_answered_by_its_role_or_by_a_physician(asked: Role, role: Role) -> None:
    own = role is asked and role in WHO[Deed.ANSWER]

    if own or role is Role.PHYSICIAN:
        assert answering(one(role), asked, "Skin exam", RIVERSIDE, NOON) is role
    else:
        with pytest.raises(NotAllowed, match=r"Skin exam is for .* to answer: .* Nothing was changed"):
            answering(one(role), asked, "Skin exam", RIVERSIDE, NOON)


def test_with_both_roles_one_answers_as_the_role_that_was_asked() -> None:
    both = replace(one(Role.NURSE), roles=frozenset({Role.NURSE, Role.PHYSICIAN}))

    assert answering(both, Role.NURSE, "History", RIVERSIDE, NOON) is Role.NURSE
