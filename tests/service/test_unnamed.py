"""Typed replies that name no card, as on a platform without threads: the one card that asks is meant."""

from dataclasses import replace

import pytest

from bot.core.case import Choice
from bot.core.errors import Settled, Unclear
from bot.core.messages import Notice
from bot.core.replies import Typed
from tests.service.clinic import ALI, FRAN, JO, MAX, london
from tests.service.consultation import HISTORY, MEDICINES, at_the_consultation
from tests.service.riverside import Riverside
from tests.service.workspace import PLATFORM

ROOM = ("g.site_marked", "g.device_check", "g.laser_area", "g.eyewear", "g.fire")


def room(*codes: str) -> Riverside:
    """The room cards of cases on one morning: every line can be read aloud."""
    clinic = Riverside(*ROOM)
    for code in codes or ("K7Q2",):
        clinic.book(code=code)
    return clinic.until("2027-02-18 09:20")


def say(clinic: Riverside, who: str, text: str) -> str:
    """Type a line that answers no message."""
    typed = Typed(platform=PLATFORM, account=who, once=clinic.once(), text=text, alone=True)
    said = clinic.desk.reply(typed)
    assert isinstance(said, Notice)
    return said.text


def done(clinic: Riverside, code: str = "K7Q2") -> int:
    """How many items of a case are answered."""
    return sum(task.status == "done" for task in clinic.course(code).tasks)


def test_the_one_card_that_asks_something_is_meant_and_the_answer_names_it() -> None:
    clinic = room()

    said = say(clinic, MAX, "all ok")

    assert done(clinic) == len(ROOM)
    assert said.startswith("Room, K7Q2: ")


def test_a_reply_that_is_unclear_on_the_card_that_is_meant_names_the_card() -> None:
    clinic = room()

    with pytest.raises(Unclear, match=r"^Room, K7Q2: Lines 1, 2, 3, 4, 5 are open"):
        say(clinic, MAX, "done")

    assert done(clinic) == 0


def test_of_two_cards_none_is_guessed_and_each_is_named_with_what_to_write() -> None:
    clinic = room("K7Q2", "M4XD")

    with pytest.raises(Unclear) as unclear:
        say(clinic, MAX, "all ok")

    assert "2 cards ask you something, and nothing was recorded" in str(unclear.value)
    assert "`K7Q2 all ok` for Room, K7Q2; `M4XD all ok` for Room, M4XD" in str(unclear.value)
    assert (done(clinic, "K7Q2"), done(clinic, "M4XD")) == (0, 0)


@pytest.mark.parametrize("text", ["M4XD all ok", "m4xd all ok", "room M4XD all ok", "M4XD room all ok"])
def test_a_code_in_front_chooses_the_card(text: str) -> None:
    clinic = room("K7Q2", "M4XD")

    say(clinic, MAX, text)

    assert (done(clinic, "K7Q2"), done(clinic, "M4XD")) == (0, len(ROOM))


def test_two_cards_of_one_case_are_chosen_by_how_they_are_called() -> None:
    clinic = Riverside("g.site_marked", "g.device_check", "g.timeout").book().until("2027-02-18 09:26")

    with pytest.raises(Unclear, match="`room all ok` for Room, K7Q2; `time-out all ok` for Time-out"):
        say(clinic, MAX, "K7Q2 all ok")
    say(clinic, MAX, "room all ok")

    assert done(clinic) == 2


def test_on_a_list_of_several_cases_a_code_leaves_the_lines_of_the_others_alone() -> None:
    clinic = Riverside("g.confirm_contact").book(code="AAAA").book(code="BBBB").until("2027-02-16 10:20")

    with pytest.raises(Unclear, match=r"Line 1 is not open on this card \(open: 2\)"):
        say(clinic, FRAN, "BBBB 1 na rang yesterday")
    said = say(clinic, FRAN, "BBBB na rang yesterday")

    assert said.startswith("Front desk today: ")
    assert (done(clinic, "AAAA"), done(clinic, "BBBB")) == (0, 1)


def test_nothing_that_waits_is_said_as_such_and_a_mistyped_command_is_named() -> None:
    clinic = room()
    say(clinic, MAX, "all ok")

    with pytest.raises(Unclear, match=r"No card asks you anything now.*Did you mean 'status'\?"):
        say(clinic, MAX, "staus")


def test_a_mistyped_command_is_named_although_several_cards_ask() -> None:
    clinic = room("K7Q2", "M4XD")

    with pytest.raises(Unclear, match=r"2 cards ask you something.*Did you mean 'status'\?"):
        say(clinic, MAX, "staus")
    with pytest.raises(Unclear, match=r"for Room, M4XD\.$"):
        say(clinic, MAX, "done")


def test_a_stop_is_not_decided_in_words() -> None:
    clinic = at_the_consultation()
    clinic.answer(JO, "Medical history", smoker="yes")
    clinic.answer(ALI, "Skin exam")
    clinic.speak()

    with pytest.raises(Unclear, match=r"^Decision, K7Q2: A stop is decided with the buttons"):
        say(clinic, ALI, "decision done")

    assert clinic.statuses(HISTORY) == {HISTORY: "blocked"}
    clinic.decide(ALI, Choice.PROCEED, "two a week")


def test_undo_takes_back_ones_last_answer_wherever_it_stood() -> None:
    clinic = at_the_consultation()
    clinic.answer(JO, "Medical history")
    clinic.clock.advance(london("2027-01-12 15:04"))
    clinic.answer(JO, "Medication disclosure")

    said = say(clinic, JO, "undo")

    assert said == "K7Q2: Taken back: Medication disclosure. It is open again."
    assert clinic.statuses(HISTORY, MEDICINES) == {HISTORY: "done", MEDICINES: "open"}


def test_undo_takes_back_nobody_elses_answer_and_none_of_long_ago() -> None:
    clinic = at_the_consultation()
    clinic.answer(JO, "Medical history")

    with pytest.raises(Settled, match="no answer in the last ten minutes"):
        say(clinic, ALI, "undo")
    clinic.clock.advance(london("2027-01-12 15:30"))
    with pytest.raises(Settled, match="no answer in the last ten minutes"):
        say(clinic, JO, "take it back")

    assert clinic.statuses(HISTORY) == {HISTORY: "done"}


def test_a_question_about_a_patient_who_is_expected_is_answered_in_a_word() -> None:
    clinic = Riverside("g.same_day_check").book().until("2027-02-18 08:55")

    said = say(clinic, FRAN, "here")

    assert said == "Arrivals, K7Q2: Arrived: K7Q2, noted."
    assert clinic.course().case.session(1).arrived == london("2027-02-18 08:55")


def test_a_reply_on_a_platform_with_threads_is_still_asked_which_card_it_means() -> None:
    clinic = room()
    typed = Typed(platform=PLATFORM, account=MAX, once="1", text="all ok", alone=True)

    with pytest.raises(Unclear, match="reply under the card"):
        clinic.desk.reply(replace(typed, alone=False))

    assert done(clinic) == 0


def test_the_same_line_told_twice_is_taken_once() -> None:
    clinic = room()
    typed = Typed(platform=PLATFORM, account=MAX, once="1", text="1 done", alone=True)

    first, again = clinic.desk.reply(typed), clinic.desk.reply(typed)

    assert isinstance(first, Notice) and isinstance(again, Notice)
    assert (again.text, done(clinic)) == (first.text, 1)
