"""The channel's one message a day: when it comes, what an edit and what a line in its thread says."""

from dataclasses import replace
from datetime import time

import pytest

from bot.core.boards import Board
from bot.core.case import Outcome
from bot.service.huddle import draw_board
from tests.service.clinic import FRAN, JO, KIT, RIVERSIDE, WITH_BOARD, london
from tests.service.riverside import Riverside
from tests.service.workspace import Message

CHANNEL = "#procedures"
STEPS = ("g.confirm_contact", "g.same_day_check", "g.site_marked", "g.timeout", "abl.call_1")


def clinic_of(*steps: str, **more: object) -> Riverside:
    return Riverside(*(steps or STEPS), clinic=replace(WITH_BOARD, **more))  # type: ignore[arg-type]


def huddles(clinic: Riverside) -> list[Message]:
    return [message for message in clinic.workspace.of(CHANNEL) if isinstance(message.card, Board)]


def newest(clinic: Riverside) -> Board:
    card = huddles(clinic)[-1].card
    assert isinstance(card, Board)
    return card


def test_one_message_a_day_comes_a_quarter_of_an_hour_before_opening() -> None:
    clinic = clinic_of().book().until("2027-01-15 12:00")

    posted = [f"{clinic.clinic.calendar.local(each.posted):%a %H:%M}" for each in huddles(clinic)]
    # the case was opened on Tuesday afternoon, when the clinic was open
    assert posted == ["Tue 13:45", "Wed 07:45", "Thu 07:45", "Fri 07:45"]


def test_a_clinic_that_says_when_gets_its_huddle_then() -> None:
    clinic = clinic_of(huddle=time(7, 10)).book().until("2027-01-13 09:00")

    assert f"{clinic.clinic.calendar.local(huddles(clinic)[-1].posted):%H:%M}" == "07:10"


def test_no_huddle_comes_on_a_closed_day() -> None:
    clinic = clinic_of().book().until("2027-01-18 07:00")

    days = {f"{clinic.clinic.calendar.local(each.posted):%a}" for each in huddles(clinic)}
    assert days == {"Tue", "Wed", "Thu", "Fri"}


def test_at_closing_it_says_so_and_is_edited_no_more() -> None:
    clinic = clinic_of().book().until("2027-01-12 18:00")
    drawn = len(huddles(clinic)[0].drawings)

    clinic.until("2027-01-12 19:00").command(FRAN, "move K7Q2 2027-03-01 09:30")
    clinic.until("2027-01-12 23:00")

    assert newest(clinic).closed == "18:00" and "closed 18:00" in newest(clinic).counts
    assert len(huddles(clinic)[0].drawings) == drawn


def test_an_outage_at_closing_ends_the_day_when_it_is_over() -> None:
    clinic = clinic_of().book().until("2027-01-12 17:00")
    clinic.clock.advance(
        clinic.clinic.calendar.instant(clinic.clinic.calendar.day(clinic.clock.now()), time(23))
    )

    clinic.speak()

    assert newest(clinic).closed == "18:00"


def test_an_answer_taken_back_after_closing_is_one_correction() -> None:
    clinic = clinic_of().book().until("2027-02-16 10:00")
    clinic.until("2027-02-16 17:58").answer(FRAN, "Patient confirms")
    clinic.until("2027-02-16 18:01")
    drawn = len(huddles(clinic)[-1].drawings)

    clinic.until("2027-02-16 18:05").undo(FRAN, "g.confirm_contact")
    clinic.until("2027-02-16 23:00")

    assert newest(clinic).closed == "18:00, corrected 18:05"
    assert len(huddles(clinic)[-1].drawings) == drawn + 1


def test_a_clinic_without_cases_is_told_that_nothing_needs_anybody() -> None:
    clinic = clinic_of().until("2027-01-12 15:00")

    assert newest(clinic).text == (
        "0 today · 0 cleared · 0 on track · 0 not ready · 0 stops · checked 13:45. Nothing needs you."
    )


# --- getting worse


def morning() -> Riverside:
    """The morning of a procedure for which everything before it was answered."""
    clinic = clinic_of().book().until("2027-02-16 10:00")
    clinic.answer(FRAN, "Patient confirms")
    return clinic.until("2027-02-18 08:45")


def test_a_session_that_gets_worse_is_one_line_that_mentions_its_owner() -> None:
    clinic = morning()
    before = newest(clinic)
    clinic.mark("arrived")
    clinic.until("2027-02-18 08:50").answer(JO, "Same-day check", rash="yes")

    clinic.until("2027-02-18 09:10")

    assert before.rows[0].state == "ready"
    assert huddles(clinic)[-1].thread == [
        "@ali 09:30 · K7Q2 · CO₂ / Er:YAG resurfacing: was on track, now not ready. Same-day check."
    ]


def test_the_line_stays_one_however_often_the_board_is_drawn_and_across_a_restart() -> None:
    clinic = morning()
    clinic.mark("arrived")
    clinic.until("2027-02-18 08:50").answer(JO, "Same-day check", rash="yes")
    clinic.until("2027-02-18 08:55")

    again = Riverside(
        *STEPS, store=clinic.store, workspace=clinic.workspace, clinic=WITH_BOARD, now=clinic.clock.now()
    )
    again.until("2027-02-18 09:25")

    assert len(huddles(again)[-1].thread) == 1


def test_what_gets_worse_overnight_is_told_under_the_next_huddle() -> None:
    clinic = clinic_of("g.confirm_contact", "g.same_day_check").book().until("2027-02-16 10:00")
    clinic.answer(FRAN, "Patient confirms")
    clinic.until("2027-02-17 19:00").early(JO, "g.same_day_check", rash="yes")

    clinic.until("2027-02-18 08:00")

    assert [len(each.thread) for each in huddles(clinic)[-2:]] == [0, 1]


def test_an_edit_notifies_nobody() -> None:
    clinic = clinic_of().book().until("2027-02-16 18:30")

    heard = [text for _, to, text in clinic.buzzes if to == CHANNEL]
    assert len(heard) == len(huddles(clinic))
    assert len(huddles(clinic)[-1].drawings) > 3


def test_an_owner_without_an_account_there_is_named_instead() -> None:
    people = {
        id: replace(each, accounts={"other": id}) if id == "ali" else each
        for id, each in RIVERSIDE.people.items()
    }
    clinic = clinic_of(people=people).book().until("2027-02-16 10:00")
    clinic.answer(FRAN, "Patient confirms")
    clinic.until("2027-02-18 08:45").mark("arrived")
    clinic.until("2027-02-18 08:50").answer(JO, "Same-day check", rash="yes")

    clinic.until("2027-02-18 09:00")

    assert huddles(clinic)[-1].thread[0].startswith("Dr Ali: 09:30 · K7Q2")


def test_the_board_foretells_when_the_manager_is_told() -> None:
    clinic = morning()
    clinic.mark("arrived")
    clinic.until("2027-02-18 08:56").answer(JO, "Same-day check", rash="yes")
    (row,) = newest(clinic.until("2027-02-18 08:57")).exceptions

    clinic.until("2027-02-18 09:30")

    told = next(each for each in clinic.workspace.of(KIT) if "Same-day check" in each.card.text)
    assert row.ahead == f"reminded 09:01, manager told {clinic.clinic.calendar.local(told.posted):%H:%M}"


# --- what is on it


def test_of_a_patient_who_is_not_here_the_board_foretells_what_the_desk_will_hear() -> None:
    clinic = Riverside("g.identity_arrival").book().until("2027-02-18 08:47")

    board = clinic.command(KIT, "status")
    clinic.until("2027-02-18 09:30")

    assert isinstance(board, Board)
    reminded = next((at, to) for at, to, text in clinic.buzzes if "Still open" in text)
    told = next((at, to) for at, to, _ in clinic.buzzes if to == KIT)
    assert board.rows[0].ahead == "reminded 09:10, manager told 09:20"
    assert (reminded, told) == ((london("2027-02-18 09:10"), FRAN), (london("2027-02-18 09:20"), KIT))


def test_good_catches_are_praised_on_the_last_day_of_the_week_and_name_nobody() -> None:
    clinic = clinic_of("g.confirm_contact", "g.skin_exam", "g.medicines").book().until("2027-01-12 15:00")
    clinic.fill(JO, clinic.form_of(JO, "g.medicines"), "a new medicine, ibuprofen", Outcome.CAUGHT)

    clinic.until("2027-01-15 18:30")

    cards = [each.card for each in huddles(clinic)]
    praised = [card.praise for card in cards if isinstance(card, Board)]
    assert praised[:-1] == ["", "", ""]
    assert praised[-1].startswith("This week: 1 good catch: device or room 1.")
    assert "ibuprofen" not in praised[-1] and "Jo" not in praised[-1] and "K7Q2" not in praised[-1]


def test_held_sessions_are_told_above_the_exceptions() -> None:
    clinic = clinic_of(rooms={"room-2": ("Laser B",)}).book(room="room-2")
    clinic.press_on(KIT, clinic.command(KIT, "hold laser B lamp broken"))

    with clinic.store.reading() as reading:
        board = draw_board(clinic.practice, reading, clinic.clinic, clinic.clock.now())

    assert board.notes == ("On hold: Laser B, lamp broken 13:45. 1 case: K7Q2.",)
    assert "Nothing needs you" not in board.text


@pytest.mark.parametrize(
    ("moment", "counts"),
    [
        ("2027-02-18 08:00", "1 today · 1 cleared · 0 on track · 0 not ready · 0 stops"),
        ("2027-02-18 09:40", "1 today · 1 in the room · 0 cleared · 0 on track · 0 not ready · 0 stops"),
        ("2027-02-18 10:40", "1 today · 1 done · 0 cleared · 0 on track · 0 not ready · 0 stops"),
    ],
)
def test_line_one_follows_a_patient_through_the_day(moment: str, counts: str) -> None:
    clinic = clinic_of().book()

    clinic.everything_as_usual(moment).speak()

    assert newest(clinic).counts.startswith(counts)
