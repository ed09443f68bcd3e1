"""Real moments that nobody pressed: when who is asked, and when what waits for them is asked after all."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.core import changes
from bot.core.course import Course
from bot.core.kinds import CardKind
from bot.core.moments import (
    Question,
    askings,
    delayed,
    due_askings,
    next_asking,
    released,
    reminded_from,
    resumed,
)
from bot.core.people import Role
from bot.core.plan import plan_case
from tests.service.clinic import CALENDAR, OPENED, abl, booking, london

#: Topical cream: the patient is to come ninety minutes before.
DAY = "2027-02-18"


def course(*steps: str, start: str = "09:30", opened: datetime = OPENED, **facts: str) -> Course:
    """A case of the shipped playbook, or of some of its steps."""
    playbook = abl(*steps)
    wanted = replace(booking(london(f"{DAY} {start}"), **facts), opened=opened)
    case, tasks = plan_case(playbook, wanted, code="K7Q2", clinic="riverside")
    return Course(case=case, tasks=tasks, playbook=playbook, calendar=CALENDAR)


def with_session(before: Course, **changed: object) -> Course:
    session = replace(before.case.sessions[0], **changed)  # type: ignore[arg-type]
    return replace(before, case=replace(before.case, sessions=(session,)))


def asked(of: Course) -> list[tuple[str, str, str]]:
    """What is asked, as (wall time, question, role)."""
    found = sorted(askings(of, of.case.sessions[0]), key=lambda each: each.at)
    return [(f"{CALENDAR.local(each.at):%H:%M}", each.question.value, each.role.value) for each in found]


def at(clock: str) -> datetime:
    return london(f"{DAY} {clock}")


def test_the_desk_is_asked_then_the_nurse_then_the_desk_whether_it_began() -> None:
    assert asked(course("g.same_day_check")) == [
        ("08:55", "arrival", "front_desk"),
        ("09:10", "arrival", "nurse"),
        ("10:00", "start", "front_desk"),
    ]


def test_numbing_cream_brings_the_question_forward() -> None:
    assert asked(course("g.same_day_check", anaesthesia="topical"))[0] == ("08:10", "arrival", "front_desk")


def test_who_has_arrived_is_asked_about_the_start_alone() -> None:
    assert asked(with_session(course(), arrived=at("08:50"))) == [("10:00", "start", "front_desk")]


def test_of_a_delay_the_desk_is_asked_again_when_it_is_over() -> None:
    assert asked(with_session(course(), delay=25)) == [
        ("09:20", "arrival", "front_desk"),
        ("10:25", "start", "front_desk"),
    ]


@pytest.mark.parametrize("moment", ["started", "finished", "cancelled"])
def test_what_began_or_is_cancelled_asks_nothing(moment: str) -> None:
    assert asked(with_session(course(), **{moment: at("09:00")})) == []


def test_a_case_without_a_signed_playbook_asks_nobody() -> None:
    shadow = replace(course(), case=replace(course().case, shadow=True))

    assert next_asking(shadow, OPENED) is None
    assert next_asking(course(), OPENED) == at("08:55")


def test_the_next_question_is_the_first_that_was_not_asked() -> None:
    of = course()

    assert next_asking(of, at("08:55")) == at("08:55")
    assert next_asking(of, at("08:55") + timedelta.resolution) == at("09:10")
    assert next_asking(of, at("10:01")) is None


def test_a_question_that_is_hours_old_is_not_asked_any_more() -> None:
    assert [each.role for each in due_askings(course(), at("09:10"))] == [Role.FRONT_DESK, Role.NURSE]
    assert [each.question for each in due_askings(course(), at("13:05"))] == [
        Question.ARRIVAL,
        Question.START,
    ]
    assert due_askings(course(), at("14:00")) == ()


def test_what_was_over_when_the_case_was_opened_stays_on_paper() -> None:
    late = course(opened=at("09:05"))

    assert next_asking(late, at("09:05")) == at("09:10")


def prompts(of: Course, card: CardKind) -> dict[str, str]:
    """When the items of a card are asked."""
    return {
        task.step: f"{CALENDAR.local(task.next_prompt_at):%H:%M}"
        for task in of.tasks
        if task.next_prompt_at and of.step(task).card is card
    }


def test_record_and_after_wait_a_quarter_of_an_hour_for_a_finish_and_keep_their_due_times() -> None:
    before = course("g.treatment_record", "g.aftercare", "g.observation_long", sedation="iv")

    after = released(before, OPENED)

    assert prompts(before, CardKind.RECORD) == {"g.treatment_record": "10:30"}
    assert prompts(after, CardKind.RECORD) == {"g.treatment_record": "10:45"}
    assert prompts(after, CardKind.AFTER) == {"g.aftercare": "10:50"} | {
        step: due for step, due in prompts(before, CardKind.AFTER).items() if step != "g.aftercare"
    }
    assert [task.due for task in after.tasks] == [task.due for task in before.tasks]


def test_without_a_start_they_wait_until_the_clinic_is_about_to_close() -> None:
    of = course("g.treatment_record")

    assert prompts(released(of, at("09:59")), CardKind.RECORD) == {"g.treatment_record": "10:45"}
    assert prompts(released(of, at("10:00")), CardKind.RECORD) == {"g.treatment_record": "17:00"}


def test_a_start_that_is_pressed_at_last_lets_them_come() -> None:
    waiting = released(course("g.treatment_record"), at("10:00"))

    session = replace(waiting.case.sessions[0], arrived=at("09:00"), started=at("10:05"))
    begun = released(changes.marked(waiting, session, now=at("10:05")), at("10:05"))

    assert prompts(begun, CardKind.RECORD) == {"g.treatment_record": "11:20"}


def test_a_late_procedure_in_the_evening_is_asked_about_after_it() -> None:
    of = course("g.treatment_record", start="16:45")

    assert prompts(released(of, at("17:20")), CardKind.RECORD) == {"g.treatment_record": "18:00"}


def test_of_a_patient_who_is_late_the_days_cards_wait_as_long() -> None:
    before = course("g.same_day_check", "g.site_marked", "g.timeout", "g.identity_arrival")

    late = released(delayed(before, 1, 25), OPENED)
    in_time_after_all = released(delayed(late, 1, 0), OPENED)

    assert prompts(late, CardKind.PREP) == {"g.same_day_check": "09:35"}
    assert prompts(late, CardKind.DESK) == {"g.identity_arrival": "09:10"}
    assert prompts(late, CardKind.ROOM) == {"g.site_marked": "09:40"}
    assert prompts(late, CardKind.TIMEOUT) == {"g.timeout": "09:50"}
    for card in (CardKind.PREP, CardKind.ROOM, CardKind.TIMEOUT):
        assert prompts(in_time_after_all, card) == prompts(released(before, OPENED), card)


def test_prep_waits_for_the_patient_and_not_for_ever() -> None:
    assert prompts(released(course("g.same_day_check"), OPENED), CardKind.PREP) == {
        "g.same_day_check": "09:10"
    }
    creamed = released(course("g.same_day_check", "g.topical_anaesthetic", anaesthesia="topical"), OPENED)
    assert prompts(creamed, CardKind.PREP) == {"g.same_day_check": "08:25", "g.topical_anaesthetic": "08:30"}


def asked_already(of: Course, at: datetime) -> Course:
    """The case after everything was asked once, with a reminder due at a moment."""
    return of.with_tasks(replace(task, rung=1, next_prompt_at=at) for task in of.tasks)


def test_nobody_is_reminded_of_what_needs_a_patient_whom_the_desk_is_asked_about() -> None:
    of = asked_already(course("g.same_day_check", "g.identity_arrival", "g.site_marked"), at("08:57"))

    before, after = released(of, at("08:54")), released(of, at("08:55"))
    here = released(with_session(of, arrived=at("08:50")), at("08:55"))

    assert before == of and here.tasks == of.tasks
    assert prompts(after, CardKind.PREP) == {"g.same_day_check": "09:10"}
    assert prompts(after, CardKind.DESK) == {"g.identity_arrival": "09:10"}
    assert prompts(after, CardKind.ROOM) == {"g.site_marked": "08:57"}


def test_what_needs_a_patient_is_reminded_of_when_they_are_here_or_the_nurse_is_asked_as_well() -> None:
    of = asked_already(course("g.same_day_check", "g.identity_arrival", "g.site_marked"), at("08:50"))
    identity, room = (of.task(step, 1) for step in ("g.identity_arrival", "g.site_marked"))

    assert identity is not None and room is not None
    assert reminded_from(of, identity, at("08:50")) == at("09:10")
    assert reminded_from(of, identity, at("09:10")) is None
    assert reminded_from(of, room, at("08:50")) is None
    assert reminded_from(of, replace(identity, rung=0), at("08:50")) is None
    assert reminded_from(with_session(of, arrived=at("08:47")), identity, at("08:50")) is None


def test_an_arrival_lets_what_waited_be_reminded_of_within_minutes() -> None:
    of = asked_already(course("g.identity_arrival", "g.site_marked"), at("09:10"))

    here = resumed(of, 1, at("08:57"))

    assert prompts(here, CardKind.DESK) == {"g.identity_arrival": "09:02"}
    assert prompts(here, CardKind.ROOM) == {"g.site_marked": "09:10"}


def test_of_a_patient_who_is_early_the_desk_has_its_lines_at_once() -> None:
    of = course("g.identity_arrival", "g.site_marked")
    planned = prompts(of, CardKind.ROOM)

    here = resumed(of, 1, at("08:41"))

    assert prompts(of, CardKind.DESK) == {"g.identity_arrival": "08:45"}
    assert prompts(here, CardKind.DESK) == {"g.identity_arrival": "08:41"}
    assert prompts(here, CardKind.ROOM) == planned


def test_prep_of_a_patient_who_is_here_does_not_wait_for_a_late_start() -> None:
    here = with_session(course("g.same_day_check", "g.site_marked"), arrived=at("08:45"))

    late = delayed(here, 1, 25)

    assert prompts(late, CardKind.PREP) == {"g.same_day_check": "08:55"}
    assert prompts(late, CardKind.ROOM) == {"g.site_marked": "09:40"}
