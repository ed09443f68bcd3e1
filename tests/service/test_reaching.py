"""Reaching a patient: attempts in vain, each at its moment, then the physician; dates that are booked."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.actions import Action, Button
from bot.core.case import Choice, Outcome, Task, TaskStatus
from bot.core.errors import NotAllowed, Refused, Settled, Unclear, WrongValues
from bot.core.kinds import Phase
from bot.core.messages import Notice
from bot.core.reaching import channel_in, tried
from tests.examples import some
from tests.service.clinic import ALI, CALENDAR, FRAN, JO, SAM, london, shipped
from tests.service.riverside import Riverside

CALL = "abl.call_1"
TITLE = "Call on day 1"
BOOKED = "g.followups_booked"


def called(*steps: str, at: str = "2027-02-19 10:05") -> Riverside:
    """The day after the procedure, a Friday: the nurse's list asks for the call."""
    clinic = Riverside(CALL, *steps).book().until("2027-02-18 09:00")
    clinic.mark("arrived")
    clinic.mark("started", MAX)
    clinic.mark("finished", MAX)
    return clinic.until(at)


MAX = "max"


def in_vain(clinic: Riverside, who: str = JO, note: str = "phone, no answer", step: str = CALL) -> Notice:
    found = clinic.fill(who, clinic.form_of(who, step), note, Outcome.UNREACHED)
    assert isinstance(found, Notice)
    return found


def task(clinic: Riverside, step: str = CALL) -> Task:
    return clinic.task(step)


def titles(clinic: Riverside, who: str) -> list[str]:
    return [line.title for line in clinic.card(who, "Your list").lines]


def test_the_form_of_a_call_offers_that_nobody_was_reached_and_others_do_not() -> None:
    clinic = called("g.followups_confirmed")

    call, other = clinic.form_of(JO, CALL), clinic.form_of(FRAN, "g.followups_confirmed")

    assert (Outcome.UNREACHED, "Not reached") in call.outcomes
    assert Outcome.UNREACHED not in dict(other.outcomes)


def test_an_attempt_in_vain_asks_again_at_the_next_moment_and_says_when() -> None:
    clinic = called()

    said = in_vain(clinic)

    assert said.text.splitlines() == [
        f"{TITLE}: not reached · K7Q2",
        "Attempt 1 of 3 is noted. The next one: 17:00.",
    ]
    assert not said.buttons
    assert (task(clinic).status, task(clinic).tried, task(clinic).due) == (
        TaskStatus.OPEN,
        1,
        london("2027-02-19 17:00"),
    )


def test_who_tried_when_and_how_is_kept() -> None:
    clinic = called()

    in_vain(clinic, note="Message, read and not answered")

    with clinic.store.reading() as reading:
        (answer,) = reading.answers(f"K7Q2:{CALL}:1:1")
    assert (answer.by, answer.outcome, answer.values) == (JO, Outcome.UNREACHED, {"channel": "message"})
    assert answer.note == "Message, read and not answered"
    assert clinic.history()[-1].detail["outcome"] == "unreached"


@pytest.mark.parametrize("note", ["", "no answer", "tried"])
def test_an_attempt_says_how_it_was_made(note: str) -> None:
    clinic = called()

    with pytest.raises(WrongValues, match="phone, message, mail, video, visit"):
        in_vain(clinic, note=note)

    assert task(clinic).tried == 0


def test_the_next_attempt_is_asked_as_such_and_not_before_its_moment() -> None:
    clinic = called()
    in_vain(clinic)

    before = clinic.until("2027-02-19 16:55").workspace.of(JO)
    count = len(before)
    clinic.until("2027-02-19 17:05")

    assert f"{TITLE} (attempt 2 of 3)" in titles(clinic, JO)
    assert len(clinic.workspace.of(JO)) == count + 1


def test_a_call_that_is_asked_even_if_closed_is_tried_on_a_saturday_by_who_is_on_call() -> None:
    clinic = called()
    in_vain(clinic)
    clinic.until("2027-02-19 17:05")

    said = in_vain(clinic)

    assert "Attempt 2 of 3 is noted. The next one: Sat 20 Feb 10:00." in said.text
    assert task(clinic).on_call
    clinic.until("2027-02-20 10:05")
    assert f"{TITLE} (attempt 3 of 3)" in titles(clinic, SAM)


def exhausted() -> Riverside:
    clinic = called()
    in_vain(clinic)
    clinic.until("2027-02-19 17:05")
    in_vain(clinic)
    clinic.until("2027-02-20 10:05")
    return clinic


def test_after_the_last_attempt_the_physician_decides() -> None:
    clinic = exhausted()

    said = in_vain(clinic, SAM)
    clinic.until("2027-02-22 09:00")

    assert "That was the last of 3 attempts." in said.text and "The physician is told." in said.text
    assert task(clinic).status is TaskStatus.BLOCKED
    assert clinic.decision(ALI).reasons == ("the patient was not reached",)


def test_the_physician_closes_it_with_a_reason() -> None:
    clinic = exhausted()
    in_vain(clinic, SAM)
    clinic.until("2027-02-22 09:00")

    clinic.decide(ALI, Choice.PROCEED, "letter sent")

    assert task(clinic).status is TaskStatus.DONE


def test_a_patient_who_calls_back_ends_it() -> None:
    clinic = called()
    in_vain(clinic)

    clinic.early(JO, CALL)

    assert task(clinic).status is TaskStatus.DONE


def test_a_first_attempt_made_late_leads_to_the_next_day_and_not_to_an_evening_that_is_over() -> None:
    clinic = called(at="2027-02-19 17:30")

    in_vain(clinic)

    assert task(clinic).due == london("2027-02-20 10:00")


def test_it_can_be_typed_under_the_list_with_the_channel() -> None:
    clinic = called()

    with pytest.raises(Unclear, match="How was it tried"):
        clinic.type(JO, "1 unreached nobody there")
    clinic.type(JO, "1 unreached phone, nobody there")

    assert task(clinic).tried == 1


@pytest.mark.parametrize(
    ("words", "channel"),
    [
        ("no answer by telephone.", "phone"),
        ("called twice", "phone"),
        ("texted her, no reply", "message"),
        ("wrote an e-mail", "mail"),
        ("video:nobody joined", "video"),
        ("nobody there", ""),
        ("the callback was recalled", ""),
    ],
)
def test_how_somebody_was_tried_is_read_as_people_write_it(words: str, channel: str) -> None:
    assert channel_in(words) == channel


def test_a_step_without_attempts_cannot_be_left_like_that() -> None:
    clinic = called("g.followups_confirmed")

    with pytest.raises(Refused, match="Say what is so"):
        in_vain(clinic, FRAN, step="g.followups_confirmed")


def test_only_the_role_records_an_attempt() -> None:
    clinic = called()
    form = clinic.form_of(JO, CALL)

    with pytest.raises(NotAllowed, match="Call on day 1 is for a nurse to answer"):
        clinic.fill(FRAN, form, "phone, no answer", Outcome.UNREACHED)


def test_the_same_form_twice_is_one_attempt() -> None:
    clinic = called()
    form = clinic.form_of(JO, CALL)
    clinic.fill(JO, form, "phone, no answer", Outcome.UNREACHED)

    with pytest.raises(Settled, match="asked anew"):
        clinic.fill(SAM, form, "phone, no answer", Outcome.UNREACHED)

    assert task(clinic).tried == 1


def test_the_last_attempt_taken_back_is_asked_again_as_the_last() -> None:
    clinic = exhausted()
    in_vain(clinic, SAM)

    clinic.undo(SAM, CALL)

    assert (task(clinic).status, task(clinic).tried) == (TaskStatus.OPEN, 2)


RETRIED = [step for step in shipped().steps if step.attempts and step.phase is Phase.FOLLOW_UP]


def test_every_call_and_check_of_the_shipped_playbook_is_tried_again() -> None:
    missing = [
        step.id
        for step in shipped().steps
        if step.phase is Phase.FOLLOW_UP and step.role == "nurse" and not step.attempts
    ]

    assert missing == ["abl.smoking_after"]


@given(
    step=st.sampled_from(RETRIED),
    waits=st.lists(st.integers(0, 60 * 24 * 9), min_size=10, max_size=10),
)
@settings(max_examples=some(200), deadline=None)
def test_attempts_follow_each_other_in_opening_hours_until_there_are_none(
    step: object, waits: list[int]
) -> None:
    clinic = PLANNED
    found = clinic.course().task(step.id, 1)  # type: ignore[attr-defined]
    assert found is not None
    now, seen = found.due, list[datetime]()
    course = clinic.course()
    again: Task | None = found
    for wait in waits:
        now = max(now, again.due) + timedelta(minutes=wait)
        course = course.with_tasks([again])
        again = tried(course, again, now)
        if again is None:
            break
        here = CALENDAR.local(again.due)
        opens, closes = CALENDAR.opening(here.date())
        assert opens <= here.time() < closes and again.due > now
        assert CALENDAR.is_open(here.date()) or step.due.closed.value == "none"  # type: ignore[attr-defined]
        seen.append(again.due)

    assert seen == sorted(set(seen)) and len(seen) == len(step.attempts)  # type: ignore[attr-defined]


PLANNED = Riverside(*(step.id for step in RETRIED)).book(
    area_face="yes", immune="immunosuppressed", fitzpatrick="IV"
)


# --- bookings


def booking(at: str = "2027-02-11 10:05") -> Riverside:
    return Riverside(BOOKED).book().until(at)


def book(clinic: Riverside, on: date = date(2027, 2, 25), **values: str) -> Notice:
    form = clinic.form_of(FRAN, BOOKED)
    found = clinic.fill(FRAN, form, date=on, **values)
    assert isinstance(found, Notice)
    return found


def test_a_follow_up_is_booked_with_a_date_a_channel_and_a_person() -> None:
    clinic = booking()
    form = clinic.form_of(FRAN, BOOKED)

    for left_out in ("date", "time", "channel", "in_chart", "every_follow_up"):
        with pytest.raises(WrongValues, match="please fill this in"):
            clinic.fill(FRAN, form, **{left_out: ""})
    book(clinic)

    assert task(clinic, BOOKED).status is TaskStatus.DONE


@pytest.mark.parametrize("field", ["every_follow_up", "in_chart"])
def test_it_is_not_done_while_something_is_not_booked(field: str) -> None:
    clinic = booking()

    with pytest.raises(WrongValues, match="It is done when this is so"):
        book(clinic, **{field: "no"})

    assert task(clinic, BOOKED).status is TaskStatus.OPEN


def test_a_decline_is_documented_with_a_reason() -> None:
    clinic = booking()
    form = clinic.form_of(FRAN, BOOKED)

    with pytest.raises(WrongValues, match="why not"):
        clinic.fill(FRAN, form, "", Outcome.NOT_APPLICABLE)
    clinic.fill(FRAN, form, "she will call herself", Outcome.NOT_APPLICABLE)

    assert task(clinic, BOOKED).status is TaskStatus.DONE


def cancelled_date(clinic: Riverside, who: str = FRAN, asking: int = 0) -> Notice:
    key = task(clinic, BOOKED).key
    button = Button(action=Action.REBOOK, label="", tasks=(key,), revision=asking)
    found = clinic.desk.reply(clinic.pressed(who, button))
    assert isinstance(found, Notice)
    return found


def test_a_cancelled_date_asks_for_another_at_once() -> None:
    clinic = booking()
    book(clinic)
    clinic.until("2027-02-15 09:00")

    said = cancelled_date(clinic)
    clinic.speak()

    assert said.text == "Follow-up bookings: 25 Feb 2027 is cancelled. It is open again · K7Q2"
    assert (task(clinic, BOOKED).status, task(clinic, BOOKED).reopened) == (TaskStatus.OPEN, True)
    book(clinic, date(2027, 2, 26))
    assert task(clinic, BOOKED).value("date") == date(2027, 2, 26)


def test_a_button_that_was_drawn_for_an_earlier_date_cancels_no_later_one() -> None:
    clinic = booking()
    book(clinic)
    seen = task(clinic, BOOKED).asking
    cancelled_date(clinic)
    book(clinic, date(2027, 2, 26))

    with pytest.raises(Settled, match="answered anew since you saw it"):
        cancelled_date(clinic, asking=seen)

    assert task(clinic, BOOKED).value("date") == date(2027, 2, 26)


def labels(clinic: Riverside) -> list[str]:
    return [button.label for line in clinic.command(FRAN, "case K7Q2").lines for button in line.buttons]


def test_the_button_stands_on_what_has_booked_a_date_and_on_nothing_else() -> None:
    clinic = booking()
    before = labels(clinic)
    book(clinic)

    assert "Date cancelled" not in before and "Date cancelled" in labels(clinic)


def test_only_the_desk_or_a_physician_says_so_and_only_once() -> None:
    clinic = booking()
    book(clinic)
    asking = task(clinic, BOOKED).asking

    with pytest.raises(NotAllowed, match="Follow-up bookings is for the front desk"):
        cancelled_date(clinic, JO)
    cancelled_date(clinic, FRAN, asking)
    with pytest.raises(Settled, match="no date is booked any more"):
        cancelled_date(clinic, FRAN, asking)


def test_a_move_beyond_the_booked_date_asks_for_another() -> None:
    clinic = booking("2027-02-11 10:05")
    book(clinic, date(2027, 2, 25))

    clinic.command(FRAN, "move K7Q2 2027-02-24 09:30")
    assert task(clinic, BOOKED).status is TaskStatus.DONE
    clinic.command(FRAN, "move K7Q2 2027-02-25 09:30")

    assert (task(clinic, BOOKED).status, task(clinic, BOOKED).reopened) == (TaskStatus.OPEN, True)
