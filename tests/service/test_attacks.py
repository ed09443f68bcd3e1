"""Attacks and accidents: forged buttons, hostile words, an old card, an override for what nobody had seen."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from time import process_time
from zoneinfo import ZoneInfo

import pytest

from bot.core.actions import Action
from bot.core.boards import RowState
from bot.core.conditions import Within, holds
from bot.core.errors import Refused, Unclear, Unsure, WrongValues
from bot.core.guard import LONGEST, noted
from bot.core.kinds import Gate
from bot.core.readiness import Ready
from bot.core.replies import Pressed
from tests.service.clinic import ALI, CALENDAR, CODE, FRAN, JO, KIT, MAX, RIVERSIDE, WITH_BOARD, london
from tests.service.riverside import Riverside
from tests.service.workspace import PLATFORM

ROOM = ("g.site_marked", "g.device_check", "g.laser_area", "g.eyewear", "g.fire")


def pressed(who: str, action: Action, *tasks: str, value: str = "", revision: int = 0) -> Pressed:
    return Pressed(
        platform=PLATFORM,
        account=who,
        once="attack",
        action=action,
        tasks=tasks,
        value=value,
        revision=revision,
    )


def room() -> Riverside:
    """The room card of an ablative case has just come."""
    return Riverside(*ROOM).book().until("2027-02-18 09:20")


def overridden() -> Riverside:
    """Somebody said go although nobody had asked whether anything is new."""
    clinic = Riverside("g.skin_exam", "g.change_check", "g.readiness", "g.timeout").book()
    clinic.until("2027-01-12 15:00")
    clinic.answer(ALI, "Skin exam")
    clinic.until("2027-02-16 14:30")
    clinic.command(KIT, "override K7Q2 elsewhere @fran asked by telephone, form follows")
    clinic.until("2027-02-16 14:40")
    return clinic


# --- answers to what is not asked any more


def test_a_reply_under_the_card_of_the_old_date_says_nothing_of_the_new_one() -> None:
    clinic = room()
    old = clinic.workspace.of(MAX)[-1]
    clinic.command(FRAN, "move K7Q2 2027-03-18 09:30")
    clinic.speak()

    with pytest.raises(Unclear):
        clinic.type(MAX, "all ok", under=old)

    assert set(clinic.statuses().values()) == {"open"}


def test_a_forged_button_for_several_lines_does_not_wave_a_stop_away() -> None:
    clinic = room()
    clinic.type(MAX, "problem 3 cracked lens")
    keys = [task.key for task in clinic.course().tasks]
    before = clinic.statuses()

    with pytest.raises(Refused):
        clinic.desk.reply(pressed(MAX, Action.CONFIRM, *keys, revision=1))

    assert clinic.statuses() == before


def test_a_forged_settling_button_does_not_wave_a_stop_away() -> None:
    clinic = Riverside("g.skin_exam", "g.readiness").book().until("2027-01-12 15:00")
    clinic.answer(ALI, "Skin exam", exam_done="no")
    before = clinic.statuses()

    with pytest.raises(Refused):
        clinic.desk.reply(pressed(ALI, Action.SETTLE, f"{CODE}:g.skin_exam:1:1", value="1.1"))

    assert clinic.statuses() == before


def test_a_form_is_about_one_patient() -> None:
    clinic = Riverside("g.medicines").book().until("2027-01-12 15:00").book(code="M3X9")
    keys = (f"{CODE}:g.medicines:1:1", "M3X9:g.medicines:1:1")

    with pytest.raises(Refused, match="several patients"):
        clinic.desk.reply(pressed(JO, Action.FORM, *keys))


def test_a_session_number_of_thousands_of_digits_is_refused() -> None:
    clinic = Riverside("g.medicines").book()

    with pytest.raises(Refused):
        clinic.desk.reply(pressed(FRAN, Action.MARK, f"{CODE}:{'9' * 5000}", value="arrived"))


@pytest.mark.parametrize("day", ["0001-01-01", "1.1.1899", "9999-12-31"])
def test_a_year_in_which_nobody_lives_is_refused_in_every_zone(day: str) -> None:
    auckland = replace(RIVERSIDE, calendar=replace(CALENDAR, zone=ZoneInfo("Pacific/Auckland")))
    clinic = Riverside("g.medicines", clinic=auckland).book()

    with pytest.raises(Refused):
        clinic.command(FRAN, f"move K7Q2 {day} 00:30")


# --- overrides


def test_an_override_covers_no_stop_that_was_found_after_it() -> None:
    clinic = overridden()

    clinic.answer(JO, "Anything new?", new_medicine="yes")

    assert clinic.ready(Gate.COME) is Ready.NOT_READY
    with pytest.raises(Refused, match="Not yet: Anything new"):
        clinic.early(ALI, "g.readiness")


def test_what_was_found_since_can_be_overridden_anew() -> None:
    clinic = overridden()
    clinic.answer(JO, "Anything new?", new_medicine="yes")
    clinic.clock.advance(london("2027-02-16 14:50"))

    clinic.command(KIT, "override K7Q2 seen @jo eye drops, seen by the physician")

    assert clinic.ready(Gate.COME) is Ready.OVERRIDE


def test_an_override_of_one_date_is_none_of_the_next() -> None:
    clinic = overridden()

    clinic.command(FRAN, "move K7Q2 2027-06-17 09:30")

    assert clinic.ready(Gate.COME) is Ready.NOT_READY


# --- the board


def test_a_case_that_is_cancelled_at_once_leaves_the_board_at_once() -> None:
    clinic = Riverside("g.skin_exam", clinic=WITH_BOARD).book()
    asyncio.run(clinic.deliver())
    (board,) = clinic.workspace.of("#procedures")
    drawn = len(board.drawings)

    clinic.command(FRAN, "cancel K7Q2 patient is ill")
    asyncio.run(clinic.deliver())

    assert len(board.drawings) == drawn + 1


def test_a_complication_comes_before_a_stop_and_is_never_nothing() -> None:
    clinic = Riverside("g.skin_exam", "e.physician").book().book(code="M4XD").until("2027-01-12 15:00")
    clinic.fill(ALI, clinic.form_of(ALI, "g.skin_exam"), exam_done="no")
    clinic.command(JO, "event M4XD urgent")

    board = clinic.command(KIT, "status")

    assert [row.code for row in board.rows] == ["M4XD", "K7Q2"]
    assert (board.rows[0].state, board.rows[0].summary) == (RowState.COMPLICATION, "complication reported")
    assert "1 complication" in board.counts and "M4XD complication reported" in board.text


def test_what_is_to_be_done_by_a_moment_ahead_is_by_then_and_since_nothing() -> None:
    clinic = Riverside("e.triage", "e.physician").book().until("2027-02-18 11:00")
    clinic.command(JO, "event K7Q2 urgent")

    (row,) = clinic.command(KIT, "status").rows

    assert row.blocks and all(": by " in block for block in row.blocks)
    assert row.since == ""


def test_the_board_counts_one_complication_and_two_complications() -> None:
    clinic = Riverside("g.skin_exam", "e.physician").book().book(code="M4XD").until("2027-01-12 15:00")
    clinic.command(JO, "event M4XD urgent")
    one = clinic.command(KIT, "status").counts

    clinic.command(JO, f"event {CODE} urgent")
    two = clinic.command(KIT, "status").counts

    assert "1 complication · " in one and "0 stops" in one
    assert "2 complications · " in two


def test_the_board_says_from_when_nobody_was_asked_yet_and_names_no_field_twice() -> None:
    clinic = Riverside("g.skin_exam", "g.change_check").book().until("2027-01-12 15:00")
    waiting = clinic.command(KIT, "status").rows[0].blocks

    clinic.fill(ALI, clinic.form_of(ALI, "g.skin_exam"), exam_done="no")
    stopped = clinic.command(KIT, "status").rows[0].blocks

    assert waiting == ("Skin exam: no answer yet",)
    assert stopped == ("Skin exam: exam done: no",)


# --- words and dates


@pytest.mark.parametrize("start", ["9999-12-31 09:30", "9990-12-31 09:30"])
def test_a_year_that_cannot_be_meant_is_refused(start: str) -> None:
    clinic = Riverside().book()

    with pytest.raises(Refused, match="ten years"):
        clinic.command(FRAN, f"move K7Q2 {start}")

    assert clinic.course().case.sessions[0].start == london("2027-02-18 09:30")


@pytest.mark.parametrize(
    "note",
    [
        "Ann Example 12.03.1984",
        "Ann Example, 12 Mar 1984",
        "Mrs Example (12/3/84)",
        "born 1984, unknown to us",
        "call 07700.900.123",
        "call 07700\u00a0900\u00a0123",
        "call 07700\u2011900\u2011123",
        "call 0770\u200b0900\u200b123",
        "ann@ex\u200bample.com",
    ],
)
def test_what_names_a_patient_is_not_kept_however_it_is_written(note: str) -> None:
    with pytest.raises(WrongValues, match="looks like"):
        noted(note)


@pytest.mark.parametrize("note", ["1986-03-01", "14.9.2015", "2026-03-01 0171 555 12 34", "2026-93-41"])
def test_a_date_of_long_ago_and_a_number_like_a_date_are_not_kept(note: str) -> None:
    with pytest.raises(WrongValues, match="looks like"):
        noted(note)


@pytest.mark.parametrize(
    "note", ["last dose 3 Aug 2026", "filler on 2026-03-01", "peel 14.9.2025, healed", "sun until 02/10/2026"]
)
def test_a_note_may_say_when_something_was(note: str) -> None:
    assert noted(note) == note


@pytest.mark.parametrize("note", ["2 x 500 mg, 3 a day", "SPF 50, 10 days", "room 2, 10:20 to 10:40"])
def test_an_ordinary_note_is_kept(note: str) -> None:
    assert noted(note) == note


def test_marks_that_nobody_sees_are_not_kept() -> None:
    assert noted("moved \u202eyb\u202c sister\x1b") == "moved yb sister"


@pytest.mark.parametrize("text", ["r" * 400_000, "1 " * 200_000, "a@" * 200_000])
def test_a_letter_in_the_place_of_a_note_is_refused_at_once(text: str) -> None:
    begun = process_time()

    with pytest.raises(WrongValues, match=str(LONGEST)):
        noted(text)

    assert process_time() - begun < 1


def test_words_in_a_form_are_looked_at_like_notes() -> None:
    clinic = Riverside("g.contacts").book().until("2027-01-13 15:00")
    form = clinic.form_of(FRAN, "g.contacts")

    with pytest.raises(WrongValues, match="phone or record number"):
        clinic.fill(FRAN, form, language="Ann Example 07700 900123")

    assert clinic.task("g.contacts").answer is None


def test_an_answer_that_names_a_patient_leaves_no_trace() -> None:
    clinic = room()

    with pytest.raises(WrongValues) as refused:
        clinic.type(MAX, "problem 3 ann example 12.03.1984")

    assert "1984" not in str(refused.value)
    assert all("1984" not in str(entry.detail) for entry in clinic.history())
    assert all(task.answer is None for task in clinic.course().tasks)


def test_a_clock_that_goes_back_asks_nobody_twice() -> None:
    clinic = room()
    told = list(clinic.told)
    earlier = clinic.clock.now() - timedelta(hours=2)
    again = Riverside(*ROOM, store=clinic.store, workspace=clinic.workspace, now=earlier)

    again.speak()
    again.until("2027-02-18 09:20")

    assert again.told == told


# --- lost replies


def test_a_card_that_may_stand_there_is_looked_for_and_retired_when_its_case_is_cancelled() -> None:
    clinic = Riverside("g.medicines").book()
    clinic.clock.advance(london("2027-01-12 15:00"))
    clinic.chat.passing = lost_once("send after")
    clinic.speak()
    clinic.command(FRAN, "cancel K7Q2 patient is ill")

    clinic.clock.advance(london("2027-01-12 15:30"))
    clinic.speak()

    (message,) = clinic.workspace.of(JO)
    assert "the case was cancelled" in message.over


def lost_once(where: str) -> Callable[[str], None]:
    """A connection that is cut once, at this point."""
    left = [where]

    def passing(point: str) -> None:
        if point in left:
            left.remove(point)
            raise Unsure("the connection was cut")

    return passing


@pytest.mark.parametrize("within", [Within(name="last_dose", months=6), Within(name="last_dose", days=28)])
def test_a_date_at_the_end_of_the_calendar_is_within_and_breaks_nothing(within: Within) -> None:
    assert holds(within, {"last_dose": date.max}, date(2027, 2, 18))


def test_cancelling_a_course_while_a_treatment_runs_late_keeps_the_aftercare_of_who_is_on_the_table() -> None:
    clinic = Riverside("g.timeout", "g.aftercare").book("2027-02-18 09:30", "2027-04-15 09:30")
    clinic.until("2027-02-18 09:26")
    clinic.fill(ALI, clinic.form_of(ALI, "g.timeout"))
    clinic.mark("started")
    clinic.clock.advance(london("2027-02-18 10:50"))

    clinic.command(FRAN, "cancel K7Q2 moves abroad")

    first, second = (clinic.task("g.aftercare", session) for session in (1, 2))
    assert (first.status, second.status) == ("open", "void")
