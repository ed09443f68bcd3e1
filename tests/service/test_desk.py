"""The desk: who may say what, what a repeat gets, and what a wrong, late or stale answer is told."""

from datetime import timedelta

import pytest

from bot.core.case import Choice, Moment, Outcome
from bot.core.errors import NotAllowed, NotFound, Refused, Settled, Unclear, WrongValues
from bot.core.forms import IN_CHART
from bot.core.messages import Action, CaseView, Form, Notice
from bot.core.replies import Command, Filled, Pressed, Typed
from tests.service.clinic import (
    ALI,
    FRAN,
    JO,
    KIT,
    MAX,
    PIA,
    RIVERSIDE,
    SAM,
    Riverside,
    london,
)
from tests.service.workspace import PLATFORM

HISTORY = "g.medical_history"
EXAM = "g.skin_exam"
MEDICINES = "g.medicines"


def at_the_consultation(*steps: str) -> Riverside:
    """A case whose consultation form has just come."""
    return Riverside(*(steps or (EXAM, HISTORY, MEDICINES))).book().until("2027-01-12 15:00")


def key(step: str, session: int = 1) -> str:
    return f"K7Q2:{step}:{session}:1"


def pressed(who: str, action: Action, *tasks: str, once: str = "one", value: str = "") -> Pressed:
    return Pressed(platform=PLATFORM, account=who, once=once, action=action, tasks=tasks, value=value)


@pytest.fixture(scope="module")
def untouched() -> Riverside:
    """One clinic, with a stop, for all that is refused: nothing of that changes it."""
    clinic = at_the_consultation()
    clinic.answer(JO, "Medical history", smoker="yes")
    return clinic


# --- the same delivery again


def test_the_same_form_sent_in_again_gets_the_same_answer_and_changes_nothing() -> None:
    clinic = at_the_consultation()
    filled = clinic.filled(JO, clinic.form(JO, "Medical history"), smoker="yes")

    first = clinic.desk.reply(filled)
    history = clinic.history()
    again = clinic.desk.reply(filled)

    assert isinstance(first, Notice) and isinstance(again, Notice)
    assert again.text == first.text
    assert clinic.history() == history
    assert clinic.woken == 1


def test_a_repeat_is_known_even_after_the_answer_was_taken_back() -> None:
    clinic = at_the_consultation()
    filled = clinic.filled(JO, clinic.form(JO, "Medication disclosure"))
    clinic.desk.reply(filled)
    clinic.reply(pressed(JO, Action.UNDO, key(MEDICINES)))

    clinic.desk.reply(filled)

    assert clinic.statuses(MEDICINES) == {MEDICINES: "open"}


def test_a_refusal_is_not_remembered_so_that_the_same_press_may_succeed_later() -> None:
    clinic = at_the_consultation()
    form = clinic.form(JO, "Medical history")
    wrong = clinic.filled(JO, form, smoker="perhaps")
    right = Filled(
        **{name: getattr(wrong, name) for name in wrong.__slots__}
        | {"entries": clinic.filled(JO, form).entries}
    )

    with pytest.raises(WrongValues):
        clinic.desk.reply(wrong)
    clinic.desk.reply(right)

    assert clinic.statuses(HISTORY) == {HISTORY: "done"}


def test_a_repeated_command_cancels_once() -> None:
    clinic = at_the_consultation("c.notify", EXAM)
    command = Command(platform=PLATFORM, account=FRAN, once="x", words=("cancel", "K7Q2", "patient", "ill"))

    first = clinic.desk.command(command)
    again = clinic.desk.command(command)

    assert (first.text, clinic.woken) == (again.text, 1)
    assert [task.key for task in clinic.course().tasks if task.step == "c.notify"] == [key("c.notify")]


# --- who may


@pytest.mark.parametrize(
    "reply",
    [
        pressed("nobody", Action.FORM, key(EXAM)),
        pressed("nobody", Action.CASE, "K7Q2"),
        pressed("nobody", Action.MARK, "K7Q2:1", value="arrived"),
        Typed(platform=PLATFORM, account="nobody", once="2", text="all ok"),
        Typed(platform="elsewhere", account=JO, once="3", text="all ok"),
    ],
)
def test_a_stranger_is_told_nothing_about_any_case(untouched: Riverside, reply: Pressed | Typed) -> None:
    with pytest.raises(NotAllowed, match="I do not know you yet"):
        untouched.desk.reply(reply)


@pytest.mark.parametrize("words", [("status",), ("case", "K7Q2"), ("cancel", "K7Q2", "why"), ("help",)])
def test_a_stranger_commands_nothing(untouched: Riverside, words: tuple[str, ...]) -> None:
    with pytest.raises(NotAllowed, match="I do not know you yet"):
        untouched.desk.command(Command(platform=PLATFORM, account="nobody", once="x", words=words))


OF_ROLE = {"g.skin_exam": ALI, "g.medicines": JO, "g.contacts": FRAN, "g.site_marked": MAX}


@pytest.mark.parametrize("step", OF_ROLE)
@pytest.mark.parametrize("who", [ALI, PIA, JO, SAM, MAX, FRAN, KIT])
def test_a_step_is_answered_by_its_role_or_a_physician_and_by_nobody_else(step: str, who: str) -> None:
    when = {"g.site_marked": "2027-02-18 09:15"}.get(step, "2027-01-12 15:10")
    clinic = Riverside(step).book().until(when)
    title = clinic.course().playbook.step(step).title
    form = clinic.form(OF_ROLE[step], title)
    roles = RIVERSIDE.person(who).roles
    may = not roles.isdisjoint({clinic.course().playbook.step(step).role, *RIVERSIDE.person(PIA).roles})

    if may:
        clinic.fill(who, form)
    else:
        with pytest.raises(NotAllowed, match=f"{title} is for .* to answer. Nothing was changed."):
            clinic.fill(who, form)

    assert clinic.statuses(step) == {step: "done" if may else "open"}


@pytest.mark.parametrize("who", [ALI, PIA, JO, MAX, FRAN, KIT])
def test_only_a_physician_decides_on_a_stop(who: str) -> None:
    clinic = at_the_consultation()
    clinic.answer(JO, "Medical history", smoker="yes")
    clinic.speak()
    may = who in (ALI, PIA)
    reply = Filled(
        platform=PLATFORM,
        account=who,
        once="one",
        entries={key(HISTORY): {"reason": "two a week"}},
        revisions={key(HISTORY): clinic.task(HISTORY).asking},
        action=Action.DECIDE,
        value=Choice.PROCEED.value,
    )

    if may:
        clinic.desk.reply(reply)
    else:
        with pytest.raises(NotAllowed, match="for the physician to decide"):
            clinic.desk.reply(reply)

    assert clinic.statuses(HISTORY) == {HISTORY: "done" if may else "blocked"}


def test_staff_of_another_clinic_can_neither_see_nor_answer_nor_decide() -> None:
    clinic = at_the_consultation()
    clinic.answer(JO, "Medical history", smoker="yes")
    jos_card = clinic.workspace.of(JO)[0].ref
    elsewhere = clinic.with_another_clinic("lena")
    tries = [
        pressed("lena", Action.FORM, key(EXAM), once="1"),
        pressed("lena", Action.DECIDE, key(HISTORY), once="2", value="proceed"),
        pressed("lena", Action.CASE, "K7Q2", once="3"),
        pressed("lena", Action.MARK, "K7Q2:1", once="4", value="arrived"),
        pressed("lena", Action.UNDO, key(HISTORY), once="5"),
        pressed("lena", Action.CONFIRM, key(EXAM), once="6"),
        Filled(
            platform=PLATFORM,
            account="lena",
            once="7",
            entries={key(EXAM): {"exam_done": "yes"}},
            revisions={},
        ),
        Filled(
            platform=PLATFORM,
            account="lena",
            once="8",
            entries={key(HISTORY): {"reason": "because"}},
            revisions={},
            action=Action.DECIDE,
            value="proceed",
        ),
        Typed(platform=PLATFORM, account="lena", once="9", text="1 na no", message=jos_card),
    ]

    for reply in tries:
        with pytest.raises((NotFound, Unclear)):
            elsewhere.reply(reply)

    assert clinic.statuses(EXAM, HISTORY) == {EXAM: "open", HISTORY: "blocked"}


# --- forms


def test_a_form_preselects_nothing_and_asks_names_and_charts_only_for_a_tick() -> None:
    clinic = Riverside("g.booking_record").book().until("2027-01-12 15:10")

    form = clinic.form(FRAN, "Booking record")

    fields = {field.name: field for field in form.parts[0].fields}
    assert [field.value for field in fields.values()] == [None] * len(fields)
    assert fields["full_name"].label == "Full name is in the patient's record"
    assert [word for word, _ in fields["full_name"].options] == ["yes", "no"]
    assert fields.keys() >= {"dob", "area_face", "matches_order", IN_CHART}
    assert "device" not in fields


def test_every_field_that_needs_another_look_is_named_at_once_and_nothing_is_kept() -> None:
    clinic = at_the_consultation()
    form = clinic.form(ALI, "Skin exam")

    with pytest.raises(WrongValues) as wrong:
        clinic.fill(ALI, form, exam_done="perhaps", fitzpatrick="VII", skin_thickness="", colour="red")

    assert wrong.value.problems.keys() == {"exam_done", "fitzpatrick", "skin_thickness"}
    assert "yes, no" in wrong.value.problems["exam_done"]
    assert clinic.task(EXAM).answer is None


def test_a_field_that_is_not_on_the_form_is_refused_with_the_nearest_names() -> None:
    clinic = at_the_consultation()
    good = clinic.filled(ALI, clinic.form(ALI, "Skin exam"))
    entries = {key(EXAM): {**good.entries[key(EXAM)], "exam_don": "yes"}}

    with pytest.raises(WrongValues, match=r"no field 'exam_don'.*exam_done"):
        clinic.desk.reply(
            Filled(platform=PLATFORM, account=ALI, once="1", entries=entries, revisions=good.revisions)
        )


def test_one_form_answers_the_whole_consultation_or_nothing_of_it() -> None:
    clinic = at_the_consultation()
    form = clinic.form(JO, "", label="Answer all 2")

    with pytest.raises(WrongValues) as wrong:
        clinic.fill(JO, form, smoker="perhaps", gold_ever="sometimes")
    untouched = clinic.statuses(HISTORY, MEDICINES)
    clinic.fill(JO, clinic.form(JO, "", label="Answer all 2"))

    assert wrong.value.problems.keys() == {f"{key(HISTORY)}/smoker", f"{key(MEDICINES)}/gold_ever"}
    assert set(untouched.values()) == {"open"}
    assert set(clinic.statuses(HISTORY, MEDICINES).values()) == {"done"}


def test_the_form_of_an_answered_task_says_who_answered_and_when() -> None:
    clinic = at_the_consultation()
    clinic.answer(JO, "Medication disclosure")

    with pytest.raises(Settled, match=r"Medication disclosure: Confirmed by Jo Sample 15:00"):
        clinic.desk.reply(pressed(SAM, Action.FORM, key(MEDICINES)))


@pytest.mark.parametrize("outcome", ["caught", "not_applicable", "problem"])
def test_anything_but_a_plain_yes_needs_a_few_words(outcome: str) -> None:
    clinic = at_the_consultation()
    form = clinic.form(JO, "Medication disclosure")

    with pytest.raises(WrongValues, match="please add a few words"):
        clinic.fill(JO, form, how=Outcome(outcome))
    clinic.fill(JO, form, "seen and sorted out", how=Outcome(outcome))

    answer = clinic.task(MEDICINES).answer
    assert answer is not None and (answer.outcome, answer.note) == (Outcome(outcome), "seen and sorted out")


@pytest.mark.parametrize("note", ["call 0171 555 12 34", "ann@example.org wrote", "born 1980"])
def test_a_note_that_seems_to_name_a_patient_is_not_kept(note: str) -> None:
    clinic = at_the_consultation()
    form = clinic.form(JO, "Medication disclosure")

    with pytest.raises(WrongValues, match="nothing was kept"):
        clinic.fill(JO, form, note, how=Outcome.CAUGHT)

    assert note not in str(clinic.history())
    assert clinic.task(MEDICINES).answer is None


def test_a_patient_who_needs_no_answer_still_needs_the_physician_where_a_stop_hangs_on_it() -> None:
    clinic = at_the_consultation()
    clinic.fill(JO, clinic.form(JO, "Medication disclosure"), "no medicines", how=Outcome.NOT_APPLICABLE)
    clinic.fill(JO, clinic.form(JO, "Medical history"), "asked last week", how=Outcome.NOT_APPLICABLE)

    assert clinic.statuses(MEDICINES, HISTORY) == {MEDICINES: "done", HISTORY: "blocked"}


# --- two people, stale cards


def test_who_sends_in_a_form_after_somebody_else_is_told_who_was_first() -> None:
    clinic = at_the_consultation()
    jos, sams = clinic.form(JO, "Medication disclosure"), clinic.form(JO, "Medication disclosure")
    clinic.fill(JO, jos)

    with pytest.raises(Settled, match=r"Confirmed by Jo Sample 15:00. Nothing was changed."):
        clinic.fill(SAM, sams, gold_ever="yes")

    answer = clinic.task(MEDICINES).answer
    assert answer is not None and (answer.by, answer.values["gold_ever"]) == (JO, "no")


def test_a_form_opened_before_somebody_found_a_stop_does_not_wave_the_stop_away() -> None:
    clinic = at_the_consultation()
    jos, sams = clinic.form(JO, "Medical history"), clinic.form(JO, "Medical history")
    clinic.fill(JO, jos, smoker="yes")

    with pytest.raises(Settled, match="Confirmed by Jo Sample 15:00"):
        clinic.fill(SAM, sams)

    assert clinic.statuses(HISTORY) == {HISTORY: "blocked"}


def test_a_stop_is_corrected_through_its_own_card() -> None:
    clinic = at_the_consultation()
    clinic.answer(JO, "Medical history", smoker="yes")
    clinic.speak()

    clinic.fill(ALI, clinic.form(ALI, "", label="Correct the answer"), smoker="no")

    assert clinic.statuses(HISTORY) == {HISTORY: "done"}
    assert clinic.course().case.facts["smoker"] == "no"


def test_a_form_opened_before_the_procedure_moved_is_refused() -> None:
    clinic = Riverside("g.change_check", "x.new_date").book().until("2027-02-16 11:00")
    form = clinic.form(JO, "Anything new?")
    clinic.command(FRAN, "move K7Q2 2027-03-18 09:30")

    with pytest.raises(Settled, match=r"asked anew since you opened it .*Please look again"):
        clinic.fill(JO, form)

    assert clinic.statuses("g.change_check") == {"g.change_check": "open"}


def test_the_physician_decides_on_what_the_card_said_and_not_on_what_came_since() -> None:
    clinic = at_the_consultation()
    clinic.answer(JO, "Medical history", smoker="yes")
    clinic.speak()
    form = clinic.form(ALI, "", label="Proceed")
    clinic.fill(ALI, clinic.form(ALI, "", label="Correct the answer"), smoker="yes", epilepsy="yes")

    with pytest.raises(Settled, match="look again"):
        clinic.fill(ALI, form, reason="two a week")

    assert clinic.statuses(HISTORY) == {HISTORY: "blocked"}


def test_a_form_opened_before_the_case_was_cancelled_is_refused() -> None:
    clinic = at_the_consultation()
    form = clinic.form(JO, "Medical history")
    clinic.command(FRAN, "cancel K7Q2 patient is ill")

    with pytest.raises(Settled, match="not asked any more: the case was cancelled"):
        clinic.fill(JO, form)


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


@pytest.mark.parametrize("text", ["hello there", "9 done", "2 na", "", "all but 9"])
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

    with pytest.raises(Settled, match="answered already"):
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
    clinic = at_the_consultation("g.medical_history", "abl.hsv_prescribed")
    clinic.until("2027-01-12 15:01")
    clinic.command(ALI, "fact K7Q2 hsv_history yes")
    clinic.answer(JO, "Medical history", hsv_history="no")
    left = clinic.statuses("abl.hsv_prescribed")

    clinic.reply(pressed(JO, Action.UNDO, key(HISTORY)))

    assert left == {"abl.hsv_prescribed": "void"}
    assert clinic.course().case.facts["hsv_history"] == "yes"
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

    assert offered == ["Postpone", "Correct the answer"]
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


@pytest.mark.parametrize(
    "reply",
    [
        pressed(JO, Action.FORM),
        pressed(JO, Action.FORM, "K7Q2:g.nothing:1:1"),
        pressed(JO, Action.CASE),
        pressed(JO, Action.CASE, "XXXX"),
        pressed(JO, Action.MARK),
        pressed(JO, Action.MARK, "K7Q2:1", value="vanished"),
        pressed(JO, Action.MARK, "K7Q2:one", value="arrived"),
        pressed(JO, Action.MARK, "K7Q2:7", value="arrived"),
        pressed(JO, Action.UNDO),
        pressed(JO, Action.CONFIRM),
        pressed(JO, Action.CONFIRM, "K7Q2:g.nothing:1:1"),
        pressed(ALI, Action.DECIDE, key(HISTORY), value="shrug"),
        Filled(platform=PLATFORM, account=JO, once="1", entries={}, revisions={}),
        Filled(platform=PLATFORM, account=ALI, once="1", entries={}, revisions={}, action=Action.DECIDE),
        Filled(
            platform=PLATFORM,
            account=ALI,
            once="1",
            entries={key(HISTORY): {"reason": "because"}},
            revisions={},
            action=Action.DECIDE,
            value="shrug",
        ),
        Filled(platform=PLATFORM, account=JO, once="1", entries={"gone": {}}, revisions={}),
    ],
)
def test_a_payload_that_makes_no_sense_is_refused_in_words(
    untouched: Riverside, reply: Pressed | Filled
) -> None:
    before = untouched.history()

    with pytest.raises(Refused):
        untouched.desk.reply(reply)

    assert untouched.history() == before


def test_showing_a_case_changes_nothing_and_wakes_nobody() -> None:
    clinic = at_the_consultation()
    before = clinic.history()

    view = clinic.desk.reply(pressed(KIT, Action.CASE, "K7Q2:1"))

    assert isinstance(view, CaseView)
    assert (clinic.history(), clinic.woken) == (before, 0)


def test_moments_are_pressed_once_and_in_order() -> None:
    clinic = Riverside("g.same_day_check", "g.followups_confirmed").book().until("2027-02-18 08:40")
    press = lambda moment, once: clinic.desk.reply(  # noqa: E731
        pressed(FRAN, Action.MARK, "K7Q2:1", once=once, value=moment)
    )

    with pytest.raises(Refused, match="Press Started first"):
        press(Moment.FINISHED.value, "1")
    press(Moment.ARRIVED.value, "2")
    with pytest.raises(Settled, match="arrived at 08:40 already"):
        press(Moment.ARRIVED.value, "3")

    session = clinic.course().case.session(1)
    assert (session.arrived, session.started, session.finished) == (london("2027-02-18 08:40"), None, None)
