"""Commands: each of them, who may give it, and what is said where it cannot be done."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from bot.core.boards import Board, RowState
from bot.core.case import Choice
from bot.core.errors import NotAllowed, NotFound, Refused, Settled, Unclear, WrongValues
from bot.core.kinds import Gate
from bot.core.messages import CaseView, Notice, TaskCard
from bot.core.people import Role
from bot.core.readiness import Ready
from bot.core.replies import COMMANDS, Command
from tests.examples import some_of
from tests.service.clinic import ALI, FRAN, JO, KIT, MAX, PIA, RIVERSIDE, SAM, london
from tests.service.riverside import Riverside
from tests.service.workspace import PLATFORM

STEPS = (
    "g.skin_exam",
    "g.medicines",
    "g.medical_history",
    "g.change_check",
    "g.timeout",
    "c.notify",
    "x.new_date",
)


def at_the_consultation() -> Riverside:
    return (
        Riverside(*STEPS, "c.close", "e.triage", "abl.smoking_stop", "abl.visit_7")
        .book()
        .until("2027-01-12 15:00")
    )


@pytest.fixture
def clinic() -> Riverside:
    return at_the_consultation()


@pytest.fixture(scope="module")
def untouched() -> Riverside:
    """One clinic for all that is refused: each test sees that nothing was changed."""
    return at_the_consultation()


# --- looking


@pytest.mark.parametrize("word", COMMANDS)
def test_every_word_that_begins_a_command_is_understood(untouched: Riverside, word: str) -> None:
    try:
        said = str(untouched.command(MAX, word))
    except Refused as refused:
        said = str(refused)

    assert "There is no command" not in said


def test_a_bare_command_is_help(clinic: Riverside) -> None:
    notice = clinic.command(JO, "help")
    bare = clinic.desk.command(Command(platform=PLATFORM, account=JO, once="x", words=()))

    assert isinstance(notice, Notice) and any("`mine`" in line for line in notice.lines)
    assert bare == notice


def test_status_is_the_board_and_with_a_code_the_case(clinic: Riverside) -> None:
    clinic.book("2027-01-20 09:30", code="M4XD")

    board, case = clinic.command(KIT, "status"), clinic.command(KIT, "status m4xd")

    assert isinstance(board, Board) and [row.code for row in board.rows] == ["M4XD", "K7Q2"]
    assert isinstance(case, CaseView) and case.heading.startswith("M4XD: ")


def test_what_blocks_several_gates_is_named_at_the_first_of_them() -> None:
    clinic = Riverside("g.skin_exam").book().until("2027-01-12 15:30")

    first, *others = (words for _, words in clinic.command(KIT, "case K7Q2").gates)

    assert first == "Skin exam" and set(others) == {"the one above"}


def test_a_case_shows_what_blocks_each_gate_every_line_and_what_was_said(clinic: Riverside) -> None:
    clinic.answer(ALI, "Skin exam", exam_done="no")

    view = clinic.command(KIT, "case k7q2")

    gates = dict(view.gates)
    lines = {line.title: line for line in view.lines}
    assert "Skin exam" in gates["A week before (Thu 11 Feb 10:00)"]
    assert "Time-out" in gates["Cleared to start (Thu 18 Feb 09:25)"]
    assert "Hard stop" in lines["Skin exam"].said
    assert (
        view.history[0].endswith("opened") and "Dr Ali · answered Skin exam (confirmed)" in view.history[-1]
    )


def test_mine_lists_what_waits_for_the_person_and_for_nobody_else(clinic: Riverside) -> None:
    jos, alis, kits = (clinic.command(who, "mine") for who in (JO, ALI, KIT))

    assert [line.title for line in jos.lines] == ["Medical history", "Medication disclosure"]
    assert [line.title for line in alis.lines] == ["Skin exam"]
    assert (kits.text, kits.lines) == ("Nothing waits for you.", ())


def test_a_stop_waits_for_the_physician(clinic: Riverside) -> None:
    clinic.answer(JO, "Medical history", smoker="yes")

    alis, jos = clinic.command(ALI, "mine"), clinic.command(JO, "mine")

    assert "Medical history" in [line.title for line in alis.lines]
    assert "Medical history" not in [line.title for line in jos.lines]


def test_overdue_lists_what_nobody_answered(clinic: Riverside) -> None:
    card = clinic.command(KIT, "overdue")

    assert isinstance(card, TaskCard)
    assert card.heading == "Overdue"
    assert {line.title for line in card.lines} == {"Medical history", "Medication disclosure", "Skin exam"}


def test_today_lists_who_comes_today(clinic: Riverside) -> None:
    nobody = clinic.command(FRAN, "today")
    clinic.book("2027-01-12 17:00", code="M4XD")

    somebody = clinic.command(FRAN, "today")

    assert nobody.text == "Nobody is booked today."
    assert somebody.text.startswith("1 today · 0 cleared · 0 on track · 1 not ready · 0 stops · checked ")
    assert "M4XD" in somebody.lines[0]


# --- what was not found


@pytest.mark.parametrize("word", ["case", "event", "override", "session", "amend"])
def test_a_command_without_its_code_shows_how_it_is_written(untouched: Riverside, word: str) -> None:
    with pytest.raises(Unclear, match=f"Which case.*`{word} K7Q2`"):
        untouched.command(ALI, word)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cancle K7Q2 ill", "There is no command 'cancle'. Did you mean 'cancel'"),
        ("xyzzy", "There is no command 'xyzzy'. `help` lists what there is."),
        ("case K7QZ", "There is no case 'K7QZ'. Did you mean 'K7Q2'?"),
        ("status K7QZ", "Did you mean 'K7Q2'?"),
        ("move K7QZ 2027-02-18 09:30", "Did you mean 'K7Q2'?"),
        ("cancel K7QZ ill", "Did you mean 'K7Q2'?"),
        ("event K7QZ urgent", "Did you mean 'K7Q2'?"),
        ("override K7QZ seen @jo x", "Did you mean 'K7Q2'?"),
        ("fact K7QZ smoker yes", "Did you mean 'K7Q2'?"),
        ("fact K7Q2 smokr yes", "There is no fact 'smokr'. Did you mean 'smoker'?"),
    ],
)
def test_what_is_not_known_is_named_with_the_nearest_names(
    untouched: Riverside, text: str, said: str
) -> None:
    before = untouched.history()

    with pytest.raises(NotFound) as refusal:
        untouched.command(ALI, text)

    assert said in str(refusal.value)
    assert untouched.history() == before


@pytest.mark.parametrize(
    "text",
    [
        "case",
        "cancel K7Q2",
        "move K7Q2",
        "move K7Q2 tomorrow",
        "move K7Q2 2027-02-30 09:30",
        "move K7Q2 2027-02-18 25:00",
        "move K7Q2 2027-02-18 3:30 pm",
        "move K7Q2 2027-02-18 09:30 room-2",
        "event",
        "event K7Q2 somewhat",
        "fact",
        "fact K7Q2",
        "fact K7Q2 smoker",
        "override",
        "override K7Q2 seen",
        "override K7Q2 seen @jo",
        "override K7Q2 seen jo photos follow",
        "override K7Q2 because @jo photos follow",
    ],
)
def test_a_command_that_lacks_something_is_answered_with_how_to_write_it(
    untouched: Riverside, text: str
) -> None:
    before = untouched.history()

    with pytest.raises(Unclear) as refusal:
        untouched.command(ALI, text)

    assert "`" in str(refusal.value)
    assert untouched.history() == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("fact K7Q2 smoker perhaps", "smoker is one of no, yes, unknown"),
        ("fact K7Q2 age old", "is not a number"),
        ("fact K7Q2 age nan", "is not a number"),
        ("fact K7Q2 age inf", "is not a number"),
        ("fact K7Q2 isotretinoin_last_dose soon", "is not a date"),
        ("fact K7Q2 session_no 3", "follows from the booking"),
        ("fact K7Q2 playbook naf", "follows from the booking"),
        ("move K7Q2 2027-01-12 09:30", "passed already"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_what_can(untouched: Riverside, text: str, said: str) -> None:
    before = untouched.history()

    with pytest.raises(Refused) as refusal:
        untouched.command(ALI, text)

    assert said in str(refusal.value)
    assert untouched.history() == before


def test_a_note_that_seems_to_name_a_patient_is_not_kept(clinic: Riverside) -> None:
    with pytest.raises(WrongValues, match="nothing was kept"):
        clinic.command(FRAN, "cancel K7Q2 called from 0171 555 12 34")

    assert clinic.course().case.cancelled is None


# --- who may

MAY = {
    "move K7Q2 2027-03-18 09:30": (Role.FRONT_DESK, Role.PHYSICIAN, Role.MANAGER),
    "cancel K7Q2 patient is ill": (Role.FRONT_DESK, Role.PHYSICIAN, Role.MANAGER),
    "event K7Q2 urgent": tuple(Role),
    "fact K7Q2 smoker yes": (Role.NURSE, Role.PHYSICIAN, Role.OPERATOR),
    "override K7Q2 seen @fran photos follow": (Role.PHYSICIAN, Role.MANAGER),
}


@pytest.mark.parametrize(("text", "who"), some_of(product(MAY, [ALI, JO, MAX, FRAN, KIT])))
def test_a_command_is_for_the_roles_it_names(clinic: Riverside, text: str, who: str) -> None:
    before = clinic.history()

    if RIVERSIDE.person(who).may(*MAY[text]):
        clinic.command(who, text)
    else:
        with pytest.raises(NotAllowed, match=r"Only .* may .*Nothing was changed"):
            clinic.command(who, text)

    assert (clinic.history() != before) == RIVERSIDE.person(who).may(*MAY[text])


def test_another_clinics_case_is_not_found(clinic: Riverside) -> None:
    desk = clinic.with_another_clinic("lena")

    for text in ("case K7Q2", "status K7Q2", *MAY):
        with pytest.raises(NotFound):
            desk.command(Command(platform=PLATFORM, account="lena", once=text, words=tuple(text.split())))

    assert [entry.kind for entry in clinic.history()] == ["opened", "asked"]


# --- move


def test_a_move_says_what_moved_what_is_asked_again_and_what_stops(clinic: Riverside) -> None:
    clinic.answer(ALI, "Skin exam")
    clinic.answer(JO, "Medication disclosure")

    notice = clinic.command(FRAN, "move K7Q2 2027-08-19 10:00")

    assert notice.text.splitlines() == [
        "K7Q2: Moved to Thu 19 Aug 10:00; 3 items moved along.",
        "Asked again, too old for the new date: Medication disclosure, Skin exam.",
    ]
    assert clinic.statuses("x.new_date") == {"x.new_date": "open"}


def test_what_is_asked_again_is_not_also_said_to_stop_no_longer(clinic: Riverside) -> None:
    clinic.answer(JO, "Medical history", smoker="yes")

    notice = clinic.command(FRAN, "move K7Q2 2027-08-19 10:00")

    assert "Asked again, too old for the new date: Medical history." in notice.text
    assert "No longer stops" not in notice.text


def test_what_falls_on_a_closed_day_is_said() -> None:
    clinic = Riverside("abl.check_3", "abl.call_1").book().until("2027-01-12 15:00")

    notice = clinic.command(FRAN, "move K7Q2 2027-02-19 10:00")

    assert "Falls on a closed day, the person on call is asked: Call on day 1." in notice.text


def test_a_new_date_to_look_at_again_is_said_and_forbidden_is_nothing() -> None:
    clinic = Riverside("g.skin_exam").book(room="Room 2", operator=MAX)
    clinic.book("2027-02-19 10:30", code="M4XD", room="Room 2")
    saturday = "Riverside is closed on Sat 20 Feb."

    assert "taken then" not in clinic.command(FRAN, "move K7Q2 2027-02-19 11:30").text
    taken = clinic.command(FRAN, "move K7Q2 2027-02-19 10:00").text
    closed = clinic.command(FRAN, "move K7Q2 2027-02-20 10:00").text
    added = clinic.command(FRAN, "session K7Q2 2027-02-27 10:00").text

    assert "Room 2 is taken then: CO₂ / Er:YAG resurfacing · Fri 19 Feb 10:30 · Room 2 · M4XD." in taken
    assert saturday in closed and "Max Model is not on duty Sat 20 Feb 10:00" in closed
    assert "Riverside is closed on Sat 27 Feb." in added and saturday not in added
    assert clinic.course().case.sessions[0].start == london("2027-02-20 10:00")


def test_a_procedure_that_has_begun_is_neither_moved_nor_cancelled() -> None:
    clinic = Riverside("abl.visit_7", "g.treatment_record", "c.notify").book().until("2027-02-18 09:35")
    clinic.mark("arrived")
    clinic.mark("started")

    for text in ("move K7Q2 2027-03-18 09:30", "cancel K7Q2 no time"):
        with pytest.raises(Settled, match="has begun"):
            clinic.command(FRAN, text)

    assert clinic.statuses("abl.visit_7", "c.notify") == {"abl.visit_7": "open"}


def test_a_cancelled_case_is_not_moved_and_not_cancelled_again(clinic: Riverside) -> None:
    clinic.command(FRAN, "cancel K7Q2 patient is ill")

    with pytest.raises(Settled, match="was cancelled Tue 12 Jan 15:00"):
        clinic.command(FRAN, "move K7Q2 2027-03-18 09:30")
    with pytest.raises(Settled, match="is cancelled already"):
        clinic.command(FRAN, "cancel K7Q2 twice")


# --- cancel, event, fact


def test_cancelling_voids_what_is_open_and_adds_its_own_steps(clinic: Riverside) -> None:
    clinic.answer(ALI, "Skin exam")

    notice = clinic.command(FRAN, "cancel K7Q2 patient is ill")

    assert notice.text == "K7Q2 is cancelled. What was open is not asked any more."
    found = clinic.statuses()
    assert {step for step, status in found.items() if status == "open"} == {"c.notify", "c.close"}
    assert {step for step, status in found.items() if status == "done"} == {"g.skin_exam"}


def test_an_emergency_says_what_to_do_first(clinic: Riverside) -> None:
    notice = clinic.command(MAX, "event K7Q2 emergency")

    assert "Emergency: send the patient to hospital now, do not wait." in notice.text
    assert clinic.task("e.triage").due == london("2027-01-12 15:30")


def test_a_fact_changes_the_list_and_says_so(clinic: Riverside) -> None:
    notice = clinic.command(JO, "fact K7Q2 smoker yes")

    assert notice.text.splitlines()[1] == "Smoker (nicotine vaping counts): 1 item added."
    assert clinic.statuses("abl.smoking_stop") == {"abl.smoking_stop": "open"}


def test_a_date_is_read_as_people_write_it(clinic: Riverside) -> None:
    for text in ("2026-08-31", "31.8.2026"):
        clinic.command(JO, f"fact K7Q2 isotretinoin_last_dose {text}")

        assert str(clinic.course().case.facts["isotretinoin_last_dose"]) == "2026-08-31"


# --- override


def before_the_day() -> Riverside:
    """The evening before, everything is answered but whether anything is new."""
    clinic = Riverside("g.skin_exam", "g.change_check", "g.readiness", "g.timeout").book()
    clinic.until("2027-01-12 15:00")
    clinic.answer(ALI, "Skin exam")
    return clinic.until("2027-02-16 11:30")


def test_an_override_needs_a_second_person() -> None:
    clinic = before_the_day()
    clinic.answer(JO, "Anything new?", new_medicine="yes")
    clinic.fill(PIA, clinic.form_of(PIA, "g.change_check"), new_medicine="yes")

    with pytest.raises(Refused, match="A second person must say go"):
        clinic.command(PIA, "override K7Q2 seen @jo it is an eye drop")

    clinic.command(KIT, "override K7Q2 seen @jo it is an eye drop")
    assert clinic.ready(Gate.COME) is Ready.OVERRIDE


def test_with_an_override_the_gate_itself_can_be_passed() -> None:
    clinic = before_the_day().until("2027-02-16 14:30")
    with pytest.raises(Refused, match="Not yet: Anything new"):
        clinic.early(ALI, "g.readiness")

    clinic.command(KIT, "override K7Q2 elsewhere @fran asked by telephone, form follows")
    clinic.early(ALI, "g.readiness")

    assert clinic.statuses("g.readiness") == {"g.readiness": "done"}


def test_a_hard_stop_has_no_override() -> None:
    clinic = Riverside("g.skin_exam").book().until("2027-01-12 15:00")
    clinic.answer(ALI, "Skin exam", exam_done="no")

    with pytest.raises(Refused, match=r"hard stop. It has no override"):
        clinic.command(KIT, "override K7Q2 risk @fran it will be fine")


def test_where_nothing_is_open_there_is_nothing_to_override() -> None:
    clinic = Riverside("g.skin_exam").book().until("2027-01-12 15:00")
    clinic.answer(ALI, "Skin exam")

    with pytest.raises(Refused, match="needs no override"):
        clinic.command(KIT, "override K7Q2 risk @fran to be sure")


def test_an_override_stays_visible_on_the_board() -> None:
    clinic = before_the_day()
    clinic.command(KIT, "override K7Q2 elsewhere @fran asked by telephone")

    (row,) = clinic.command(KIT, "status").rows

    assert (row.state, row.summary) == (
        RowState.OVERRIDE,
        "ready with override: answered elsewhere, asked by telephone",
    )
    assert row.blocks


def test_a_physicians_decision_clears_what_it_covers_and_no_more() -> None:
    clinic = before_the_day()
    clinic.answer(JO, "Anything new?", new_medicine="yes")
    clinic.speak()
    clinic.decide(ALI, Choice.PROCEED, "eye drops")
    before = clinic.statuses("g.change_check")

    assert before == {"g.change_check": "done"}
    assert clinic.task("g.change_check").decision.covers == ("new_medicine: yes",)


def test_a_notice_is_what_a_command_answers(clinic: Riverside) -> None:
    assert isinstance(clinic.command(SAM, "fact K7Q2 smoker yes"), Notice)


def test_a_cancelled_procedure_is_on_the_board_as_cancelled_and_neither_done_nor_in_aftercare() -> None:
    clinic = Riverside("g.identity_arrival", "c.notify").book().until("2027-02-18 08:55")

    clinic.command(FRAN, "cancel K7Q2 no-show")
    today = clinic.command(KIT, "status")
    clinic.until("2027-02-18 17:00")
    later = clinic.command(KIT, "status")

    assert isinstance(today, Board) and isinstance(later, Board)
    assert [(words, [row.summary for row in rows]) for words, rows in today.folds] == [
        ("1 cancelled", ["cancelled, 1 item left"])
    ]
    assert today.counts.startswith("0 today")
    assert [words for words, _ in later.sections] == ["Cancelled"]


def test_a_cancelled_case_is_ready_for_nothing() -> None:
    clinic = before_the_day()
    clinic.command(FRAN, "cancel K7Q2 patient is ill")

    assert clinic.command(KIT, "case K7Q2").gates == ()


def test_what_starts_before_the_clinic_went_live_stays_on_paper() -> None:
    live = Riverside("g.skin_exam", clinic=replace(RIVERSIDE, go_live=date(2027, 2, 18)))

    live.book("2027-02-18 09:30", code="H8LA")
    with pytest.raises(Refused, match="from 2027-02-18 on"):
        live.book("2027-02-17 17:00")

    with live.store.reading() as reading:
        assert reading.codes() == {"H8LA"}
