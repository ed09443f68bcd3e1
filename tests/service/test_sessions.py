"""Courses in the clinic's hands: a session is added, moved, cancelled and told again."""

import pytest

from bot.core.case import TaskStatus
from bot.core.errors import NotAllowed, NotFound, Refused, Unclear
from bot.core.messages import CaseView, Notice
from bot.core.script import AddSession
from bot.service import console
from tests.service.clinic import CODE, FRAN, JO, KIT, london
from tests.service.riverside import Riverside
from tests.service.test_export import played, rows, told

STEPS = ("g.medical_history", "g.confirm_contact", "abl.call_1", "g.timeout")


def booked() -> Riverside:
    return Riverside(*STEPS).book(smoker="no").until("2027-01-14 09:00")


def test_the_front_desk_adds_a_session_and_reads_what_that_plans() -> None:
    riverside = booked()

    said = riverside.command(FRAN, f"session {CODE} 2027-04-01 09:30")

    assert isinstance(said, Notice)
    assert said.text == f"{CODE}: Session 2 added, Thu 1 Apr 09:30; 3 items planned."
    assert [session.start for session in riverside.course().case.sessions] == [
        london("2027-02-18 09:30"),
        london("2027-04-01 09:30"),
    ]


def test_who_plans_no_dates_adds_no_session() -> None:
    with pytest.raises(NotAllowed, match="front desk"):
        booked().command(JO, f"session {CODE} 2027-04-01 09:30")


def test_a_session_in_the_past_or_on_a_taken_day_is_refused_in_a_sentence() -> None:
    riverside = booked()

    with pytest.raises(Refused, match="passed already"):
        riverside.command(FRAN, f"session {CODE} 2026-04-01 09:30")
    with pytest.raises(Refused, match="same day"):
        riverside.command(FRAN, f"session {CODE} 2027-02-18 15:30")
    with pytest.raises(Refused, match="ten years"):
        riverside.command(FRAN, f"session {CODE} 3027-02-18 15:30")
    with pytest.raises(Unclear, match="session K7Q2 2027-02-18 09:30"):
        riverside.command(FRAN, f"session {CODE} soon")


def test_each_session_of_three_is_moved_and_cancelled_by_its_number() -> None:
    riverside = booked()
    riverside.command(FRAN, f"session {CODE} 2027-04-01 09:30")
    riverside.command(FRAN, f"session {CODE} 2027-06-01 09:30")

    riverside.command(FRAN, f"move {CODE}/3 2027-06-08 11:00")
    riverside.command(KIT, f"cancel {CODE}/2 patient is away")

    first, second, third = riverside.course().case.sessions
    assert (first.cancelled, third.cancelled) == (None, None)
    assert second.cancelled is not None
    assert third.start == london("2027-06-08 11:00")
    waiting = {t.session for t in riverside.course().tasks if t.status is TaskStatus.OPEN}
    assert waiting == {1, 3}


@pytest.mark.parametrize(
    ("typed", "wrong"), [("K7Q2/9", NotFound), ("K7Q2/two", Unclear), ("K7Q2/", Unclear)]
)
def test_a_session_that_is_not_there_is_refused(typed: str, wrong: type[Refused]) -> None:
    with pytest.raises(wrong):
        booked().command(FRAN, f"cancel {typed} patient is away")


def test_cards_say_which_session_of_a_course_they_are_about() -> None:
    riverside = booked()
    before = riverside.command(KIT, f"case {CODE}")
    riverside.command(FRAN, f"session {CODE} 2027-04-01 09:30")
    after = riverside.command(KIT, f"case {CODE}")

    assert isinstance(before, CaseView) and isinstance(after, CaseView)
    assert "session" not in before.label
    assert " · session 1 of 2 · Thu 18 Feb 09:30" in after.label


def test_a_course_added_one_by_one_is_told_and_played_again() -> None:
    riverside = booked()
    riverside.command(FRAN, f"session {CODE} 2027-04-01 09:30")
    riverside.command(FRAN, f"session {CODE} 2027-10-20 09:30")
    riverside.everything_as_usual("2027-02-20 12:00")
    riverside.command(FRAN, f"move {CODE}/2 2027-04-08 09:30")

    script = told(riverside)

    assert sum(isinstance(line, AddSession) for line in script.lines) == 2
    assert played(script, *STEPS) == rows(riverside)


def test_a_session_is_added_from_the_command_line() -> None:
    riverside = booked()

    lines = console.session(riverside.practice, CODE, ["2027-04-01", "09:30"])

    assert lines == ("Session 2 added, Thu 1 Apr 09:30; 3 items planned.",)
    with pytest.raises(Unclear, match="bookend session K7Q2"):
        console.session(riverside.practice, CODE, ["tomorrow"])
