"""What is true of a room that day is asked once, and holds for all who are treated there until it changes."""

from dataclasses import replace
from datetime import datetime

import pytest

from bot.core.case import Answer, Outcome, TaskStatus
from bot.core.outgoing import Entry
from bot.service import cases
from bot.service.answer import Given, give
from bot.service.practice import keep
from tests.service.clinic import FRAN, MAX, abl, booking, london
from tests.service.riverside import Riverside

DOOR = "g.laser_area"
YES = dict.fromkeys([field.name for field in abl().step(DOOR).ask], "yes")


@pytest.fixture
def clinic() -> Riverside:
    """Two patients in Room 2 and one in Room 1 on Thursday; another in Room 2 on Friday."""
    house = Riverside(DOOR)
    for code, wall, room in (
        ("K7Q2", "2027-02-18 09:30", "room-2"),
        ("K8R3", "2027-02-18 11:00", "room-2"),
        ("M4T5", "2027-02-18 12:00", "room-1"),
        ("N6V7", "2027-02-19 09:30", "room-2"),
    ):
        book(house, code, wall, room)
    return house.until("2027-02-18 09:20")


def book(house: Riverside, code: str, wall: str, room: str) -> None:
    wanted = replace(booking(london(wall)), room=room)
    with house.store.writing() as tx:
        cases.open_case(house.practice, tx, wanted, clinic="riverside", by=FRAN, code=code)


def answers(house: Riverside, code: str = "K7Q2", how: Outcome = Outcome.CONFIRMED, **values: str) -> None:
    task = house.course(code).task(DOOR, 1)
    assert task is not None
    given = Given(task=task.key, outcome=how, values=YES | values, note="" if not values else "closed it")
    with house.store.writing() as tx:
        give(house.practice, tx, house.clinic, house.clinic.person(MAX), given)


def standing(house: Riverside) -> dict[str, str]:
    codes = ("K7Q2", "K8R3", "M4T5", "N6V7")
    return {code: task.status.value for code in codes if (task := house.course(code).task(DOOR, 1))}


def answer_of(house: Riverside, code: str) -> Answer:
    task = house.course(code).task(DOOR, 1)
    assert task is not None
    assert task.answer is not None
    return task.answer


def test_one_answer_is_good_for_the_room_that_day_and_for_nothing_else(clinic: Riverside) -> None:
    answers(clinic)

    assert standing(clinic) == {"K7Q2": "done", "K8R3": "done", "M4T5": "open", "N6V7": "open"}


def test_each_patient_keeps_an_answer_that_says_where_it_came_from(clinic: Riverside) -> None:
    answers(clinic)

    assert answer_of(clinic, "K7Q2").note == ""
    passed = answer_of(clinic, "K8R3")
    assert (passed.by, passed.values) == (MAX, YES)
    assert passed.note == "answered once for Room 2 today by Max Model 09:20"
    (entry,) = (each for each in clinic.history("K8R3") if each.kind == "answered")
    assert (entry.by, entry.detail["note"]) == (MAX, passed.note)


def test_the_others_of_the_room_are_not_asked(clinic: Riverside) -> None:
    answers(clinic)
    clinic.until("2027-02-18 11:30")

    assert not any("K8R3" in text for text in clinic.sent(MAX))


def test_whoever_comes_to_the_room_later_that_day_is_not_asked_either(clinic: Riverside) -> None:
    answers(clinic)
    book(clinic, "P2W3", "2027-02-18 14:00", "room-2")
    clinic.until("2027-02-18 13:50")

    assert answer_of(clinic, "P2W3").note == "answered once for Room 2 today by Max Model 09:20"
    assert answer_of(clinic, "P2W3").at == london("2027-02-18 09:20")


def test_what_stops_one_patient_is_asked_of_the_others(clinic: Riverside) -> None:
    answers(clinic, doors_closed="no")

    assert standing(clinic) == {"K7Q2": "blocked", "K8R3": "open", "M4T5": "open", "N6V7": "open"}


def test_what_does_not_apply_to_one_patient_is_asked_of_the_others(clinic: Riverside) -> None:
    answers(clinic, how=Outcome.NOT_APPLICABLE, doors_closed="yes")

    assert standing(clinic)["K8R3"] == "open"


def test_whoever_takes_it_back_takes_it_back_for_all(clinic: Riverside) -> None:
    answers(clinic)
    clinic.undo(MAX, DOOR)
    clinic.until("2027-02-18 10:50")

    assert standing(clinic)["K7Q2"] == standing(clinic)["K8R3"] == "open"


def test_in_another_room_a_patient_is_asked_again(clinic: Riverside) -> None:
    answers(clinic)
    moves_to_room(clinic, "K8R3", "room-1")

    task = clinic.course("K8R3").task(DOOR, 1)
    assert task is not None
    assert (task.status, task.reopened, task.answer) == (TaskStatus.OPEN, True, None)


def moves_to_room(house: Riverside, code: str, room: str, *, started: datetime | None = None) -> None:
    before = house.course(code)
    (session,) = before.case.sessions
    after = replace(
        before, case=replace(before.case, sessions=(replace(session, room=room, started=started),))
    )
    entry = Entry(kind="moved", at=house.clock.now(), by=FRAN)
    with house.store.writing() as tx:
        keep(house.practice, tx, before, after, entry)


def test_a_patient_who_comes_to_a_room_that_is_checked_is_not_asked_again(clinic: Riverside) -> None:
    answers(clinic)
    answers(clinic, "M4T5")
    moves_to_room(clinic, "M4T5", "room-2")
    clinic.until("2027-02-18 11:50")

    assert answer_of(clinic, "M4T5").note.startswith("answered once for Room 2")


def test_what_somebody_answered_for_one_patient_alone_stays_with_that_patient(clinic: Riverside) -> None:
    answers(clinic, "K8R3", how=Outcome.NOT_APPLICABLE, doors_closed="yes")
    answers(clinic)

    assert standing(clinic)["K7Q2"] == "done"
    assert answer_of(clinic, "K8R3").outcome is Outcome.NOT_APPLICABLE


def test_an_answer_for_a_patient_who_turns_out_to_be_in_another_room_is_passed_on_to_nobody_here(
    clinic: Riverside,
) -> None:
    answers(clinic)
    moves_to_room(clinic, "K7Q2", "room-1", started=clinic.clock.now())
    book(clinic, "P2W3", "2027-02-18 14:00", "room-2")
    clinic.until("2027-02-18 13:50")

    task = clinic.course("P2W3").task(DOOR, 1)
    assert task is not None
    assert task.status is TaskStatus.OPEN
