"""Moved, cancelled, something went wrong: what each adds, reopens and ends."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.core.case import Choice, Outcome, TaskStatus
from bot.core.changes import answered, cancelled, decided, event, fact_set, marked, moved, renewed
from bot.core.errors import NotFound, Settled
from bot.core.kinds import Level
from tests.core.made import START, answer, course, day, decision, get, has, london, wall
from tests.core.test_changes import asked, changed, said, state

NOW = london("2027-01-20 12:00")
MARCH = london("2027-03-11 09:30")
DAY = timedelta(days=1)


def both(*gap: int) -> tuple[datetime, ...]:
    """The starts of a course: the first and so many days after it."""
    return (START, *(START + days * DAY for days in gap))


# ------------------------------------------------------------------------------------------ moved


def test_open_items_of_the_day_and_its_follow_ups_move_along_and_the_consultation_stays() -> None:
    before = course()

    after = moved(before, 1, MARCH, now=NOW)

    due = {task.step: wall(task.due) for task in after.tasks}
    assert due["followups"] == "2027-03-04 10:00"
    assert due["arrival"] == "2027-03-11 08:45"
    assert due["record"] == "2027-03-11 10:30"
    assert due["call_1"] == "2027-03-12 10:00"
    assert due["booking"] == "2027-01-12 15:10"
    assert due["history"] == "2027-01-12 15:00"
    assert changed(before, after).keys() == {
        *("followups", "test_spot", "arrival", "sun", "record", "aftercare", "call_1", "visit_7"),
        "x.new_date",
    }


def test_what_is_too_late_for_the_new_date_is_due_in_the_moment_of_the_move() -> None:
    sooner = moved(course(), 1, london("2027-01-25 09:30"), now=NOW)

    task = get(sooner, "followups")
    assert (task.due, task.late, task.next_prompt_at) == (NOW, True, NOW)
    back = get(moved(sooner, 1, START, now=NOW + DAY), "followups")
    assert (wall(back.due), back.late) == ("2027-02-11 10:00", False)


def test_a_date_that_now_falls_on_a_closed_day_goes_to_the_person_on_call() -> None:
    friday = london("2027-02-19 09:30")

    after = moved(course(), 1, friday, now=NOW)

    assert (get(after, "call_1").on_call, wall(get(after, "call_1").due)) == (True, "2027-02-20 10:00")
    assert not get(moved(after, 1, START, now=NOW), "call_1").on_call


def test_a_new_date_is_a_new_round_of_asking_and_where_nothing_was_said_it_is_not() -> None:
    before = asked(course(), "followups")

    after = moved(before, 1, MARCH, now=NOW)

    assert (get(after, "followups").asking, get(after, "followups").rung) == (2, 0)
    assert get(after, "test_spot").asking == 1


@pytest.mark.parametrize(("age", "status"), [(21, "done"), (22, "open")])
def test_an_answer_stays_until_it_is_older_than_its_validity(age: int, status: str) -> None:
    answered_on = london("2027-02-11 11:00")
    done = said(course(), "followups", answered_on)

    after = moved(done, 1, london("2027-02-11 08:00") + age * DAY, now=answered_on + DAY)

    task = get(after, "followups")
    assert (task.status.value, task.reopened, task.answer is None) == (status, age > 21, age > 21)


def test_what_is_too_old_is_asked_again_when_it_is_due_for_the_new_date() -> None:
    done = said(course(), "followups", london("2027-02-11 11:00"))

    task = get(moved(done, 1, london("2027-04-08 09:30"), now=london("2027-02-12 11:00")), "followups")

    assert (wall(task.due), task.late, task.next_prompt_at) == ("2027-04-01 10:00", False, task.due)
    assert task.asking == 3


def test_an_expired_item_of_the_consultation_is_due_in_the_moment_of_the_move() -> None:
    done = said(course(), "history", smoker="no")

    after = moved(done, 1, london("2027-08-02 09:30"), now=NOW)

    task = get(after, "history")
    assert (task.status, task.due, task.late) == (TaskStatus.OPEN, NOW, True)
    assert (task.reopened, task.answer, task.next_prompt_at) == (True, None, NOW)


def test_a_blocked_answer_expires_like_any_other() -> None:
    blocked = said(course(), "history", smoker="yes")

    assert get(moved(blocked, 1, london("2027-08-02 09:30"), now=NOW), "history").status is TaskStatus.OPEN


def test_what_never_expires_stays_done() -> None:
    done = said(course(), "booking")

    assert get(moved(done, 1, london("2029-02-01 09:30"), now=NOW), "booking") == get(done, "booking")


def test_an_answered_reopened_item_is_reopened_no_more() -> None:
    done = said(course(), "followups", london("2027-02-11 11:00"))
    again = moved(done, 1, london("2027-04-08 09:30"), now=london("2027-02-12 11:00"))

    assert not get(said(again, "followups", london("2027-04-01 10:00")), "followups").reopened


def test_what_was_seen_at_the_bedside_holds_for_that_day_only() -> None:
    morning = london("2027-02-18 08:50")
    seen = said(course(), "arrival", morning)

    same_day = moved(seen, 1, london("2027-02-18 14:00"), now=morning)
    next_day = moved(seen, 1, london("2027-02-19 09:30"), now=morning)

    assert get(same_day, "arrival").status is TaskStatus.DONE
    assert (get(next_day, "arrival").status, get(next_day, "arrival").reopened) == (TaskStatus.OPEN, True)


def test_every_move_adds_its_own_items_and_those_of_the_move_before_stay() -> None:
    once = moved(course(), 1, MARCH, now=NOW)

    twice = moved(once, 1, START, now=NOW + DAY)

    assert (get(once, "x.new_date").due, get(once, "x.new_date").late) == (NOW, False)
    assert get(twice, "x.new_date", 1, 1) == get(once, "x.new_date")
    assert get(twice, "x.new_date", 1, 2).due == NOW + DAY
    assert not has(twice, "x.medicines", 1, 2)


def test_prepared_medicines_are_talked_about_after_a_move() -> None:
    after = moved(course(prep_rx_issued="yes"), 1, MARCH, now=NOW)

    assert get(after, "x.medicines").due == NOW + timedelta(minutes=60)


def test_a_move_to_a_sooner_date_can_stop_what_was_fine() -> None:
    informed = said(course(age=17), "consent", informed_on=day("2027-02-10"))
    assert get(informed, "consent").status is TaskStatus.DONE

    after = moved(informed, 1, london("2027-02-16 09:30"), now=NOW)

    assert state(get(after, "consent")) == ("blocked", NOW)
    assert after.verdict(get(after, "consent")).first_allowed == day("2027-02-17")
    assert get(moved(after, 1, london("2027-02-17 09:30"), now=NOW), "consent").status is TaskStatus.DONE


def test_a_move_to_the_first_allowed_day_lifts_a_stop() -> None:
    recent = {"isotretinoin": "past", "last_dose": day("2026-08-31")}
    stopped = said(course(mode="full_field", **recent), "isotretinoin", **recent)  # type: ignore[arg-type]
    assert stopped.verdict(get(stopped, "isotretinoin")).first_allowed == day("2027-02-28")

    day_before = moved(stopped, 1, london("2027-02-27 09:30"), now=NOW)
    on_the_day = moved(stopped, 1, london("2027-02-28 09:30"), now=NOW)

    assert get(day_before, "isotretinoin").status is TaskStatus.BLOCKED
    assert state(get(on_the_day, "isotretinoin")) == ("done", None)


def test_a_postponed_stop_that_still_stands_on_the_new_date_is_the_physicians_again() -> None:
    blocked = said(course(), "history", smoker="yes")
    put_off = decided(blocked, get(blocked, "history"), decision(Choice.POSTPONE), now=NOW)

    after = moved(put_off, 1, MARCH, now=NOW + DAY)

    task = get(after, "history")
    assert (task.decision, *state(task)) == (None, "blocked", NOW + DAY)
    assert task.asking == get(put_off, "history").asking + 1


def test_a_postponed_stop_that_the_new_date_lifts_is_done() -> None:
    recent = {"isotretinoin": "past", "last_dose": day("2026-08-31")}
    stopped = said(course(mode="full_field", **recent), "isotretinoin", **recent)  # type: ignore[arg-type]
    put_off = decided(stopped, get(stopped, "isotretinoin"), decision(Choice.POSTPONE), now=NOW)

    after = moved(put_off, 1, MARCH, now=NOW)

    assert state(get(after, "isotretinoin")) == ("done", None)


def test_a_stop_that_left_the_list_on_the_day_does_not_stand_in_the_way_of_a_move() -> None:
    morning = london("2027-02-18 09:10")
    numbed = course(anaesthesia="injected")
    too_much = said(numbed, "lidocaine", morning, adrenaline="without", total_mg=400.0, weight_kg=70.0)
    without = fact_set(too_much, {"anaesthesia": "none"}, now=morning)
    assert get(without, "lidocaine").status is TaskStatus.VOID

    after = moved(without, 1, MARCH, now=morning)

    assert get(after, "lidocaine").status is TaskStatus.VOID


def test_only_the_session_that_moves_is_touched() -> None:
    two = course(*both(35))

    after = moved(two, 2, START + 49 * DAY, now=NOW)

    assert {task.session for task in after.changed_since(two)} == {2}
    assert after.case.session(1) == two.case.session(1)


def test_a_moved_session_has_not_begun() -> None:
    begun = replace(course().case.session(1), arrived=START, started=START)

    after = moved(marked(course(), begun, now=START), 1, MARCH, now=START)

    session = after.case.session(1)
    assert (session.start, session.arrived, session.started) == (MARCH, None, None)


def test_a_cancelled_session_is_not_moved() -> None:
    gone = cancelled(course(), None, now=NOW)

    with pytest.raises(Settled, match="cancelled"):
        moved(gone, 1, MARCH, now=NOW)


def test_a_session_that_does_not_exist_is_not_moved() -> None:
    with pytest.raises(NotFound, match="session of K7Q2"):
        moved(course(), 2, MARCH, now=NOW)


def test_a_naive_start_is_refused() -> None:
    with pytest.raises(ValueError, match="naive"):
        moved(course(), 1, datetime(2027, 3, 11, 9, 30), now=NOW)


# ---------------------------------------------------------------------------------------- renewed


def test_a_course_item_too_old_for_a_later_session_comes_back_a_week_before_it() -> None:
    done = said(course(*both(35, 200)), "history", smoker="no")

    after = renewed(done, now=NOW)

    assert changed(done, after) == {"history": "open"}
    task = get(after, "history", 3)
    assert (wall(task.due), task.late) == ("2027-08-30 10:00", False)


def test_a_course_item_with_its_own_offset_comes_back_by_it() -> None:
    done = said(course(*both(200)), "test_spot")

    assert wall(get(renewed(done, now=NOW), "test_spot", 2).due) == "2027-08-23 09:00"


def test_an_item_that_came_back_moves_with_its_session() -> None:
    done = renewed(said(course(*both(200)), "history", smoker="no"), now=NOW)

    after = moved(done, 2, london("2027-10-07 09:30"), now=NOW)

    assert wall(get(after, "history", 2).due) == "2027-09-30 10:00"


@pytest.mark.parametrize(("day_of_session", "comes_back"), [("2027-07-19", False), ("2027-07-20", True)])
def test_an_answer_is_good_on_its_last_day_and_not_on_the_next(day_of_session: str, comes_back: bool) -> None:
    done = said(course(START, london(f"{day_of_session} 09:30")), "history", smoker="no")

    assert has(renewed(done, now=NOW), "history", 2) is comes_back


def test_what_is_not_answered_yet_or_never_expires_does_not_come_back() -> None:
    open_yet = course(*both(400))
    never = said(open_yet, "booking")

    assert renewed(open_yet, now=NOW) == open_yet
    assert renewed(never, now=NOW) == never


def test_an_item_that_no_longer_applies_does_not_come_back() -> None:
    done = said(course(*both(400), isotretinoin="past"), "isotretinoin", last_dose=day("2026-01-01"))
    never_took_it = fact_set(done, {"isotretinoin": "never"}, now=NOW)

    assert not has(renewed(never_took_it, now=NOW), "isotretinoin", 2)


def test_an_item_that_is_asked_again_for_one_session_waits_for_its_answer_before_the_next() -> None:
    once = renewed(said(course(*both(200, 235)), "history", smoker="no"), now=NOW)
    assert (has(once, "history", 2), has(once, "history", 3)) == (True, False)

    again = said(once, "history", london("2027-08-30 11:00"), session=2, smoker="no")

    assert not has(renewed(again, now=NOW), "history", 3)


def test_coming_back_twice_is_coming_back_once() -> None:
    once = renewed(said(course(*both(200)), "history", smoker="no"), now=NOW)

    assert renewed(once, now=NOW + DAY) == once


def test_a_later_session_that_moves_away_brings_back_what_grows_too_old_for_it() -> None:
    done = said(course(*both(35)), "history", smoker="no")

    after = moved(done, 2, london("2027-08-02 09:30"), now=NOW)

    assert wall(get(after, "history", 2).due) == "2027-07-26 10:00"
    assert get(after, "history", 1).status is TaskStatus.DONE


# -------------------------------------------------------------------------------------- cancelled


def test_nothing_that_is_not_done_is_asked_again_after_a_cancel() -> None:
    before = said(said(course(smoker="yes"), "followups"), "smoking", still_smoking="yes")

    after = cancelled(before, None, now=NOW)

    assert get(after, "followups").status is TaskStatus.DONE
    assert get(after, "smoking").status is TaskStatus.VOID
    asked_still = {task.step for task in after.tasks if task.next_prompt_at is not None}
    assert asked_still == {"c.notify", "c.close"}
    assert after.case.cancelled == after.case.session(1).cancelled == NOW


def test_a_cancel_adds_its_own_items_from_that_moment() -> None:
    after = cancelled(course(prep_rx_issued="yes"), None, now=NOW)

    due = {task.step: wall(task.due) for task in after.tasks if task.step.startswith("c.")}
    assert due == {
        "c.notify": "2027-01-20 12:00",
        "c.medicines": "2027-01-20 13:00",
        "c.close": "2027-01-27 10:00",
    }


def test_a_case_is_cancelled_once_with_one_set_of_items_however_many_sessions_it_has() -> None:
    after = cancelled(course(*both(35, 70)), None, now=NOW)

    assert [task.session for task in after.tasks if task.step == "c.notify"] == [1]
    assert all(session.cancelled for session in after.case.sessions)
    with pytest.raises(Settled, match="cancelled already"):
        cancelled(after, None, now=NOW)


def test_one_session_is_cancelled_and_the_others_go_on() -> None:
    three = course(*both(35, 70))

    after = cancelled(three, 2, now=NOW)

    assert after.case.cancelled is None
    assert get(after, "followups", 2).status is TaskStatus.VOID
    assert [get(after, "followups", number) == get(three, "followups", number) for number in (1, 3)] == [
        True
    ] * 2
    assert has(after, "c.notify", 2) and not has(after, "c.notify", 1)
    with pytest.raises(Settled, match="cancelled already"):
        cancelled(after, 2, now=NOW)


def test_what_the_course_still_needs_is_asked_though_its_first_session_is_cancelled() -> None:
    after = cancelled(course(*both(35)), 1, now=NOW)

    assert get(after, "history").status is TaskStatus.OPEN
    assert get(after, "followups").status is TaskStatus.VOID
    assert has(fact_set(after, {"isotretinoin": "past"}, now=NOW), "isotretinoin")
    assert get(cancelled(after, 2, now=NOW), "history").status is TaskStatus.VOID


def test_cancelling_the_last_session_left_cancels_the_case() -> None:
    after = cancelled(cancelled(course(*both(35)), 1, now=NOW), 2, now=NOW + DAY)

    assert after.case.cancelled == NOW + DAY
    assert {task.step for task in after.tasks if task.next_prompt_at} == {"c.notify", "c.close"}


def test_a_session_that_does_not_exist_is_not_cancelled() -> None:
    with pytest.raises(NotFound, match="session of K7Q2"):
        cancelled(course(), 7, now=NOW)


# ------------------------------------------------------------------------------------------ event

BAD_NIGHT = london("2027-02-20 03:10")


def test_an_event_adds_its_items_from_its_own_moment_and_the_follow_ups_stay() -> None:
    before = course()

    after = event(before, 1, "urgent", now=BAD_NIGHT)

    due = {task.step: (wall(task.due), task.on_call) for task in after.tasks if task.step.startswith("e.")}
    assert due == {
        "e.triage": ("2027-02-20 03:40", False),
        "e.review": ("2027-02-20 07:10", False),
        "e.recontact": ("2027-02-21 09:00", True),
    }
    assert changed(before, after).keys() == due.keys()
    assert after.case.facts["event_urgency"] == "urgent"


def test_an_event_that_is_not_urgent_needs_no_review_the_same_day_until_it_becomes_urgent() -> None:
    routine = event(course(), 1, "routine", now=BAD_NIGHT)
    assert not has(routine, "e.review")

    urgent = fact_set(routine, {"event_urgency": "urgent"}, now=BAD_NIGHT + timedelta(minutes=20))

    assert wall(get(urgent, "e.review").due) == "2027-02-20 07:10"


def test_a_second_event_has_items_of_its_own_and_the_first_keeps_its_own() -> None:
    first = event(course(), 1, "urgent", now=BAD_NIGHT)

    second = event(first, 1, "routine", now=BAD_NIGHT + DAY)

    assert get(second, "e.review", 1, 1) == get(first, "e.review")
    assert wall(get(second, "e.triage", 1, 2).due) == "2027-02-21 03:40"
    assert not has(second, "e.review", 1, 2)
    worse = fact_set(second, {"event_urgency": "urgent"}, now=BAD_NIGHT + DAY)
    assert get(worse, "e.review", 1, 2).status is TaskStatus.OPEN


def test_an_event_after_one_session_does_not_end_what_an_event_after_another_asked_for() -> None:
    first = event(course(*both(35)), 1, "urgent", now=BAD_NIGHT)

    second = event(first, 2, "routine", now=BAD_NIGHT + 35 * DAY)

    assert get(second, "e.review", 1) == get(first, "e.review", 1)
    assert not has(second, "e.review", 2)


def test_an_urgent_event_after_one_session_adds_nothing_to_an_older_one_after_another() -> None:
    first = event(course(*both(35)), 1, "routine", now=BAD_NIGHT)

    second = event(first, 2, "urgent", now=BAD_NIGHT + 35 * DAY)

    assert (has(second, "e.review", 1), has(second, "e.review", 2)) == (False, True)


def test_an_event_in_a_cancelled_case_is_asked_about_and_stays_so() -> None:
    gone = cancelled(course(), None, now=NOW)

    after = event(gone, 1, "routine", now=NOW + DAY)

    assert get(after, "e.triage").next_prompt_at == NOW + DAY + timedelta(minutes=30)
    worse = fact_set(after, {"event_urgency": "urgent"}, now=NOW + DAY)
    assert get(worse, "e.review").status is TaskStatus.OPEN
    assert not has(worse, "smoking")


def test_a_move_before_a_cancel_asks_nothing_after_it() -> None:
    gone = cancelled(moved(course(), 1, MARCH, now=NOW), None, now=NOW + DAY)

    after = fact_set(gone, {"prep_rx_issued": "yes"}, now=NOW + 2 * DAY)

    assert changed(gone, after) == {"c.medicines": "open"}


def test_problems_of_the_day_count_as_answers_too() -> None:
    case = course()
    given = answer(at=NOW, outcome=Outcome.PROBLEM, note="nobody at the telephone")

    after = answered(case, get(case, "followups"), given, now=NOW)

    assert after.verdict(get(after, "followups")).level is Level.MD
    assert get(cancelled(after, None, now=NOW), "followups").status is TaskStatus.VOID
