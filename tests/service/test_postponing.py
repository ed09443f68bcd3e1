"""After Postpone: the front desk is asked for a new date, what waits is not asked, and a move asks again."""

from datetime import date, time

import pytest

from bot.core.boards import Board
from bot.core.case import Choice, TaskStatus
from bot.core.errors import Refused
from bot.core.messages import CaseView, DecisionCard, Notice
from tests.service.clinic import ALI, CODE, FRAN, JO, KIT, WITH_BOARD, london
from tests.service.riverside import Riverside
from tests.service.test_export import played, rows, told

STEPS = ("abl.hsv_started", "g.change_check", "g.same_day_check", "g.timeout", "abl.call_1", "x.new_date")
NEW_DATE = "bookend.new_date"


def postponed(*starts: str) -> Riverside:
    """Two days before, the nurse finds something, and the physician puts the procedure off."""
    clinic = Riverside(*STEPS, clinic=WITH_BOARD).book(*starts, area_face="yes").until("2027-02-16 11:30")
    clinic.early(JO, "g.change_check", fever_or_illness="yes")
    clinic.until("2027-02-16 12:00")
    clinic.decide(ALI, Choice.POSTPONE, "let it pass first")
    clinic.speak()
    return clinic


def asked(clinic: Riverside, who: str) -> list[str]:
    """The titles of all lines that anybody was ever shown."""
    cards = [message.card for message in clinic.workspace.of(who)]
    return [line.title for card in cards for line in getattr(card, "lines", ())]


def test_the_front_desk_is_asked_for_a_new_date_on_its_list() -> None:
    clinic = postponed()

    card = clinic.card(FRAN)

    assert [line.title for line in card.lines] == ["New date"]
    assert [button.label for button in card.lines[0].buttons] == ["Answer"]


def test_nobody_is_asked_for_what_waits_not_even_when_the_old_date_has_come() -> None:
    clinic = postponed().until("2027-02-20 12:00")

    assert "First antiviral dose taken" not in asked(clinic, JO)
    assert "Same-day check" not in asked(clinic, JO)
    view = clinic.command(KIT, f"case {CODE}")
    assert isinstance(view, CaseView)
    assert {line.due for line in view.lines if line.title == "Time-out"} == {"waits for a new date"}
    assert any("put off and waits for a new date" in note for note in view.notes)


def test_the_new_date_moves_the_session_and_everything_is_asked_again() -> None:
    clinic = postponed().until("2027-02-17 09:00")

    said = clinic.answer(FRAN, "New date", on=date(2027, 3, 4), at=time(9, 30))
    clinic.until("2027-03-03 10:30")

    assert isinstance(said, Notice) and "Moved to Thu 4 Mar 09:30" in said.text
    assert clinic.course().case.sessions[0].start == london("2027-03-04 09:30")
    assert "First antiviral dose taken" in asked(clinic, JO)


def test_a_new_date_that_is_over_is_refused_and_changes_nothing() -> None:
    clinic = postponed().until("2027-02-17 09:00")

    with pytest.raises(Refused, match="passed already"):
        clinic.answer(FRAN, "New date", on=date(2027, 2, 17), at=time(8, 0))

    assert clinic.course().case.sessions[0].start == london("2027-02-18 09:30")


@pytest.mark.parametrize("year", [2037, 2137, 9999])
def test_a_new_date_with_a_slip_in_its_year_is_refused(year: int) -> None:
    clinic = postponed().until("2027-02-17 09:00")

    with pytest.raises(Refused, match="Is the year right"):
        clinic.answer(FRAN, "New date", on=date(year, 12, 31), at=time(9, 30))

    assert clinic.course().case.sessions[0].start == london("2027-02-18 09:30")


def test_a_move_by_command_answers_for_the_new_date() -> None:
    clinic = postponed()

    clinic.command(FRAN, f"move {CODE} 2027-03-04 09:30")
    clinic.until("2027-03-03 10:30")

    task = clinic.course().task(NEW_DATE, 1)
    assert task is not None and task.status is TaskStatus.VOID
    assert "First antiviral dose taken" in asked(clinic, JO)


def test_cancelling_ends_the_wait() -> None:
    clinic = postponed()

    clinic.command(FRAN, f"cancel {CODE} patient does not want it any more")

    task = clinic.course().task(NEW_DATE, 1)
    assert task is not None and task.status is TaskStatus.VOID


def test_a_physician_who_answers_postpone_at_the_readiness_check_has_put_it_off() -> None:
    clinic = Riverside("g.readiness", "abl.hsv_started", "g.timeout").book(area_face="yes")
    clinic.until("2027-02-16 15:05")

    clinic.answer(ALI, "Cleared to come", decision="postpone")
    clinic.until("2027-02-17 11:00")

    assert [line.title for line in clinic.card(FRAN).lines] == ["New date"]
    assert "First antiviral dose taken" not in asked(clinic, JO)
    assert not any(isinstance(message.card, DecisionCard) for message in clinic.workspace.of(ALI))


def test_only_the_session_that_was_put_off_waits() -> None:
    clinic = postponed("2027-02-18 09:30", "2027-04-01 09:30").until("2027-03-31 10:30")

    tasks = clinic.course().tasks
    assert {t.session for t in tasks if t.step == "abl.hsv_started" and t.rung} == {2}


def test_the_board_says_that_it_needs_a_new_date_even_when_the_old_one_is_past() -> None:
    clinic = postponed().until("2027-02-22 12:00")

    board = clinic.command(KIT, "status")
    assert isinstance(board, Board)
    (row,) = board.rows

    assert "aftercare" not in row.summary
    assert any("postponed, needs a new date" in block for block in row.blocks)


def test_a_session_put_off_and_its_new_date_are_told_and_played_again() -> None:
    clinic = postponed().until("2027-02-17 09:00")
    before, its = told(clinic), rows(clinic)
    clinic.answer(FRAN, "New date", on=date(2027, 3, 4), at=time(9, 30))

    assert played(before, *STEPS) == its
    assert played(told(clinic), *STEPS) == rows(clinic)
