"""What follows from an answer, a decision, an undo, a fact or a real moment."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.core.case import Choice, Outcome, Task, TaskStatus
from bot.core.changes import answered, cancelled, decided, event, fact_set, marked, undone
from bot.core.course import Course
from bot.core.errors import Refused, Settled
from bot.core.kinds import Level
from bot.core.people import Role
from tests.core.made import OPENED, START, answer, course, day, decision, get, has, london, wall

NOW = london("2027-01-20 12:00")
LATER = london("2027-02-10 12:00")


def said(course: Course, step: str, now: datetime = NOW, session: int = 1, **values: object) -> Course:
    """The course after Jo, or the physician on a step of theirs, answered a step."""
    task = get(course, step, session)
    role = course.step(task).role
    return answered(course, task, answer(at=now, role=role, **values), now=now)  # type: ignore[arg-type]


def state(task: Task) -> tuple[str, datetime | None]:
    return task.status.value, task.next_prompt_at


def asked(course: Course, step: str) -> Course:
    """The course after the first word about a step went out."""
    task = get(course, step)
    return course.with_tasks([replace(task, rung=1, next_prompt_at=task.due + timedelta(hours=2))])


def changed(before: Course, after: Course) -> dict[str, str]:
    """What is new or differs: step -> its state now."""
    return {task.step: task.status.value for task in after.changed_since(before)}


# ---------------------------------------------------------------------------------------- answers


def test_an_answer_that_stops_nothing_settles_the_task_and_nothing_else() -> None:
    before = course()

    after = said(before, "followups")

    assert state(get(after, "followups")) == ("done", None)
    assert changed(before, after) == {"followups": "done"}
    assert after.case == before.case


def test_an_answer_that_stops_blocks_the_task_and_the_physician_is_asked_now() -> None:
    after = said(course(smoker="yes"), "smoking", still_smoking="yes")

    assert state(get(after, "smoking")) == ("blocked", NOW)
    assert after.verdict(get(after, "smoking")).level is Level.MD


def test_an_answer_sets_its_fact_and_the_plan_follows_at_once() -> None:
    before = course()

    after = said(before, "history", smoker="yes")

    assert after.case.facts == {**before.case.facts, "smoker": "yes"}
    assert changed(before, after) == {"history": "blocked", "smoking": "open"}


def test_a_new_round_begins_with_every_new_state() -> None:
    task = get(said(asked(course(), "followups"), "followups"), "followups")

    assert (task.asking, task.rung) == (2, 0)


def test_a_second_answer_changes_nothing_even_where_it_would_stop() -> None:
    settled = said(course(), "history", smoker="no")

    for smoker in ("no", "yes"):
        with pytest.raises(Settled, match="is done and cannot be answered"):
            said(settled, "history", smoker=smoker)


def test_a_task_that_left_the_list_takes_no_answer() -> None:
    left = fact_set(course(smoker="yes"), {"smoker": "no"}, now=NOW)

    with pytest.raises(Settled, match="void"):
        said(left, "smoking", still_smoking="yes")


def test_what_was_blocked_can_be_answered_again_when_it_is_in_order() -> None:
    blocked = said(course(smoker="yes"), "smoking", still_smoking="yes")

    after = said(blocked, "smoking", LATER, still_smoking="no")

    assert state(get(after, "smoking")) == ("done", None)
    assert get(after, "smoking").value("still_smoking") == "no"


def test_a_new_answer_to_a_postponed_stop_asks_the_physician_again() -> None:
    blocked = said(course(smoker="yes"), "smoking", still_smoking="yes")
    put_off = decided(blocked, get(blocked, "smoking"), decision(Choice.POSTPONE), now=NOW)

    after = said(put_off, "smoking", LATER, still_smoking="yes")

    assert state(get(after, "smoking")) == ("blocked", LATER)


def test_a_new_answer_to_a_stop_that_still_waits_does_not_ask_the_physician_twice() -> None:
    blocked = said(course(smoker="yes"), "smoking", still_smoking="yes")

    after = said(blocked, "smoking", LATER, still_smoking="yes")

    assert state(get(after, "smoking")) == ("blocked", NOW)


def test_a_physician_who_decides_in_the_form_is_not_asked_again_on_a_card() -> None:
    recent = course(isotretinoin="past", last_dose=day("2027-01-01"))

    after = said(recent, "isotretinoin", isotretinoin="past", last_dose=day("2027-01-01"), decision="proceed")

    assert get(after, "isotretinoin").status is TaskStatus.DONE
    assert get(after, "isotretinoin").decision is not None


def test_not_applicable_by_a_nurse_waits_for_the_physician() -> None:
    case = course(smoker="yes")
    given = answer(at=NOW, outcome=Outcome.NOT_APPLICABLE, note="never smoked")

    after = answered(case, get(case, "smoking"), given, now=NOW)

    assert get(after, "smoking").status is TaskStatus.BLOCKED
    assert decided(after, get(after, "smoking"), decision(), now=LATER) != after


# -------------------------------------------------------------------------------------- decisions


@pytest.mark.parametrize("choice", [Choice.PROCEED, Choice.MODIFY])
def test_a_go_ahead_settles_an_md_stop_for_the_reasons_that_stand(choice: Choice) -> None:
    blocked = said(course(), "history", smoker="yes")

    after = decided(blocked, get(blocked, "history"), decision(choice), now=LATER)

    task = get(after, "history")
    assert state(task) == ("done", None)
    assert task.decision is not None and task.decision.covers == ("smoker: yes",)


def test_postpone_keeps_the_stop_and_nobody_is_asked_any_more() -> None:
    blocked = said(course(), "history", smoker="yes")

    after = decided(blocked, get(blocked, "history"), decision(Choice.POSTPONE), now=LATER)

    assert state(get(after, "history")) == ("blocked", None)


def test_a_hard_stop_offers_only_postpone() -> None:
    burnt = said(course(), "sun", sunburn="yes")

    for choice in (Choice.PROCEED, Choice.MODIFY):
        with pytest.raises(Refused, match="hard stop"):
            decided(burnt, get(burnt, "sun"), decision(choice), now=LATER)
    after = decided(burnt, get(burnt, "sun"), decision(Choice.POSTPONE), now=LATER)
    assert state(get(after, "sun")) == ("blocked", None)


def test_only_a_stop_can_be_decided_on() -> None:
    case = course()
    done = said(case, "followups")

    for each in (case, done):
        with pytest.raises(Settled, match="no stop to decide on"):
            decided(each, get(each, "followups"), decision(), now=NOW)


def test_a_decision_does_not_outlive_a_new_reason() -> None:
    blocked = said(course(), "history", smoker="yes", fever="no")
    went_ahead = decided(blocked, get(blocked, "history"), decision(), now=NOW)

    after = fact_set(went_ahead, {"smoker": "unknown"}, now=LATER)

    assert state(get(after, "history")) == ("blocked", LATER)


# ------------------------------------------------------------------------------------------- undo


def test_an_answer_taken_back_is_asked_anew_at_its_due_time() -> None:
    before = course()

    after = undone(said(before, "followups"), get(said(before, "followups"), "followups"), now=NOW)

    task = get(after, "followups")
    assert (task.status, task.answer, task.due) == (TaskStatus.OPEN, None, get(before, "followups").due)
    assert (task.asking, task.rung, task.next_prompt_at) == (3, 0, task.due)


def test_a_blocked_answer_can_be_taken_back_with_the_decision_on_it() -> None:
    blocked = said(course(smoker="yes"), "smoking", still_smoking="yes")
    put_off = decided(blocked, get(blocked, "smoking"), decision(Choice.POSTPONE), now=NOW)

    task = get(undone(put_off, get(put_off, "smoking"), now=NOW), "smoking")

    assert (task.status, task.answer, task.decision) == (TaskStatus.OPEN, None, None)


def test_taking_back_an_answer_to_what_no_longer_applies_asks_nobody() -> None:
    done = said(course(smoker="yes"), "smoking", still_smoking="no")
    stopped = fact_set(done, {"smoker": "no"}, now=NOW)
    assert get(stopped, "smoking").status is TaskStatus.DONE

    after = undone(stopped, get(stopped, "smoking"), now=NOW)

    assert state(get(after, "smoking")) == ("void", None)


def test_nothing_is_asked_again_in_a_cancelled_case() -> None:
    gone = cancelled(said(course(), "followups"), None, now=NOW)

    with pytest.raises(Settled, match="cancelled"):
        undone(gone, get(gone, "followups"), now=NOW)


def test_there_is_no_answer_to_take_back_where_there_is_none() -> None:
    case = course(smoker="yes")
    left = fact_set(case, {"smoker": "no"}, now=NOW)

    for each in (case, left):
        with pytest.raises(Settled):
            undone(each, get(each, "smoking"), now=NOW)


# ------------------------------------------------------------------------------------------ facts


def test_a_new_yes_adds_its_items_due_as_written() -> None:
    before = course()

    after = fact_set(before, {"smoker": "yes"}, now=NOW)

    task = get(after, "smoking")
    assert changed(before, after) == {"smoking": "open"}
    assert (wall(task.due), task.late, task.next_prompt_at) == ("2027-02-04 09:00", False, task.due)


def test_an_item_added_too_late_is_due_in_the_moment_of_the_change() -> None:
    task = get(fact_set(course(), {"smoker": "yes"}, now=LATER), "smoking")

    assert (task.due, task.late, task.next_prompt_at) == (LATER, True, LATER)


def test_not_knowing_adds_and_a_no_takes_away_what_is_not_done() -> None:
    unknown = fact_set(course(), {"smoker": "unknown"}, now=NOW)

    after = fact_set(unknown, {"smoker": "no"}, now=LATER)

    assert changed(unknown, after) == {"smoking": "void"}
    assert state(get(after, "smoking")) == ("void", None)


def test_what_is_done_stays_done_when_it_no_longer_applies() -> None:
    done = said(course(smoker="yes"), "smoking", still_smoking="no")

    assert changed(done, fact_set(done, {"smoker": "no"}, now=LATER)) == {}


def test_a_stop_on_what_no_longer_applies_leaves_with_it() -> None:
    blocked = said(course(smoker="yes"), "smoking", still_smoking="yes")

    after = fact_set(blocked, {"smoker": "no"}, now=LATER)

    assert state(get(after, "smoking")) == ("void", None)


def test_what_left_returns_as_the_same_task_and_without_its_old_answer() -> None:
    blocked = said(course(smoker="yes"), "smoking", still_smoking="yes")
    put_off = decided(blocked, get(blocked, "smoking"), decision(Choice.POSTPONE), now=NOW)
    left = fact_set(put_off, {"smoker": "no"}, now=NOW)

    after = fact_set(left, {"smoker": "yes"}, now=LATER)

    task = get(after, "smoking")
    assert (task.status, task.answer, task.decision) == (TaskStatus.OPEN, None, None)
    assert (task.due, task.late, task.next_prompt_at) == (LATER, True, LATER)
    assert len(after.tasks) == len(left.tasks)


def test_the_patient_comes_earlier_once_cream_or_sedation_is_planned() -> None:
    before = course()

    numbed = fact_set(before, {"anaesthesia": "topical"}, now=NOW)

    assert changed(before, numbed) == {"arrival": "open", "sun": "open", "numbing": "open"}
    assert (wall(get(numbed, "arrival").due), wall(get(numbed, "sun").due)) == (
        "2027-02-18 08:00",
        "2027-02-18 08:10",
    )
    back = fact_set(numbed, {"anaesthesia": "none"}, now=LATER)
    assert wall(get(back, "arrival").due) == "2027-02-18 08:45"


def test_an_item_that_was_asked_is_asked_anew_when_its_time_changes_and_only_then() -> None:
    before = asked(asked(course(), "arrival"), "followups")

    after = fact_set(before, {"sedation": "oral"}, now=NOW)

    arrival, followups = get(after, "arrival"), get(after, "followups")
    assert (arrival.asking, arrival.rung, arrival.next_prompt_at) == (2, 0, arrival.due)
    assert followups == get(before, "followups")


def test_a_changed_fact_judges_every_stored_answer_again_both_ways() -> None:
    long_ago = {"isotretinoin": "past", "last_dose": day("2026-01-01")}
    fine = said(course(mode="full_field", **long_ago), "isotretinoin", **long_ago)  # type: ignore[arg-type]
    assert get(fine, "isotretinoin").status is TaskStatus.DONE

    stopped = fact_set(fine, {"last_dose": day("2027-01-01")}, now=NOW)
    assert state(get(stopped, "isotretinoin")) == ("blocked", NOW)
    assert stopped.verdict(get(stopped, "isotretinoin")).level is Level.HARD

    cleared = fact_set(stopped, {"last_dose": day("2026-01-01")}, now=LATER)
    assert state(get(cleared, "isotretinoin")) == ("done", None)


def test_an_answer_to_what_no_longer_applies_stops_nothing() -> None:
    decided_on = said(course(isotretinoin="past"), "isotretinoin", isotretinoin="past", decision="proceed")
    never_took_it = fact_set(decided_on, {"isotretinoin": "never"}, now=NOW)

    after = fact_set(never_took_it, {"mode": "full_field"}, now=LATER)

    assert changed(never_took_it, after) == {}
    took_it = fact_set(after, {"isotretinoin": "past"}, now=LATER)
    assert state(get(took_it, "isotretinoin")) == ("blocked", LATER)


def test_each_session_is_asked_what_a_fact_adds() -> None:
    two = course(START, START + timedelta(days=35))

    after = fact_set(two, {"smoker": "yes"}, now=NOW)

    assert [wall(get(after, "smoking", number).due) for number in (1, 2)] == [
        "2027-02-04 09:00",
        "2027-03-11 09:00",
    ]


@pytest.mark.parametrize("facts", [{"smoker": "yes"}, {"prep_rx_issued": "yes"}, {"isotretinoin": "current"}])
def test_a_cancelled_case_is_asked_nothing_however_its_facts_change(facts: dict[str, str]) -> None:
    fine = said(course(isotretinoin="past"), "isotretinoin", last_dose=day("2026-01-01"))
    gone = cancelled(fine, None, now=NOW)
    cancel_items = {"c.notify", "c.medicines", "c.close"}

    after = fact_set(gone, facts, now=LATER)

    assert set(changed(gone, after)) <= cancel_items
    asks = {task.step for task in after.tasks if task.next_prompt_at}
    assert asks <= cancel_items


def test_what_a_fact_adds_to_a_cancel_or_a_move_is_due_in_the_moment_of_the_change() -> None:
    gone = cancelled(course(), None, now=NOW)

    after = fact_set(gone, {"prep_rx_issued": "yes"}, now=LATER)

    assert (get(after, "c.medicines").due, get(after, "c.medicines").late) == (LATER, True)


# ----------------------------------------------------------------------------------- real moments


def at(course: Course, **moments: datetime) -> Course:
    session = replace(course.case.session(1), **moments)  # type: ignore[arg-type]
    return marked(course, session, now=next(iter(moments.values())))


def test_the_real_end_redates_what_counts_from_it() -> None:
    before = course()

    after = at(before, finished=london("2027-02-18 11:12"))

    assert changed(before, after) == {"record": "open", "aftercare": "open"}
    assert wall(get(after, "record").due) == "2027-02-18 11:12"
    assert wall(get(after, "aftercare").due) == "2027-02-18 11:32"
    assert wall(get(after, "visit_7").due) == "2027-02-25 10:00"


def test_what_was_answered_before_the_end_stays_as_it_is() -> None:
    before = said(course(), "record", london("2027-02-18 10:30"))

    after = at(before, finished=london("2027-02-18 11:12"))

    assert get(after, "record") == get(before, "record")


@pytest.mark.parametrize("started", ["2027-02-18 09:21", "2027-02-18 09:30"])
def test_arriving_and_starting_in_time_move_no_due_time(started: str) -> None:
    before = course()

    after = at(before, arrived=london("2027-02-18 08:40"), started=london(started))

    assert changed(before, after) == {}
    assert after.case.session(1).started == london(started)


def test_a_late_start_moves_what_comes_after_until_the_real_end_is_known() -> None:
    before = course()

    late = at(before, started=london("2027-02-18 09:41"))
    over = at(late, started=london("2027-02-18 09:41"), finished=london("2027-02-18 10:20"))

    assert changed(before, late) == {"record": "open", "aftercare": "open"}
    assert wall(get(late, "record").due) == "2027-02-18 10:41"
    assert wall(get(late, "aftercare").due) == "2027-02-18 11:01"
    assert wall(get(over, "record").due) == "2027-02-18 10:20"
    assert wall(get(over, "aftercare").due) == "2027-02-18 10:40"


def test_what_a_fact_adds_after_the_end_counts_from_the_real_end() -> None:
    ended = at(course(), finished=london("2027-02-18 11:12"))

    after = event(ended, 1, "routine", now=london("2027-02-19 08:00"))

    assert wall(get(after, "aftercare").due) == "2027-02-18 11:32"
    assert not has(after, "e.review")


def test_a_role_that_may_answer_for_another_is_kept_with_the_answer() -> None:
    given = answer(at=NOW, role=Role.PHYSICIAN)
    case = course()

    after = answered(case, get(case, "followups"), given, now=NOW)

    assert get(after, "followups").answer == given
    assert OPENED < NOW
