"""New appointments in chat: a form with five fields, or one typed line, and the code to be written down."""

from dataclasses import replace
from datetime import date

import pytest

from bot.core.case import TaskStatus
from bot.core.errors import NotAllowed, Refused, Settled, Unclear, WrongValues
from bot.core.messages import Form, Notice
from bot.core.people import Role
from bot.core.replies import Pressed
from tests.service.clinic import ALI, FRAN, JO, KIT, MAX, RIVERSIDE, london
from tests.service.riverside import Riverside
from tests.service.workspace import PLATFORM

ROOMS = replace(RIVERSIDE, rooms={"room-1": (), "room-2": ("CO₂ laser",)})
TYPED = "new abl 2027-03-02 09:30 room-2 max"
FIELDS = {
    "procedure": "abl",
    "day": "2027-03-02",
    "at": "09:30",
    "room": "room-2",
    "operator": MAX,
    "session": "2 of 4",
}


def riverside() -> Riverside:
    clinic = Riverside("g.skin_exam", "g.site_marked", clinic=ROOMS)
    return clinic.until("2027-01-13 10:00")


def opened(clinic: Riverside, who: str, command: str) -> Form:
    form = clinic.command(who, command)
    assert isinstance(form, Form), form
    return form


def form_on(clinic: Riverside, notice: object, label: str) -> Form:
    """The form that a button of an answer opens."""
    assert isinstance(notice, Notice), notice
    button = next(each for each in notice.buttons if each.label == label)
    once = clinic.once()
    pressed = Pressed(platform=PLATFORM, account=FRAN, once=once, action=button.action, tasks=button.tasks)
    form = clinic.desk.reply(pressed)
    assert isinstance(form, Form), form
    return form


def code_of(notice: object) -> str:
    assert isinstance(notice, Notice), notice
    return notice.code


def test_the_form_opens_a_case_and_the_reply_is_its_code() -> None:
    clinic = riverside()

    said = clinic.send(FRAN, opened(clinic, FRAN, "new"), **FIELDS)

    case = clinic.course(code_of(said)).case
    assert (case.sessions[0].start, case.sessions[0].room) == (london("2027-03-02 09:30"), "room-2")
    assert case.assigned == {Role.OPERATOR: MAX}
    assert (case.facts["session_no"], case.facts["last_session"]) == (2, "no")
    assert case.facts["smoker"] == "unknown"


def test_the_form_asks_five_things_and_takes_what_was_typed_already() -> None:
    clinic = riverside()

    form = opened(clinic, FRAN, "new abl 2027-03-02 25:61")

    (part,) = form.parts
    values = {field.name: field.value for field in part.fields}
    assert list(values) == ["procedure", "day", "at", "room", "operator", "session", "consult"]
    assert [field.name for field in part.fields if not field.required] == ["consult"]
    assert values["procedure"] == "abl" and values["day"] == date(2027, 3, 2)
    assert (values["at"], values["session"]) == (None, "1 of 1")


def test_all_of_it_can_be_typed_in_one_line() -> None:
    clinic = riverside()

    code = code_of(clinic.command(FRAN, f"{TYPED} 4/4"))

    case = clinic.course(code).case
    assert case.sessions[0].start == london("2027-03-02 09:30")
    assert (case.facts["session_no"], case.facts["last_session"]) == (4, "yes")


def test_the_code_is_written_down_with_one_press_that_stays_in_its_history() -> None:
    clinic = riverside()
    said = clinic.command(FRAN, TYPED)

    clinic.press_on(FRAN, said, "I wrote the code down")

    assert [(each.kind, each.by) for each in clinic.history(code_of(said))][-1] == ("code_written_down", FRAN)


def test_everything_wrong_with_a_form_is_said_at_once_and_nothing_is_opened() -> None:
    clinic = riverside()
    wrong = {**FIELDS, "operator": JO, "room": "room-9", "day": "2027-01-12", "session": "5 of 2"}

    with pytest.raises(WrongValues) as refused:
        clinic.send(FRAN, opened(clinic, FRAN, "new"), **wrong)

    assert refused.value.problems == {
        "day": "That moment has passed already. Give a start in the future.",
        "room": "There is no room 'room-9' here. Did you mean 'room-2' or 'room-1'?",
        "operator": "There is no operator 'jo' here. There are max.",
        "session": "'5 of 2' is no session. Write which of how many, such as 2 of 4.",
    }
    with clinic.store.reading() as reading:
        assert reading.codes() == frozenset()


def test_a_typed_line_with_a_slip_is_answered_with_how_to_write_it() -> None:
    with pytest.raises(Unclear, match=r"no procedure .abx. here. .* Nothing was booked"):
        riverside().command(FRAN, TYPED.replace("abl", "abx"))


def test_what_the_desk_should_look_at_again_is_said_and_forbidden_is_nothing() -> None:
    clinic = riverside()
    first = code_of(clinic.command(FRAN, TYPED))

    said = clinic.command(FRAN, "new abl 2027-03-02 10:00 room-2 max")
    saturday = clinic.command(FRAN, "new abl 2027-03-06 19:00 room-1 max")

    assert isinstance(said, Notice) and isinstance(saturday, Notice)
    label = f"CO₂ / Er:YAG resurfacing · Tue 2 Mar 09:30 · Room 2 · {first}"
    assert said.lines[0] == f"Room 2 is taken then: {label}."
    assert saturday.lines[:2] == (
        "Riverside is closed on Sat 6 Mar.",
        "Max Model is not on duty Sat 6 Mar 19:00: who is will be asked.",
    )


def test_an_operator_cannot_be_in_two_rooms_and_the_desk_hears_of_it() -> None:
    clinic = riverside()
    clinic.command(FRAN, TYPED)

    said = clinic.command(FRAN, "new abl 2027-03-02 17:55 room-1 max")
    crossing = clinic.command(FRAN, "new abl 2027-03-02 09:45 room-1 max")

    assert isinstance(said, Notice) and not [line for line in said.lines if "booked then" in line]
    assert isinstance(crossing, Notice) and crossing.lines[0].startswith("The operator is booked then: ")


def test_before_the_clinic_went_live_nothing_is_opened() -> None:
    live = Riverside("g.skin_exam", clinic=replace(ROOMS, go_live=date(2027, 4, 1)))

    with pytest.raises(Refused, match="stays on paper"):
        live.command(FRAN, TYPED)


def test_what_a_playbook_must_know_beforehand_is_said_and_can_be_told_in_a_form() -> None:
    clinic = Riverside("g.skin_exam", "abl.hsv_prescribed", clinic=ROOMS).until("2027-01-13 10:00")
    said = clinic.command(FRAN, TYPED)
    assert isinstance(said, Notice)

    form = form_on(clinic, said, "Say what is planned")
    clinic.send(FRAN, form, area_face="yes")

    assert said.lines == (
        "Until somebody says what is planned, this is taken: on the face: no; numbing: none; sedation: none.",
    )
    assert clinic.course(said.code).case.facts["area_face"] == "yes"


def test_what_nobody_said_is_taken_so_that_most_is_asked_unless_the_file_says_what_is_usual() -> None:
    usual = replace(ROOMS, defaults={"abl": {"anaesthesia": "none"}})
    steps = ("g.topical_anaesthetic", "g.escort")
    known, unknown = (Riverside(*steps, clinic=each).until("2027-01-13 10:00") for each in (usual, ROOMS))

    codes = [code_of(each.command(FRAN, TYPED)) for each in (known, unknown)]

    taken = [each.course(code).case.facts for each, code in zip((known, unknown), codes, strict=True)]
    assert [facts["anaesthesia"] for facts in taken] == ["none", "topical"]


def test_what_was_said_once_is_not_changed_where_it_was_booked() -> None:
    clinic = Riverside("g.skin_exam", "abl.hsv_prescribed", clinic=ROOMS).until("2027-01-13 10:00")
    said = clinic.command(FRAN, TYPED)
    form = form_on(clinic, said, "Say what is planned")
    clinic.command(ALI, f"fact {code_of(said)} area_face yes")

    with pytest.raises(Refused, match="There is no field 'area_face'"):
        clinic.send(FRAN, form, area_face="no")

    again = form_on(clinic, said, "Say what is planned")
    assert "area_face" not in [field.name for field in again.parts[0].fields]


def test_a_second_tick_changes_nothing() -> None:
    clinic = riverside()
    said = clinic.command(FRAN, TYPED)
    clinic.press_on(FRAN, said, "I wrote the code down")

    with pytest.raises(Settled, match="in your book already"):
        clinic.press_on(KIT, said, "I wrote the code down")


def test_a_nurse_books_nobody() -> None:
    with pytest.raises(NotAllowed, match="may book a session: Fran Draft, "):
        riverside().command(JO, TYPED)


# --- picked by day and time


def test_a_session_without_its_code_is_moved_by_day_and_time() -> None:
    clinic = riverside()
    code = code_of(clinic.command(FRAN, "new abl 2027-01-19 09:30 room-2 max"))
    form = opened(clinic, FRAN, "move")

    clinic.send(FRAN, form, which=f"{code}/1", day="2027-01-20", at="11:00")

    assert form.parts[0].fields[0].options == (
        (f"{code}/1", f"Tue 19 Jan 09:30 · {code} · Room 2 · CO₂ / Er:YAG resurfacing"),
    )
    assert clinic.course(code).case.sessions[0].start == london("2027-01-20 11:00")


def test_a_named_day_shows_the_sessions_of_that_day_alone() -> None:
    clinic = riverside()
    late = code_of(clinic.command(FRAN, TYPED))
    clinic.command(FRAN, "new abl 2027-01-19 09:30 room-2 max")

    form = opened(clinic, KIT, "cancel 2027-03-02")

    assert [value for value, _ in form.parts[0].fields[0].options] == [f"{late}/1"]
    clinic.send(KIT, form, which=f"{late}/1", reason="patient is ill")
    assert clinic.course(late).case.cancelled is not None


def test_where_nothing_is_booked_nothing_can_be_picked() -> None:
    with pytest.raises(Refused, match="Nothing is booked for the next 14 days"):
        riverside().command(ALI, "move")


def test_a_pick_without_its_rest_is_asked_for_it() -> None:
    clinic = riverside()
    code = code_of(clinic.command(FRAN, "new abl 2027-01-19 09:30 room-2 max"))

    with pytest.raises(WrongValues) as moved:
        clinic.send(FRAN, opened(clinic, FRAN, "move"), which=f"{code}/1")
    with pytest.raises(WrongValues) as cancelled:
        clinic.send(FRAN, opened(clinic, FRAN, "cancel"), which=f"{code}/1")

    assert set(moved.value.problems) == {"day", "at"}
    assert set(cancelled.value.problems) == {"reason"}


def test_what_belongs_to_a_booking_is_recorded_with_it_and_not_asked_later() -> None:
    clinic = Riverside("g.booking_record", "g.contacts", clinic=ROOMS).until("2027-01-13 10:00")
    said = clinic.send(FRAN, opened(clinic, FRAN, "new"), **FIELDS)

    form = form_on(clinic, said, "Record the booking")
    clinic.fill(FRAN, form)
    clinic.speak()

    assert [part.title for part in form.parts] == ["Booking record", "Contacts and language"]
    assert {task.status for task in clinic.course(code_of(said)).tasks} == {TaskStatus.DONE}
    assert clinic.sent(FRAN) == []


def test_whoever_books_for_the_desk_is_not_offered_its_record() -> None:
    clinic = Riverside("g.booking_record", clinic=ROOMS).until("2027-01-13 10:00")

    said = clinic.send(KIT, opened(clinic, KIT, "new"), **FIELDS)

    assert isinstance(said, Notice)
    assert "Record the booking" not in [button.label for button in said.buttons]


def test_what_is_asked_at_the_consultation_waits_for_the_one_that_is_still_to_come() -> None:
    clinic = riverside()
    form = opened(clinic, FRAN, "new")

    code = code_of(clinic.send(FRAN, form, **FIELDS, consult="2027-02-20 10:00"))

    dues = {task.step: task.due for task in clinic.course(code).tasks}
    assert dues["g.skin_exam"] == london("2027-02-20 11:00")


@pytest.mark.parametrize("words", ["soon", "2027-03-03 10:00", "10:00"])
def test_a_consultation_that_cannot_be_is_asked_for_again(words: str) -> None:
    clinic = riverside()

    with pytest.raises(WrongValues) as raised:
        clinic.send(FRAN, opened(clinic, FRAN, "new"), **FIELDS, consult=words)

    assert list(raised.value.problems) == ["consult"]
