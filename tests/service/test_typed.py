"""Typed replies and buttons at the desk: what they mean, and what they take back."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.actions import Action
from bot.core.case import Choice, Outcome
from bot.core.errors import NotAllowed, Refused, Settled, Unclear, WrongValues
from bot.core.messages import Form, Notice, TaskCard
from bot.core.replies import Filled, Typed
from tests.service.clinic import ALI, FRAN, JO, MAX, PIA, SAM, london
from tests.service.consultation import EXAM, HISTORY, MEDICINES, at_the_consultation, key, pressed
from tests.service.riverside import Riverside
from tests.service.workspace import PLATFORM

# --- typed replies


def room() -> Riverside:
    """The room card of an ablative case: every line can be read aloud."""
    steps = ("g.site_marked", "g.device_check", "g.laser_area", "g.eyewear", "g.fire")
    return Riverside(*steps).book().until("2027-02-18 09:20")


def test_all_ok_confirms_every_open_line_with_its_usual_answer() -> None:
    clinic = room()

    clinic.type(MAX, "all ok")

    answers = [task.answer for task in clinic.course().tasks]
    assert all(each and each.outcome is Outcome.CONFIRMED and each.together for each in answers)
    assert all(each and each.values and each.by == MAX for each in answers)


def test_all_but_two_leaves_line_two() -> None:
    clinic = room()
    second = clinic.card(MAX, "Room").lines[1].task

    clinic.type(MAX, "all but 2")

    assert [task.key for task in clinic.course().tasks if task.status == "open"] == [second]


def test_done_is_unclear_while_several_lines_are_open() -> None:
    clinic = room()

    with pytest.raises(Unclear, match=r"Lines 1, 2, 3, 4, 5 are open"):
        clinic.type(MAX, "done")


def test_a_number_and_a_word_answer_one_line() -> None:
    clinic = room()
    first, second, third = (line.task for line in clinic.card(MAX, "Room").lines[:3])

    clinic.type(MAX, "1 done")
    clinic.type(MAX, "caught 2 sign was missing")
    clinic.type(MAX, "problem 3 cracked lens")

    answers = {task.key: task.answer for task in clinic.course().tasks if task.answer}
    assert {key: (answer.outcome, answer.note) for key, answer in answers.items()} == {
        first: (Outcome.CONFIRMED, ""),
        second: (Outcome.CAUGHT, "sign was missing"),
        third: (Outcome.PROBLEM, "cracked lens"),
    }


@pytest.mark.parametrize("text", ["hello there", "9 done", "2 na", "", "all but 9", "all but 1, 2, 3, 4, 5"])
def test_what_is_not_understood_records_nothing_and_shows_what_can_be_written(text: str) -> None:
    clinic = room()

    with pytest.raises(Unclear):
        clinic.type(MAX, text)

    assert set(clinic.statuses().values()) == {"open"}


def test_a_line_with_more_to_fill_in_offers_its_form_instead() -> None:
    clinic = at_the_consultation(EXAM)

    notice = clinic.type(ALI, "1 done")

    assert isinstance(notice, Notice) and [each.action for each in notice.buttons] == [Action.FORM]
    assert "Nothing was recorded yet" in notice.text
    assert isinstance(clinic.desk.reply(pressed(ALI, Action.FORM, *notice.buttons[0].tasks)), Form)
    assert clinic.statuses(EXAM) == {EXAM: "open"}


def test_a_reply_that_answers_no_card_is_asked_which_one() -> None:
    clinic = room()

    with pytest.raises(Unclear, match="reply under the card"):
        clinic.desk.reply(Typed(platform=PLATFORM, account=MAX, once="1", text="all ok"))


def test_undo_takes_back_ones_last_answer_on_that_card() -> None:
    clinic = room()
    first, second = (line.task for line in clinic.card(MAX, "Room").lines[:2])
    clinic.type(MAX, "1 done")
    clinic.clock.advance(london("2027-02-18 09:21"))
    clinic.type(MAX, "2 done")

    clinic.type(MAX, "undo")

    done = [task.key for task in clinic.course().tasks if task.status == "done"]
    assert first in done and second not in done


def test_a_line_that_may_be_typed_says_which_kind_of_catch_was_understood() -> None:
    clinic = room()

    said = clinic.type(MAX, "caught 4 lens cracked, changed")

    assert isinstance(said, Notice) and "caught & fixed, device or room · K7Q2" in said.text


@pytest.mark.parametrize("text", ["she said yes", "2", "no", "2 na no lens, 3 done"])
def test_what_is_not_clear_records_nothing(text: str) -> None:
    clinic = room()

    with pytest.raises(Unclear):
        clinic.type(MAX, text)

    assert set(clinic.statuses().values()) == {"open"}


def test_undo_may_name_its_line() -> None:
    clinic = room()
    clinic.type(MAX, "1 and 2 done")

    clinic.type(MAX, "undo 1")

    first, second = (line.task for line in clinic.card(MAX, "Room").lines[:2])
    assert {t.key: t.status.value for t in clinic.course().tasks if t.key in (first, second)} == {
        first: "open",
        second: "done",
    }


# --- what is read aloud, and what is answered on its own


def test_something_differs_asks_which_line_and_opens_only_that_one() -> None:
    clinic = room()

    asked = clinic.press(MAX, "Something differs")
    assert isinstance(asked, TaskCard)
    (button,) = asked.lines[2].buttons
    form = clinic.desk.reply(pressed(MAX, button.action, *button.tasks, once="which"))
    assert isinstance(form, Form)
    clinic.fill(MAX, form, "cracked lens", how=Outcome.PROBLEM)
    clinic.speak()
    clinic.press(MAX, "All as read aloud")

    assert [line.title for line in asked.lines] == [line.title for line in clinic.card(MAX, "Room").lines]
    assert [part.task for part in form.parts] == [asked.lines[2].task]
    together = {task.key: bool(task.answer and task.answer.together) for task in clinic.course().tasks}
    assert together == {task: task != asked.lines[2].task for task in together}


def test_where_one_line_is_left_something_differs_opens_its_form() -> None:
    clinic = room()
    clinic.type(MAX, "all but 5")
    clinic.speak()

    form = clinic.press(MAX, "Something differs")

    assert isinstance(form, Form)
    assert [part.task for part in form.parts] == [clinic.card(MAX, "Room").lines[4].task]


def test_prep_is_one_form_with_nothing_preselected() -> None:
    clinic = Riverside("g.same_day_check", "g.pregnancy_day", "g.baseline_photos").book(childbearing="yes")
    clinic.until("2027-02-18 08:45").mark("arrived")
    clinic.speak()

    form = clinic.form(JO, label="Answer all 3")

    assert [part.title for part in form.parts][2:] == ["Photographs before"]
    assert {field.value for part in form.parts for field in part.fields} == {None}


def test_identity_consent_and_time_out_are_never_answered_together_with_others() -> None:
    steps = ("g.identity_arrival", "g.consent_signed", "g.timeout", "g.eyewear")
    clinic = Riverside(*steps).book().until("2027-02-18 09:26")
    others = [clinic.task("g.eyewear").key]

    for step in steps[:3]:
        keys = [clinic.task(step).key, *others]
        alone = clinic.filled(ALI, clinic.form_of(ALI, step))
        eyes = clinic.filled(ALI, clinic.form_of(ALI, "g.eyewear"))
        both = replace(
            alone, entries={**alone.entries, **eyes.entries}, revisions={**alone.revisions, **eyes.revisions}
        )
        assert set(both.entries) == set(keys)
        with pytest.raises(Refused, match="always answered on its own"):
            clinic.desk.reply(both)

    assert set(clinic.statuses().values()) == {"open"}


# --- buttons


def test_one_press_covers_the_lines_read_aloud_and_each_gets_its_own_attestation() -> None:
    clinic = room()
    clinic.type(MAX, "2 done")
    before = clinic.course().tasks

    clinic.press(MAX, "All as read aloud", on=clinic.workspace.of(MAX)[-1])

    together = [task.step for task in clinic.course().tasks if task.answer and task.answer.together]
    assert len(together) == len(before) - 1
    with clinic.store.reading() as reading:
        assert all(len(reading.answers(task.key)) == 1 for task in before)


def test_pressing_all_as_read_aloud_twice_says_that_nothing_was_left() -> None:
    clinic = room()
    button = clinic.button(MAX, "All as read aloud")
    clinic.press(MAX, "All as read aloud")

    with pytest.raises(Settled, match="to be read aloud now"):
        clinic.desk.reply(pressed(MAX, Action.ALL_AS_READ, *button.tasks, once="again"))


def test_what_was_read_aloud_for_the_old_date_says_nothing_of_the_new_one() -> None:
    clinic = room()
    button = clinic.button(MAX, "All as read aloud")
    clinic.command(FRAN, "move K7Q2 2027-03-18 09:30")

    with pytest.raises(Settled):
        clinic.desk.reply(pressed(MAX, Action.ALL_AS_READ, *button.tasks, once="late"))

    assert set(clinic.statuses().values()) == {"open"}


def test_an_answer_can_be_taken_back_for_ten_minutes_by_who_gave_it() -> None:
    clinic = at_the_consultation()
    clinic.answer(JO, "Medication disclosure")

    with pytest.raises(NotAllowed, match="Only the person who answered"):
        clinic.reply(pressed(SAM, Action.UNDO, key(MEDICINES), once="1"))
    clinic.clock.advance(london("2027-01-12 15:10"))
    clinic.reply(pressed(JO, Action.UNDO, key(MEDICINES), once="2"))

    assert clinic.statuses(MEDICINES) == {MEDICINES: "open"}


def test_after_ten_minutes_an_answer_stays() -> None:
    clinic = at_the_consultation()
    clinic.answer(JO, "Medication disclosure")
    clinic.clock.advance(clinic.clock.now() + timedelta(minutes=10, seconds=1))

    with pytest.raises(Settled, match="more than ten minutes ago, so it stays"):
        clinic.reply(pressed(JO, Action.UNDO, key(MEDICINES)))

    assert clinic.statuses(MEDICINES) == {MEDICINES: "done"}


def test_taking_an_answer_back_takes_back_what_it_made_known() -> None:
    clinic = Riverside("g.medical_history", "abl.hsv_prescribed").book(hsv_history="unknown")
    clinic.until("2027-01-12 15:01")
    clinic.answer(JO, "Medical history", hsv_history="no")
    left = clinic.statuses("abl.hsv_prescribed")

    clinic.reply(pressed(JO, Action.UNDO, key(HISTORY)))

    assert left == {"abl.hsv_prescribed": "void"}
    assert clinic.course().case.facts["hsv_history"] == "unknown"
    assert clinic.statuses("abl.hsv_prescribed") == {"abl.hsv_prescribed": "open"}


def test_a_hard_stop_offers_only_to_postpone_whatever_the_button_says() -> None:
    clinic = at_the_consultation()
    clinic.answer(ALI, "Skin exam", exam_done="no")
    clinic.speak()
    offered = [button.label for button in clinic.decision().buttons]

    with pytest.raises(Refused, match="hard stop"):
        clinic.desk.reply(
            Filled(
                platform=PLATFORM,
                account=ALI,
                once="1",
                entries={key(EXAM): {"reason": "it will be fine"}},
                revisions={key(EXAM): clinic.task(EXAM).asking},
                action=Action.DECIDE,
                value="proceed",
            )
        )

    assert offered == ["Postpone", "Correct the answer", "Who is this?"]
    assert clinic.statuses(EXAM) == {EXAM: "blocked"}


def test_a_decision_needs_a_reason() -> None:
    clinic = at_the_consultation()
    clinic.answer(JO, "Medical history", smoker="yes")
    clinic.speak()

    with pytest.raises(WrongValues, match="Please give a reason"):
        clinic.decide(ALI, Choice.PROCEED, "  ")

    assert clinic.statuses(HISTORY) == {HISTORY: "blocked"}


def test_what_was_decided_cannot_be_decided_again() -> None:
    clinic = at_the_consultation()
    clinic.answer(JO, "Medical history", smoker="yes")
    clinic.speak()
    form = clinic.form(ALI, "", label="Postpone")
    clinic.decide(ALI, Choice.PROCEED, "two a week")

    with pytest.raises(Settled):
        clinic.fill(PIA, form, reason="too risky")

    assert clinic.statuses(HISTORY) == {HISTORY: "done"}


def test_all_as_read_aloud_leaves_what_is_due_later() -> None:
    clinic = Riverside("g.timeout", "abl.after_dressing", "g.aftercare").book().until("2027-02-18 09:26")
    clinic.fill(ALI, clinic.form_of(ALI, "g.timeout"))
    clinic.mark("started")
    clinic.until("2027-02-18 10:20").mark("finished")

    clinic.until("2027-02-18 10:21").press(JO, "All as read aloud")

    assert (clinic.task("abl.after_dressing").status, clinic.task("g.aftercare").status) == ("done", "open")
