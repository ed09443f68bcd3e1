"""What a clinic hears is counted by week and role, and an edit is no noise."""

from datetime import date

import pytest

from bot.core.kinds import CardKind
from bot.core.noise import Heard, Noise, noise, outside_hours, role_of
from bot.core.people import Role
from tests.service.clinic import JO, KIT, MAX, PIA, RIVERSIDE, london


def heard(
    wall: str, who: str = JO, kind: str = CardKind.PREP, card: str = "a", *, again: bool = False
) -> Heard:
    return Heard(at=london(wall), person=who, kind=kind, card=card, repeat=again)


def test_a_week_of_a_role_has_its_messages_its_repeats_and_what_came_while_closed() -> None:
    week = [
        heard("2027-02-08 09:00", card="a"),
        heard("2027-02-08 09:30", card="a", again=True),
        heard("2027-02-10 19:30", card="b"),
        heard("2027-02-14 12:00", card="c"),
    ]

    (found,) = noise(week, RIVERSIDE)

    assert found == Noise(
        role=Role.NURSE, week=date(2027, 2, 8), messages=3, repeats=1, answered_first=2, after_hours=2
    )


def test_weeks_and_roles_are_counted_apart_in_their_order() -> None:
    both = [
        heard("2027-02-16 09:00", MAX, CardKind.ROOM),
        heard("2027-02-16 09:00", JO),
        heard("2027-02-09 09:00", MAX, CardKind.RECORD),
    ]

    found = [(each.week.day, each.role) for each in noise(both, RIVERSIDE)]

    assert found == [(8, Role.OPERATOR), (15, Role.NURSE), (15, Role.OPERATOR)]


@pytest.mark.parametrize(
    ("who", "kind", "role"),
    [
        (JO, CardKind.AFTER, Role.NURSE),
        (PIA, CardKind.WORKLIST, Role.PHYSICIAN),
        (KIT, "slipping", Role.MANAGER),
        (PIA, CardKind.PREP, Role.PHYSICIAN),
        ("", "board", None),
        ("gone", CardKind.PREP, None),
    ],
)
def test_a_card_is_heard_in_the_role_it_is_for(who: str, kind: str, role: Role | None) -> None:
    assert role_of(heard("2027-02-08 09:00", who, kind), RIVERSIDE) is role


@pytest.mark.parametrize(
    ("wall", "outside"),
    [
        ("2027-02-10 07:59", True),
        ("2027-02-10 08:00", False),
        ("2027-02-10 18:00", True),
        ("2027-02-15 12:00", True),
    ],
)
def test_the_clinics_hours_and_holidays_say_what_is_outside(wall: str, outside: bool) -> None:
    assert outside_hours(RIVERSIDE, london(wall)) is outside
