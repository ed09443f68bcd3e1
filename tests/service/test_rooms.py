"""A room is one person's for the day, and while a procedure runs what can wait waits for Finish."""

from dataclasses import replace
from datetime import datetime, time

import pytest

from bot.core.boards import Board
from bot.core.errors import NotAllowed, Refused, Settled, WrongValues
from bot.core.messages import CaseView, Form, Notice, TaskCard
from bot.core.people import Clinic, Role, Shift
from bot.core.replies import Filled
from bot.service import cases
from bot.service.crew import Crew
from bot.service.draw import draw
from bot.service.rooms import duties_of, running
from tests.service.clinic import FRAN, JO, KIT, MAX, RIVERSIDE, SAM, WITH_BOARD, abl, booking, london
from tests.service.riverside import Riverside
from tests.service.workspace import PLATFORM

PREP = "g.same_day_check"
CODES = ("K7Q2", "K8R3", "M4T5", "N6V7")


def book(house: Riverside, code: str, wall: str, room: str, operator: str | None = MAX) -> None:
    wanted = replace(booking(london(wall)), room=room, operator=operator)
    with house.store.writing() as tx:
        cases.open_case(house.practice, tx, wanted, clinic="riverside", by=FRAN, code=code)


def day() -> Riverside:
    """Four patients on Thursday, in two rooms in turn."""
    house = Riverside(PREP)
    for number, code in enumerate(CODES):
        book(house, code, f"2027-02-18 {9 + number:02}:30", f"room-{1 + number % 2}")
    return house


def asked(house: Riverside, who: str) -> list[str]:
    return [code for code in CODES if any(code in text for text in house.sent(who))]


def test_where_two_are_on_duty_a_room_is_one_persons_for_the_day() -> None:
    clinic = day().until("2027-02-18 13:00")

    assert (asked(clinic, JO), asked(clinic, SAM)) == (["K7Q2", "M4T5"], ["K8R3", "N6V7"])


def test_whose_room_it_is_owns_what_is_open_there_wherever_that_is_said() -> None:
    clinic = Riverside(PREP, "g.timeout", clinic=WITH_BOARD)
    book(clinic, "M4T5", "2027-02-18 09:30", "room-1")
    book(clinic, "K7Q2", "2027-02-18 09:45", "room-2")
    clinic.until("2027-02-18 09:42")

    (board,) = (each for each in clinic.workspace.of("#procedures")[-1:])
    assert isinstance(board.card, Board)
    assert {row.code: row.whose for row in board.card.exceptions} == {"M4T5": JO, "K7Q2": SAM}
    assert [line.split()[0] for line in board.thread] == ["@jo", "@sam"]
    (slip,) = (each.card for each in clinic.workspace.of(KIT) if isinstance(each.card, TaskCard))
    owners = {line.said.split(" · ")[0] for line in slip.lines if line.title == "Same-day check"}
    assert owners == {"Owner: Jo Sample", "Owner: Sam Specimen"}
    assert clinic.card(MAX, "Time-out").waits == ("Same-day check: no answer yet (Sam Specimen)",)
    view = clinic.command(KIT, "case K7Q2")
    assert isinstance(view, CaseView)
    assert any(note.startswith("It is up to Sam Specimen") for note in view.notes)


def test_what_the_manager_says_on_the_huddle_counts() -> None:
    clinic = day().until("2027-02-18 08:10")

    said = gives(clinic, nurse_0=SAM, nurse_1=JO)
    clinic.until("2027-02-18 13:00")

    assert said.text == "For today: Room 1: Sam Specimen; Room 2: Jo Sample."
    assert (asked(clinic, JO), asked(clinic, SAM)) == (["K8R3", "N6V7"], ["K7Q2", "M4T5"])


def test_a_form_of_other_rooms_gives_nobody_the_wrong_one() -> None:
    clinic = day().until("2027-02-18 08:10")
    form = clinic.command(KIT, "rooms")
    book(clinic, "P2Q3", "2027-02-18 16:00", "room-0")

    assert isinstance(form, Form)
    with pytest.raises(Settled, match="rooms have changed"):
        clinic.send(KIT, form, nurse_0=SAM)


def gives(clinic: Riverside, **who: str) -> Notice:
    form = clinic.command(KIT, "rooms")
    assert isinstance(form, Form)
    filled = Filled(
        platform=PLATFORM,
        account=KIT,
        once=clinic.once(),
        entries={part.task: who for part in form.parts},
        revisions={},
        action=form.action,
    )
    said = clinic.reply(filled)
    assert isinstance(said, Notice)
    return said


def test_the_form_shows_what_is_settled_and_leaves_the_rest_to_bookend() -> None:
    clinic = day().until("2027-02-18 08:10")
    gives(clinic, nurse_0=SAM, nurse_1="anybody")

    form = clinic.command(KIT, "rooms")

    assert isinstance(form, Form)
    assert [(field.label, field.value) for field in form.parts[0].fields] == [
        ("Room 1, nurse", SAM),
        ("Room 2, nurse", "anybody"),
    ]


def test_yesterdays_rooms_are_over() -> None:
    clinic = day().until("2027-02-18 08:10")
    gives(clinic, nurse_0=SAM, nurse_1=SAM)
    clinic.until("2027-02-19 08:10")

    with clinic.store.reading() as reading:
        duties = duties_of(reading, clinic.clinic, clinic.clinic.calendar.day(clinic.clock.now()))
    assert not [room for room, _ in duties.who if room.startswith("room")]


def test_only_those_who_plan_give_rooms_away_and_only_to_who_works() -> None:
    clinic = day().until("2027-02-18 08:10")

    with pytest.raises(NotAllowed, match="may say whose case or room it is"):
        clinic.command(JO, "rooms")
    with pytest.raises(WrongValues, match="do not work today"):
        gives(clinic, nurse_0=MAX)


def test_a_day_without_rooms_to_give_away_needs_no_form() -> None:
    clinic = Riverside(PREP).until("2027-02-18 08:10")

    with pytest.raises(Refused, match="everybody has them all"):
        clinic.command(KIT, "rooms")


# --- while a patient is treated


def treating() -> Riverside:
    """Max treats a patient in Room 2 since 10:20; the next one of that room comes at 10:45."""
    house = Riverside("g.laser_area", "g.eyewear")
    book(house, "K7Q2", "2027-02-18 09:30", "Room 2")
    book(house, "K8R3", "2027-02-18 10:45", "Room 2")
    house.until("2027-02-18 10:20")
    for line in ("Room and door signs", "Eyewear"):
        house.answer(MAX, line)
    house.mark("started", MAX)
    return house


def test_the_next_room_card_comes_with_finish() -> None:
    clinic = treating().until("2027-02-18 10:38")
    before = asked(clinic, MAX)

    clinic.mark("finished", MAX)
    clinic.speak()

    assert (before, asked(clinic, MAX)) == (["K7Q2"], ["K7Q2", "K8R3"])
    assert clinic.buzzes[-1][0] == london("2027-02-18 10:38")


def test_a_finish_that_nobody_pressed_holds_the_next_room_card_past_its_gate_for_as_long_as_was_planned() -> (
    None
):
    clinic = treating()
    with clinic.store.reading() as reading:
        (ran,) = running(reading, clinic.clinic)

    clinic.until("2027-02-18 13:00")

    first = next(at for at, who, text in clinic.buzzes if who == MAX and "K8R3" in text)
    assert first == ran.until == london("2027-02-18 11:35")


def test_whoever_is_in_the_room_is_known_from_started_to_finish() -> None:
    clinic = treating()
    with clinic.store.reading() as reading:
        (ran,) = running(reading, clinic.clinic)

    clinic.mark("finished", MAX)

    assert ran.room == "Room 2"
    assert MAX in ran.people
    assert isinstance(ran.until, datetime)
    with clinic.store.reading() as reading:
        assert running(reading, clinic.clinic) == ()


# --- whoever has the room is named everywhere

LEE = "lee"  # a third nurse, whom the roster names before Sam


def three() -> Clinic:
    """Jo works until 09:20; Lee and Sam all day."""
    lee = replace(RIVERSIDE.people[SAM], id=LEE, name="Lee Invented", accounts={PLATFORM: LEE})
    nurses = (
        Shift(person=JO, starts=time(8), ends=time(9, 20)),
        *(Shift(person=person, starts=time(8), ends=time(18)) for person in (LEE, SAM)),
    )
    roster = {day: {**RIVERSIDE.roster[0], Role.NURSE: nurses} for day in range(5)}
    return replace(RIVERSIDE, people={**RIVERSIDE.people, LEE: lee}, roster=roster)


def sams_room(*steps: str, until: str) -> Riverside:
    """The manager gave Room 1 to Sam, whom the roster names last; its patient comes at 09:30."""
    house = Riverside(*steps).book(room="room-1")
    house.until("2027-02-18 08:10")
    gives(house, nurse_0=SAM)
    return house.until(f"2027-02-18 {until}")


def test_the_list_of_who_may_come_names_whose_room_it_is() -> None:
    clinic = sams_room("g.change_check", "g.readiness", until="08:20")

    task = clinic.task("g.readiness").key
    with clinic.store.reading() as reading:
        posting = reading.asked_on([task])[task]
    drawn = draw(clinic.practice, posting)

    assert isinstance(drawn, TaskCard)
    assert [line.said for line in drawn.lines] == ["Anything new? no answer yet (Sam Specimen)"]


def test_what_is_left_at_shift_end_goes_to_whoever_has_the_room() -> None:
    clinic = Riverside(PREP, clinic=three()).book(room="room-1").until("2027-02-18 08:10")
    gives(clinic, nurse_0=JO)
    clinic.until("2027-02-18 09:18")
    gives(clinic, nurse_0=SAM)

    clinic.until("2027-02-18 09:20").speak()

    assert clinic.sent(LEE) == []
    assert clinic.card(SAM).heading == "From Jo Sample’s shift: 1 open"


def test_a_second_check_is_asked_of_whoever_has_the_room() -> None:
    book = abl("g.topical_anaesthetic")
    twice = replace(book, steps=(replace(book.steps[0], double=True),), digest="by two")
    clinic = Riverside(book=twice, clinic=three()).book(room="room-1", anaesthesia="topical")
    clinic.until("2027-02-18 08:10")
    gives(clinic, nurse_0=SAM)
    clinic.until("2027-02-18 08:40")

    said = clinic.early(JO, "g.topical_anaesthetic")
    clinic.speak()

    assert "Sam Specimen checks" in str(said)
    assert clinic.sent(LEE) == []


def test_the_crew_of_a_demo_answers_for_its_own_rooms() -> None:
    clinic = sams_room(PREP, until="09:15")

    said = Crew(clinic.practice, clinic.clinic).work()

    answer = clinic.task(PREP).answer
    assert any(line.startswith("Sam Specimen") for line in said)
    assert answer is not None and answer.by == SAM
