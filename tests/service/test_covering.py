"""Covering: the manager hears once that nobody is on duty for booked patients."""

from dataclasses import replace
from datetime import date

from bot.core.messages import Notice
from bot.core.people import Clinic, Role
from tests.service.clinic import FRAN, KIT, RIVERSIDE, WITH_BOARD
from tests.service.riverside import Riverside

DAY = date(2027, 2, 18)
NO_NURSE = {DAY: {Role.NURSE: ()}}
SAID = "CO₂ / Er:YAG resurfacing case, no nurse on duty"


def opened(clinic: Clinic) -> Riverside:
    return Riverside("g.same_day_check", clinic=clinic).book()


def at(clinic: Riverside, wall: str) -> Riverside:
    clinic.until(wall).speak()
    return clinic


def heard(clinic: Riverside) -> list[str]:
    said = clinic.sent(KIT)
    notices = [message.card for message in clinic.workspace.of(KIT)]
    lines = [line for card in notices if isinstance(card, Notice) for line in card.lines]
    return [*lines, *said[len(notices) :]]


def new_roster(clinic: Riverside, changed: Clinic) -> None:
    """Read the clinic's file anew, as a restart does."""
    clinic.practice = replace(clinic.practice, clinics={changed.id: changed})


def test_the_manager_is_told_on_the_afternoon_before_and_only_once() -> None:
    clinic = opened(replace(RIVERSIDE, roster_changes=NO_NURSE))
    before = heard(at(clinic, "2027-02-17 13:59"))

    for wall in ("14:05", "14:15", "17:00"):
        at(clinic, f"2027-02-17 {wall}")

    assert before == []
    assert heard(clinic) == [f"Tomorrow 08:55: 1 {SAID} (K7Q2)."]
    assert len(clinic.workspace.of(KIT)) == 1


def test_a_roster_that_changes_is_told_when_it_makes_a_gap() -> None:
    clinic = opened(RIVERSIDE)
    at(clinic, "2027-02-12 10:00")

    new_roster(clinic, replace(RIVERSIDE, roster_changes=NO_NURSE))
    at(clinic, "2027-02-12 10:10")

    assert heard(clinic) == [f"Thu 18 Feb 08:55: 1 {SAID} (K7Q2)."]


def test_a_move_into_a_gap_is_told_at_once_and_one_out_of_it_settles_the_card() -> None:
    clinic = opened(replace(RIVERSIDE, roster_changes={date(2027, 2, 19): {Role.NURSE: ()}}))
    at(clinic, "2027-02-16 09:00")
    clinic.command(FRAN, "move K7Q2 2027-02-19 09:30")
    at(clinic, "2027-02-16 09:10")
    told = heard(clinic)

    clinic.command(FRAN, "move K7Q2 2027-02-18 11:00")
    at(clinic, "2027-02-16 09:20")

    assert told == [f"Fri 19 Feb 08:55: 1 {SAID} (K7Q2)."]
    card = clinic.workspace.of(KIT)[-1].card
    assert isinstance(card, Notice) and card.text.startswith("Settled")


def test_the_board_says_so_from_the_afternoon_before_on() -> None:
    clinic = opened(replace(WITH_BOARD, roster_changes=NO_NURSE))
    boards = [
        clinic.practice and at(clinic, wall).command(KIT, "status")
        for wall in ("2027-02-17 13:00", "2027-02-17 14:01")
    ]

    assert [getattr(board, "notes", ()) for board in boards] == [(), (f"Tomorrow 08:55: 1 {SAID}.",)]


def test_a_look_that_finds_nothing_new_writes_nothing() -> None:
    clinic = opened(replace(RIVERSIDE, roster_changes=NO_NURSE))
    at(clinic, "2027-02-17 14:05")
    with clinic.store.reading() as reading:
        before = reading.arrangement("coverage", "riverside")

    for wall in ("14:15", "15:15", "16:15"):
        at(clinic, f"2027-02-17 {wall}")

    with clinic.store.reading() as reading:
        assert reading.arrangement("coverage", "riverside") == before


def test_a_later_session_of_a_course_is_looked_at_as_well() -> None:
    clinic = Riverside("g.same_day_check", clinic=replace(RIVERSIDE, roster_changes=NO_NURSE))
    clinic.book("2027-01-20 09:30", "2027-02-18 09:30")

    at(clinic, "2027-02-17 14:05")

    assert [line for line in heard(clinic) if "18 Feb" in line or "Tomorrow" in line] == [
        f"Tomorrow 08:55: 1 {SAID} (K7Q2)."
    ]
