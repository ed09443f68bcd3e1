"""A fleet hold: who is affected is seen first, held patients are ready for nothing, a release lifts it."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.case import Moment
from bot.core.errors import NotAllowed, NotFound, Refused, Settled, Unclear, WrongValues
from bot.core.kinds import Gate
from bot.core.messages import Notice, TaskCard
from bot.core.readiness import Ready, readiness
from bot.service.held import standing
from tests.examples import some
from tests.service.clinic import ALI, FRAN, JO, KIT, MAX, WITH_BOARD, london
from tests.service.riverside import Riverside

DEVICES = {"room-1": ("Laser A", "Laser B"), "room-2": ("Laser B",), "room-3": ("IPL",)}
CLINIC = replace(WITH_BOARD, rooms=DEVICES)
STEPS = ("g.readiness", "g.timeout", "x.new_date")


def riverside() -> Riverside:
    clinic = Riverside(*STEPS, clinic=CLINIC, now=london("2027-02-16 08:00"))
    clinic.book("2027-02-16 09:30", code="K7Q2", room="room-2")
    clinic.book("2027-02-16 11:00", code="M4XD", room="room-1", device="Laser B")
    clinic.book("2027-02-18 14:00", code="W9TR", room="room-1")
    clinic.book("2027-02-18 15:00", code="P6HN", room="room-1", device="Laser A")
    clinic.book("2027-02-18 16:00", code="R3VZ", room="room-3")
    clinic.book("2027-02-19 10:00", code="T8BC")
    return clinic.until("2027-02-16 08:10")


@pytest.fixture
def clinic() -> Riverside:
    return riverside()


def held(clinic: Riverside) -> dict[str, str]:
    with clinic.store.reading() as reading:
        found = {case.code: case.sessions[0].held for case in reading.open_cases(clinic.clinic.id)}
    return {code: why for code, why in found.items() if why}


def look(clinic: Riverside, text: str = "hold laser B fault reported", who: str = KIT) -> Notice:
    notice = clinic.command(who, text)
    assert isinstance(notice, Notice)
    return notice


def hold(clinic: Riverside, text: str = "hold laser B fault reported", who: str = KIT) -> Notice:
    return clinic.press_on(who, look(clinic, text, who))


FAULT = "Laser B, fault reported 08:10"


# --- seen first


def test_nothing_is_held_before_somebody_saw_who_is_affected(clinic: Riverside) -> None:
    preview = look(clinic)

    assert preview.heading == "Hold Laser B?"
    assert preview.text.startswith("3 cases on Laser B would wait") and "Nothing is held yet" in preview.text
    assert preview.lines == (
        "Tue 16 Feb (2): 09:30 K7Q2, 11:00 M4XD",
        "Thu 18 Feb (1): 14:00 W9TR (maybe)",
        "Maybe: nobody said on which device of its room W9TR is. To be safe it waits, too.",
        "Not held, because neither room nor device is known: T8BC.",
    )
    assert [button.label for button in preview.buttons] == ["Hold these 3 cases"]
    assert held(clinic) == {}


def test_the_button_holds_them_and_carries_no_list(clinic: Riverside) -> None:
    (button,) = look(clinic).buttons

    notice = clinic.press_on(KIT, Notice(text="", buttons=(button,)))

    assert button.tasks == () and len(button.value) == 16
    assert notice.text == "Laser B is held: fault reported. 3 cases wait until it is released."
    assert held(clinic) == {
        "K7Q2": FAULT,
        "M4XD": FAULT,
        "W9TR": "Laser B, fault reported Tue 16 Feb 08:10",
    }


def test_all_cases_on_it_may_be_written_out_and_a_room_is_held_alike(clinic: Riverside) -> None:
    hold(clinic, "hold all cases on laser B: fault reported")
    notice = hold(clinic, "hold room 3 water on the floor")

    assert notice.text == "Room 3 is held: water on the floor. 1 case waits until it is released."
    assert held(clinic)["R3VZ"] == "Room 3, water on the floor Tue 16 Feb 08:10"


def test_what_changed_since_the_preview_is_held_as_it_is_now_and_said(clinic: Riverside) -> None:
    preview = look(clinic)
    clinic.command(FRAN, "cancel M4XD patient is ill")
    clinic.book("2027-02-17 09:30", code="X5GD", room="room-2")

    notice = clinic.press_on(KIT, preview)

    assert "Since you looked, X5GD came to it and is held, too." in notice.text
    assert "Since you looked, M4XD is no longer on it." in notice.text
    assert held(clinic).keys() == {"K7Q2", "W9TR", "X5GD"}


def test_a_second_press_changes_nothing(clinic: Riverside) -> None:
    preview = look(clinic)
    clinic.press_on(KIT, preview)
    before = clinic.history()

    with pytest.raises(Settled, match="held already: fault reported, by Kit Pattern 08:10"):
        clinic.press_on(KIT, preview)

    assert clinic.history() == before


def test_an_old_button_does_not_hold_again_what_was_released(clinic: Riverside) -> None:
    preview = look(clinic)
    clinic.press_on(KIT, preview)
    clinic.command(KIT, "release laser B")

    with pytest.raises(Settled, match="is released"):
        clinic.press_on(KIT, preview)

    assert held(clinic) == {}


def test_a_button_that_names_no_hold_does_nothing(clinic: Riverside) -> None:
    (button,) = look(clinic).buttons

    with pytest.raises(Settled, match="not known here"):
        clinic.press_on(KIT, Notice(text="", buttons=(replace(button, value="0" * 16),)))


# --- while it is held


def test_a_held_patient_is_ready_for_no_gate_and_the_board_says_why(clinic: Riverside) -> None:
    hold(clinic)

    board = clinic.command(KIT, "status")
    row = next(row for row in board.rows if row.code == "K7Q2")

    assert {clinic.ready(gate) for gate in Gate} == {Ready.NOT_READY}
    assert row.summary == f"held: {FAULT}" and row.owner == "Kit Pattern"
    assert f"Held: {FAULT}." in clinic.command(KIT, "case K7Q2").notes


def test_nothing_starts_and_nobody_overrides_it(clinic: Riverside) -> None:
    hold(clinic)

    with pytest.raises(Refused, match="Not yet: held, Laser B"):
        clinic.mark(Moment.STARTED.value, MAX)
    with pytest.raises(Refused, match="A hold has no override; it is released"):
        clinic.command(ALI, "override K7Q2")
    with pytest.raises(Refused, match="A hold has no override"):
        clinic.command(ALI, "override K7Q2 elsewhere @jo seen in person")
    with pytest.raises(Refused, match="Not yet: held, Laser B"):
        clinic.early(MAX, "g.timeout")


def test_each_is_told_once_and_never_whoever_did_it(clinic: Riverside) -> None:
    hold(clinic)
    clinic.until("2027-02-16 08:11")

    told = [to for to, text in clinic.told if text.startswith("Laser B: fault reported, Kit Pattern 08:10")]
    assert sorted(told) == [FRAN, MAX]


def test_the_notice_says_who_waits_and_later_that_it_was_released(clinic: Riverside) -> None:
    hold(clinic)
    clinic.until("2027-02-16 08:11")
    (told,) = [message for message in clinic.workspace.of(MAX) if isinstance(message.card, Notice)]
    first = told.card
    clinic.until("2027-02-16 10:00").command(KIT, "release laser B")
    clinic.until("2027-02-16 10:01")

    assert first.heading == "Held: Laser B" and "09:30 K7Q2" in first.lines[0]
    assert told.card.heading == "Released: Laser B"
    assert told.thread == ["Laser B is released. 3 cases go on: K7Q2, M4XD, W9TR."]


def test_whoever_was_not_told_of_a_hold_yet_is_not_reminded_that_it_is_over(clinic: Riverside) -> None:
    hold(clinic)
    clinic.command(KIT, "release laser B")
    clinic.until("2027-02-16 08:11")

    (told,) = [message for message in clinic.workspace.of(MAX) if isinstance(message.card, Notice)]

    assert (told.card.heading, told.thread) == ("Released: Laser B", [])


def test_what_is_booked_on_it_later_is_held_too(clinic: Riverside) -> None:
    hold(clinic)

    clinic.book("2027-03-02 09:30", code="X5GD", room="room-2")
    lines = clinic.command(FRAN, "session X5GD 2027-04-20 09:30").text

    assert "X5GD" in held(clinic)
    assert "Session 2 is held: Laser B, fault reported" in lines


def test_a_move_to_another_date_stays_held(clinic: Riverside) -> None:
    hold(clinic)

    said = clinic.command(FRAN, "move K7Q2 2027-02-25 09:30").text

    assert "Held: Laser B, fault reported Tue 16 Feb 08:10." in said


def test_who_is_in_treatment_is_named_and_not_held() -> None:
    started = Riverside("abl.visit_7", clinic=CLINIC, now=london("2027-02-16 09:40"))
    started.book("2027-02-16 09:30", code="K7Q2", room="room-2")
    started.mark(Moment.STARTED.value, MAX)

    preview = look(started)

    assert preview.text.startswith("No booked case on Laser B")
    assert preview.lines == ("In treatment now and not held: K7Q2. Please tell the room yourself.",)
    assert [button.label for button in preview.buttons] == ["Hold it"]


def test_nobody_is_asked_for_a_gate_that_cannot_be_passed_until_it_is_released(clinic: Riverside) -> None:
    hold(clinic)
    clinic.until("2027-02-16 10:00")
    before = [message for message in clinic.workspace.of(MAX) if isinstance(message.card, TaskCard)]
    view = clinic.command(MAX, "case K7Q2")

    clinic.command(KIT, "release laser B")
    clinic.until("2027-02-16 10:01")

    (waits,) = [line for line in view.lines if line.title == "Time-out"]
    assert (before, waits.due) == ([], "waits until it is released")
    assert clinic.card(MAX).heading == "Time-out"


# --- released


def test_a_release_lifts_it_and_says_who_goes_on(clinic: Riverside) -> None:
    hold(clinic)

    notice = clinic.command(KIT, "release laser B")

    assert notice.text == "Laser B is released. 3 cases go on: K7Q2, M4XD, W9TR."
    assert held(clinic) == {}


def test_what_something_else_holds_stays_held(clinic: Riverside) -> None:
    hold(clinic)
    hold(clinic, "hold room 2 water on the floor")

    notice = clinic.command(KIT, "release laser B")

    assert notice.lines == ("K7Q2: Held: Room 2, water on the floor 08:10.",)
    assert held(clinic) == {"K7Q2": "Room 2, water on the floor 08:10"}


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("hold", Unclear, "Laser A, Laser B, IPL, Room 1"),
        ("hold laser B", Unclear, "Why\\? Write it like `hold Laser B fault reported`"),
        ("hold laser C broken", NotFound, "There is no device or room 'laser C broken'"),
        ("release laser B", Settled, "Nothing is held"),
    ],
)
def test_a_slip_is_answered_with_what_there_is(
    clinic: Riverside, text: str, kind: type[Refused], said: str
) -> None:
    with pytest.raises(kind, match=said):
        clinic.command(KIT, text)


def test_a_nurse_does_not_hold_and_an_operator_does_not_release(clinic: Riverside) -> None:
    with pytest.raises(NotAllowed, match="Only the operator, the physician or the manager may hold"):
        clinic.command(JO, "hold laser B fault reported")

    hold(clinic, who=MAX)
    with pytest.raises(NotAllowed, match="may release a device"):
        clinic.command(MAX, "release laser B")


# --- nothing is left of it

_BOOKED = st.tuples(
    st.sampled_from(["", *DEVICES]),
    st.sampled_from(["", "Laser A", "Laser B"]),
    st.dates(date(2027, 2, 15), date(2027, 3, 1)),
)


@settings(max_examples=some(60), deadline=None)
@given(bookings=st.lists(_BOOKED, min_size=1, max_size=4), what=st.sampled_from(["laser B", "room 2"]))
def test_hold_and_release_leave_everything_as_it_was(
    bookings: list[tuple[str, str, date]], what: str
) -> None:
    clinic = Riverside("g.timeout", clinic=CLINIC, now=london("2027-02-16 08:00"))
    codes = ["K7Q2", "M4XD", "W9TR", "P6HN"][: len(bookings)]
    for code, (room, device, day) in zip(codes, bookings, strict=True):
        clinic.book(f"{day} 12:00", code=code, room=room, device=device)

    def as_it_is() -> list[object]:
        with clinic.store.reading() as reading:
            courses = [clinic.practice.course(reading, code) for code in codes]
        return [
            (replace(course.case, revision=0), [replace(task, revision=0) for task in course.tasks])
            for course in courses
        ]

    before = as_it_is()
    hold(clinic, f"hold {what} to be sure")
    clinic.command(KIT, f"release {what}")

    assert as_it_is() == before


# --- the device of a booking

FIELDS = {"procedure": "abl", "day": "2027-03-02", "at": "09:30", "operator": MAX, "session": "1 of 1"}


def code_of(notice: object) -> str:
    assert isinstance(notice, Notice)
    return notice.code


def test_the_form_for_a_new_appointment_asks_which_device_where_a_room_has_several(clinic: Riverside) -> None:
    form = clinic.command(FRAN, "new")
    asked = {field.name: field for field in form.parts[0].fields}

    said = clinic.send(FRAN, form, **FIELDS, room="room-1", device="Laser A")

    assert [value for value, _ in asked["device"].options] == ["Laser A", "Laser B"]
    assert not asked["device"].required
    assert clinic.course(code_of(said)).case.sessions[0].device == "Laser A"


def test_a_device_that_does_not_stand_in_the_room_is_refused(clinic: Riverside) -> None:
    form = clinic.command(FRAN, "new")

    with pytest.raises(WrongValues, match="Room 2 has Laser B, no Laser A"):
        clinic.send(FRAN, form, **FIELDS, room="room-2", device="Laser A")


def test_whoever_books_on_what_is_held_is_told_at_once(clinic: Riverside) -> None:
    hold(clinic)

    said = clinic.command(FRAN, "new abl 2027-03-02 09:30 room-2 max")

    assert said.lines[0] == "Held: Laser B, fault reported Tue 16 Feb 08:10."
    assert held(clinic)[code_of(said)] == "Laser B, fault reported Tue 16 Feb 08:10"


def test_a_held_patient_is_no_clean_one_and_go_passes_the_others() -> None:
    clinic = Riverside("g.readiness", clinic=CLINIC, now=london("2027-02-12 09:00"))
    clinic.book("2027-02-18 09:30", room="room-2").book("2027-02-18 11:00", code="M4XD", room="room-3")
    clinic.until("2027-02-16 15:00")
    go = clinic.button(ALI, "Go for the 2 clean")

    hold(clinic)
    said = clinic.answer_with(ALI, go)
    clinic.speak()

    assert isinstance(said, Notice)
    assert (said.text, said.lines) == (
        "Go: M4XD.",
        ("K7Q2 is not clean any more: held, Laser B, fault reported Tue 16 Feb 15:00.",),
    )
    (line,) = [each for each in clinic.card(ALI).lines if each.task.startswith("K7Q2")]
    assert line.said == "held: Laser B, fault reported Tue 16 Feb 15:00"


def test_a_time_out_that_was_asked_already_says_that_it_is_held() -> None:
    clinic = Riverside("g.timeout", clinic=CLINIC, now=london("2027-02-16 09:00"))
    clinic.book("2027-02-16 09:30", room="room-2").until("2027-02-16 09:26")

    hold(clinic)
    clinic.speak()

    assert clinic.card(MAX).waits == ("held: Laser B, fault reported 09:26",)
    with pytest.raises(Refused, match="held, Laser B"):
        clinic.answer(MAX, "Time-out")


def test_a_device_is_held_by_the_name_that_a_keyboard_has() -> None:
    clinic = Riverside("x.new_date", clinic=replace(WITH_BOARD, rooms={"room-2": ("CO₂ laser",)}))

    notice = clinic.command(KIT, "hold co2 laser lamp broken")

    assert notice.heading == "Hold CO₂ laser?"


# --- whatever happens in between

_DOING = st.lists(
    st.sampled_from(
        [
            *(f"hold {what} to be sure" for what in ("laser A", "laser B", "room 2")),
            *(f"release {what}" for what in ("laser A", "laser B", "room 2")),
            *("move K7Q2 2027-02-25 09:30", "move M4XD 2027-02-17 11:00", "cancel K7Q2 patient is ill"),
            *("session M4XD 2027-04-20 11:00", "new abl 2027-03-02 09:30 room-2 max"),
        ]
    ),
    max_size=8,
)


@settings(max_examples=some(60), deadline=None)
@given(doing=_DOING)
def test_a_session_is_held_by_exactly_the_holds_that_stand_and_is_never_ready(doing: list[str]) -> None:
    clinic = Riverside("g.timeout", clinic=CLINIC, now=london("2027-02-16 08:00"))
    clinic.book("2027-02-18 09:30", room="room-2").book("2027-02-16 11:00", code="M4XD", room="room-1")

    for text in doing:
        try:
            said = clinic.command(KIT, text)
        except Refused:
            continue
        if isinstance(said, Notice) and said.buttons and text.startswith("hold"):
            clinic.press_on(KIT, said)

        with clinic.store.reading() as reading:
            holds = standing(reading, clinic.clinic)
            courses = [clinic.practice.course(reading, c.code) for c in reading.open_cases("riverside")]
        for course in courses:
            for session in course.case.sessions:
                stopped = [hold for hold in holds if hold.stops(session, clinic.clinic)]
                assert bool(session.held) is bool(stopped) or session.cancelled
                assert all(hold.thing.called in session.held for hold in stopped)
                states = {readiness(gate, course, session).state for gate in Gate}
                assert not session.held or states == {Ready.NOT_READY}
