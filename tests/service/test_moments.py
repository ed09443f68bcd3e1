"""Here, late or not coming: who is asked about a moment that nobody pressed, and what their word does."""

from dataclasses import replace
from datetime import date, time

import pytest

from bot.core.case import Choice, TaskStatus
from bot.core.errors import NotAllowed, Refused, Settled, Unclear, WrongValues
from bot.core.messages import Board, Form, Notice
from bot.core.outgoing import Entry
from bot.core.people import Role, Shift
from bot.core.rooms import RoomDuties
from bot.service.rooms import keep_duties
from bot.service.tick import tick
from tests.service.clinic import ALI, FRAN, JO, KIT, MAX, OPENED, RIVERSIDE, SAM, london
from tests.service.riverside import Riverside
from tests.service.workspace import PLATFORM, Message

STEPS = ("g.identity_arrival", "g.same_day_check", "g.site_marked", "g.timeout", "g.treatment_record")


def waiting(until: str = "08:55", *steps: str, **facts: str) -> Riverside:
    """A Thursday on which nobody has pressed anything yet."""
    return Riverside(*(steps or STEPS)).book(**facts).until(f"2027-02-18 {until}")


def question(clinic: Riverside, who: str, heading: str = "Is the patient here?") -> Message:
    """The newest question about a moment that stands with a person."""
    found = [m for m in clinic.workspace.of(who) if isinstance(m.card, Notice) and m.card.heading == heading]
    assert found, [message.card.text for message in clinic.workspace.of(who)]
    return found[-1]


def notice(message: Message) -> Notice:
    assert isinstance(message.card, Notice)
    return message.card


def labels(message: Message) -> list[str]:
    return [button.label for button in notice(message).buttons]


def press(clinic: Riverside, who: str, label: str, message: Message) -> object:
    """Press a button of a question."""
    (button,) = [each for each in notice(message).buttons if each.label == label]
    return (
        clinic.answer_with(who, button) if label == "Here" else clinic.desk.reply(clinic.pressed(who, button))
    )


def late(clinic: Riverside, who: str, message: Message, minutes: str) -> object:
    """Press Later and say how many minutes."""
    form = press(clinic, who, "Later", message)
    assert isinstance(form, Form)
    return clinic.send(who, form, minutes=minutes)


def test_ten_minutes_after_the_planned_arrival_the_desk_is_asked_once() -> None:
    clinic = waiting()

    clinic.speak()
    clinic.until("2027-02-18 09:05")

    asked = question(clinic, FRAN)
    assert labels(asked) == ["Here", "Later", "No-show"]
    assert notice(asked).text.endswith("K7Q2: expected at 08:45, and nobody pressed Arrived.")
    assert [m.card.text for m in clinic.workspace.of(FRAN)].count(notice(asked).text) == 1
    assert len({message.once for message in clinic.workspace.messages}) == len(clinic.workspace.messages)


def test_here_is_arrived_and_the_question_says_so() -> None:
    clinic = waiting()

    press(clinic, FRAN, "Here", question(clinic, FRAN))
    clinic.until("2027-02-18 09:20")

    session = clinic.course().case.sessions[0]
    assert session.arrived == london("2027-02-18 08:55")
    assert notice(question(clinic, FRAN)).text.endswith("arrived 08:55.")
    assert labels(question(clinic, FRAN)) == []
    assert not [m for m in clinic.workspace.of(JO) if isinstance(m.card, Notice)]


def test_twenty_minutes_before_the_start_the_nurse_is_asked_too_and_cancels_nothing() -> None:
    clinic = waiting("09:10")

    asked = question(clinic, JO)

    assert labels(asked) == ["Here", "Later"]
    (no_show,) = [b for b in notice(question(clinic, FRAN)).buttons if b.label == "No-show"]
    with pytest.raises(NotAllowed, match="may cancel a case"):
        clinic.desk.reply(clinic.pressed(JO, no_show))


def test_a_patient_who_is_late_is_asked_for_again_and_the_room_is_told() -> None:
    clinic = waiting()

    said = late(clinic, FRAN, question(clinic, FRAN), "25")
    clinic.until("2027-02-18 09:30")

    assert isinstance(said, Notice) and "The start is expected about 10:05; the room is told." in said.text
    told = [notice(question(clinic, who, "Comes later")).text for who in (MAX, JO)]
    assert all(text.endswith("about 35 minutes late, the start is expected about 10:05.") for text in told)
    assert "expected at 09:20" in notice(question(clinic, FRAN)).text
    assert clinic.buzzes[-1][0] == london("2027-02-18 09:30")
    board = clinic.command(KIT, "status")
    assert isinstance(board, Board) and board.rows[0].summary == "late, expected 10:05"
    assert {task.due for task in clinic.course().tasks if task.step == "g.site_marked"} == {
        london("2027-02-18 09:15")
    }
    assert not [m for m in clinic.workspace.of(MAX) if not isinstance(m.card, Notice)]


@pytest.mark.parametrize("minutes", ["", "soon", "0", "-5", "2.5", "241"])
def test_a_delay_is_whole_minutes_of_a_day(minutes: str) -> None:
    clinic = waiting()

    with pytest.raises(WrongValues, match="Whole minutes, 1 to 240"):
        late(clinic, FRAN, question(clinic, FRAN), minutes)

    assert clinic.course().case.sessions[0].delay == 0


def test_a_no_show_is_asked_once_more_and_then_cancels_with_that_reason() -> None:
    clinic = waiting()

    form = press(clinic, FRAN, "No-show", question(clinic, FRAN))
    before = clinic.course().case.cancelled
    assert isinstance(form, Form)
    clinic.send(FRAN, form, note="rang twice")
    clinic.until("2027-02-18 18:00")

    assert before is None and clinic.course().case.cancelled == london("2027-02-18 08:55")
    assert [e.detail["reason"] for e in clinic.history() if e.kind == "cancelled"] == ["no-show: rang twice"]
    assert notice(question(clinic, FRAN)).text.endswith("cancelled.")
    assert {task.status for task in clinic.course().tasks} == {TaskStatus.VOID}


def test_who_arrived_in_the_meantime_is_no_no_show() -> None:
    clinic = waiting()
    form = press(clinic, FRAN, "No-show", question(clinic, FRAN))
    assert isinstance(form, Form)
    clinic.mark("arrived")

    with pytest.raises(Settled, match="arrived at 08:55"):
        clinic.send(FRAN, form, note="")

    assert clinic.course().case.cancelled is None


def test_half_an_hour_after_the_start_the_desk_is_asked_and_the_after_items_wait() -> None:
    clinic = waiting("08:45")
    clinic.mark("arrived")

    clinic.until("2027-02-18 16:59")
    asked = question(clinic, FRAN, "Has it begun?")
    before = [m for m in clinic.workspace.of(MAX) if "Record" in m.card.text]
    clinic.until("2027-02-18 17:00")

    assert labels(asked) == ["Started", "Later"]
    assert before == []
    assert [m.posted for m in clinic.workspace.of(MAX) if "Record" in m.card.text] == [
        london("2027-02-18 17:00")
    ]


def test_started_is_refused_at_the_question_too_while_something_is_open() -> None:
    clinic = waiting("10:00")

    with pytest.raises(Refused, match="Not yet: "):
        press(clinic, FRAN, "Started", question(clinic, FRAN, "Has it begun?"))


def test_a_start_that_waits_is_asked_about_again() -> None:
    clinic = waiting("10:00")

    late(clinic, FRAN, question(clinic, FRAN, "Has it begun?"), "20")
    clinic.until("2027-02-18 10:50")

    assert "expected to begin at 10:20" in notice(question(clinic, FRAN, "Has it begun?")).text


def test_a_new_date_asks_on_that_date_and_the_old_question_says_so() -> None:
    clinic = waiting()

    clinic.command(FRAN, "move K7Q2 2027-02-19 09:30")
    clinic.until("2027-02-19 08:55")

    cards = [notice(m).text for m in clinic.workspace.of(FRAN) if isinstance(m.card, Notice)]
    assert cards[0].endswith("it has a new date.")
    assert cards[1].endswith("Fri 19 Feb 09:30 · K7Q2: expected at 08:45, and nobody pressed Arrived.")


@pytest.mark.parametrize("words", ["here", "yes", "Arrived.", "done"])
def test_here_may_be_typed(words: str) -> None:
    clinic = waiting()

    clinic.type(FRAN, words, under=question(clinic, FRAN))

    assert clinic.course().case.sessions[0].arrived is not None
    assert clinic.statuses("g.identity_arrival") == {"g.identity_arrival": "open"}


@pytest.mark.parametrize("words", ["later 20m", "20 min late", "in 20 minutes", "20"])
def test_a_delay_may_be_typed(words: str) -> None:
    clinic = waiting()

    clinic.type(FRAN, words, under=question(clinic, FRAN))

    assert clinic.course().case.sessions[0].delay == 30


def test_a_no_show_that_is_typed_is_asked_once_more() -> None:
    clinic = waiting()

    said = clinic.type(FRAN, "no-show", under=question(clinic, FRAN))

    assert isinstance(said, Notice) and [b.label for b in said.buttons] == ["No-show"]
    assert clinic.course().case.cancelled is None


@pytest.mark.parametrize("words", ["no", "maybe", "all but 1", ""])
def test_what_is_not_understood_under_a_question_changes_nothing(words: str) -> None:
    clinic = waiting()

    with pytest.raises(Unclear, match="Write `here`, `later 20m` or `no-show`"):
        clinic.type(FRAN, words, under=question(clinic, FRAN))

    assert clinic.statuses("g.identity_arrival") == {"g.identity_arrival": "open"}


def test_ok_under_the_word_of_a_delay_marks_nobody_as_here() -> None:
    clinic = waiting()
    late(clinic, FRAN, question(clinic, FRAN), "25")
    clinic.speak()

    with pytest.raises(Unclear, match="asks nothing"):
        clinic.type(MAX, "ok", under=question(clinic, MAX, "Comes later"))

    assert clinic.course().case.sessions[0].arrived is None


def test_a_line_under_the_question_of_the_old_date_says_nothing_of_the_new_one() -> None:
    clinic = waiting()
    asked = question(clinic, FRAN)
    clinic.command(FRAN, "move K7Q2 2027-02-19 09:30")

    with pytest.raises(Settled, match="it has a new date"):
        clinic.type(FRAN, "here", under=asked)

    assert clinic.course().case.sessions[0].arrived is None


def test_a_delay_of_nothing_is_no_delay_and_a_wrong_one_is_put_right() -> None:
    clinic = waiting()
    late(clinic, FRAN, question(clinic, FRAN), "25")
    clinic.until("2027-02-18 08:57")

    with pytest.raises(WrongValues, match="1 to 240"):
        clinic.type(FRAN, "later 0m", under=question(clinic, FRAN))
    clinic.type(FRAN, "later 8m", under=question(clinic, FRAN))
    clinic.speak()

    told = notice(question(clinic, MAX, "Comes later")).text
    assert told.endswith("about 20 minutes late, the start is expected about 09:50.")


def test_nobody_arrives_on_another_day_than_the_planned_one() -> None:
    clinic = waiting()
    clinic.clock.advance(london("2027-02-19 08:45"))

    with pytest.raises(Refused, match="planned for Thu 18 Feb 09:30, not for today"):
        clinic.mark("arrived")

    assert clinic.course().case.sessions[0].arrived is None


def test_without_a_desk_on_duty_its_channel_is_asked() -> None:
    roster = {
        day: {role: its for role, its in duty.items() if FRAN not in its}
        for day, duty in RIVERSIDE.roster.items()
    }
    alone = replace(RIVERSIDE, roster=roster, channels={PLATFORM: {"front_desk": "#desk"}})

    clinic = Riverside("g.same_day_check", clinic=alone).book().until("2027-02-18 08:55")

    assert labels(question(clinic, "#desk")) == ["Here", "Later", "No-show"]


def test_whoever_has_the_room_today_is_asked_and_told() -> None:
    clinic = Riverside("g.same_day_check").book()
    with clinic.store.writing() as tx:
        case = tx.case("K7Q2")
        room = (replace(case.sessions[0], room="room-2"),)
        tx.change(replace(case, sessions=room), (), Entry(kind="moved", at=OPENED, by=FRAN))
        duties = RoomDuties(day=date(2027, 2, 18), who={("room-2", Role.NURSE): SAM})
        keep_duties(tx, clinic.clinic, duties, by=KIT, at=OPENED)
    clinic.until("2027-02-18 09:10")

    assert labels(question(clinic, SAM)) == ["Here", "Later"]
    assert not [m for m in clinic.workspace.of(JO) if isinstance(m.card, Notice)]


def test_a_question_stays_with_whoever_was_asked_though_somebody_else_is_asked_the_next() -> None:
    shifts = (
        Shift(person=FRAN, starts=time(8), ends=time(9, 30)),
        Shift(person=KIT, starts=time(9, 30), ends=time(18)),
    )
    desk = {day: {**duty, Role.FRONT_DESK: shifts} for day, duty in RIVERSIDE.roster.items()}
    kit = replace(RIVERSIDE.people[KIT], roles=frozenset({Role.MANAGER, Role.FRONT_DESK}))
    there = replace(RIVERSIDE, roster=desk, people={**RIVERSIDE.people, KIT: kit})
    clinic = Riverside("g.same_day_check", clinic=there).book()

    clinic.until("2027-02-18 10:01")

    assert labels(question(clinic, FRAN)) == ["Here", "Later", "No-show"]
    assert "Started" in labels(question(clinic, KIT, "Has it begun?"))
    clinic.mark("arrived")
    clinic.speak()
    assert labels(question(clinic, FRAN)) == []
    assert clinic.postings("g.same_day_check")[0].person == FRAN


def test_nobody_is_asked_of_a_case_that_was_put_off() -> None:
    clinic = Riverside("abl.isotretinoin").book(mode="full_field", isotretinoin="current")
    clinic.until("2027-01-12 15:00").answer(ALI, "Isotretinoin", decision="proceed")
    clinic.until("2027-01-12 15:01").decide(ALI, Choice.POSTPONE, "Six months.")

    clinic.until("2027-02-18 18:00")

    assert not [m for m in clinic.workspace.messages if isinstance(m.card, Notice)]


def test_after_an_outage_of_a_day_nobody_is_asked_whether_the_patient_has_come() -> None:
    clinic = Riverside("g.same_day_check").book().until("2027-02-17 18:00")
    clinic.clock.advance(london("2027-02-19 09:00"))

    tick(clinic.practice)
    clinic.speak()

    assert not [m for m in clinic.workspace.messages if isinstance(m.card, Notice)]
    assert clinic.course().case.asks_at is None


def test_a_passed_time_out_becomes_the_procedures_own_card() -> None:
    clinic = waiting("08:45")
    clinic.mark("arrived")
    clinic.answer(FRAN, "Identity at arrival")
    clinic.until("2027-02-18 08:46").answer(JO, "Same-day check")
    clinic.until("2027-02-18 09:16").type(MAX, "1 done")
    clinic.until("2027-02-18 09:26").answer(MAX, "Time-out")
    clinic.until("2027-02-18 09:32").press(MAX, "Started")

    clinic.speak()
    running = clinic.card(MAX, "Started 09:32")
    clinic.until("2027-02-18 10:20").press(MAX, "Finish")
    clinic.speak()

    assert [button.label for button in running.buttons] == ["Finish"]
    assert clinic.card(MAX, "Finished 10:20").buttons == ()
    assert clinic.card(MAX, "Record").lines[0].title == "Treatment record"


def test_after_a_late_start_what_comes_after_is_due_later_and_counted_from_the_real_end() -> None:
    clinic = Riverside("g.treatment_record", "g.aftercare").book().until("2027-02-18 09:50")
    clinic.mark("started", MAX)
    planned = {task.step: task.due for task in clinic.course().tasks}

    clinic.until("2027-02-18 10:35").mark("finished", MAX)

    real = {task.step: task.due for task in clinic.course().tasks}
    assert planned["g.treatment_record"] == london("2027-02-18 10:50")
    assert real["g.treatment_record"] == london("2027-02-18 10:35")
    assert real["g.aftercare"] == london("2027-02-18 10:55")
