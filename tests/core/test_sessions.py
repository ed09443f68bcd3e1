"""Sessions of a course: added one by one, cancelled in the middle, too close together."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.core import changes
from bot.core.case import Choice, TaskStatus
from bot.core.conditions import AnyOf, Within
from bot.core.course import Course
from bot.core.errors import Refused
from bot.core.kinds import FieldKind, Level, Phase
from bot.core.people import Role
from bot.core.plan import plan_case
from bot.core.playbook import Field, Stops
from bot.core.postponing import put_off
from bot.core.sessions import session_added, spacing, spoken_of
from bot.core.usual import usual_values
from tests.core.made import (
    LONDON,
    OPENED,
    START,
    Bounds,
    answer,
    booking,
    course,
    decision,
    get,
    has,
    is_,
    london,
    playbook,
    step,
    wall,
    word,
)

NOW = OPENED + timedelta(days=3)
INTERVAL = step(
    "interval",
    "T0-7d@10:00 prev",
    role=Role.FRONT_DESK,
    valid=21,
    when=Bounds(name="session_no", above=1),
    ask=(
        Field(name="last_on", label="Last", kind=FieldKind.DATE, tense="past", known="previous_session"),
        word("settled", "yes", "no"),
    ),
    stops=Stops(level=Level.MD, md=AnyOf(parts=(Within(name="last_on", days=42), is_("settled", "no")))),
)
RECORD = step("record", "BOOKED+0m", phase=Phase.BOOKING, role=Role.FRONT_DESK)
REVIEW = step("review", "T0+90d@10:00 next", phase=Phase.FOLLOW_UP, when=is_("last_session", "yes"))


def days_after(days: int) -> datetime:
    return START + timedelta(days=days)


def place(course: Course, number: int) -> tuple[object, object]:
    facts = course.facts(course.case.session(number))
    return facts["session_no"], facts["last_session"]


def test_an_added_session_gets_its_own_items_and_none_of_the_course() -> None:
    after = session_added(course(), days_after(42), now=NOW)

    added = {task.step for task in after.tasks if task.session == 2}
    assert {"arrival", "followups", "record"} <= added
    assert added.isdisjoint({"history", "isotretinoin", "consent", "test_spot"})


def test_sessions_added_one_by_one_are_what_would_have_been_planned_together() -> None:
    made, starts = (
        playbook(REVIEW, INTERVAL, *course().playbook.steps),
        [START, days_after(50), days_after(100)],
    )
    one = _course(made, starts[0])
    for start in starts[1:]:
        one = session_added(one, start, now=OPENED)
    together = _course(made, *starts)

    def said(planned: Course) -> set[tuple[object, ...]]:
        # a session's own booking is when it was added
        return {
            (t.key, t.due, t.late, t.status)
            for t in planned.tasks
            if t.step != "booking" and t.status != "void"
        }

    assert said(one) == said(together)


def _course(made, *starts: datetime) -> Course:  # type: ignore[no-untyped-def]
    wanted = booking(*starts)
    case, tasks = plan_case(made, wanted, code="K7Q2", clinic="riverside")
    return Course(case=case, tasks=tasks, playbook=made, calendar=LONDON)


def test_an_added_sessions_own_booking_is_due_when_it_was_added_and_not_late() -> None:
    after = session_added(course(steps=(RECORD,)), days_after(42), now=NOW)

    task = get(after, "record", 2)
    assert (task.due, task.late) == (NOW, False)


def test_what_is_asked_of_the_last_session_moves_on_to_the_added_one() -> None:
    after = session_added(course(steps=(REVIEW,)), days_after(42), now=NOW)

    assert get(after, "review", 1).status is TaskStatus.VOID
    assert get(after, "review", 2).status is TaskStatus.OPEN


def test_a_course_item_is_asked_again_only_for_the_session_at_which_its_answer_is_too_old() -> None:
    before = course(START, steps=(course().playbook.step("history"),))
    done = changes.answered(before, get(before, "history"), answer(smoker="no", fever="no"), now=OPENED)

    soon = session_added(done, days_after(100), now=NOW)
    late = session_added(soon, days_after(200), now=NOW)

    assert not has(soon, "history", 2)
    assert wall(get(late, "history", 3).due) == "2027-08-30 10:00"
    assert get(late, "history", 1).status is TaskStatus.DONE


def test_a_course_item_asked_again_puts_off_the_session_that_it_is_asked_for_and_none_before() -> None:
    before = course(START, steps=(course().playbook.step("history"),))
    done = changes.answered(before, get(before, "history"), answer(smoker="no", fever="no"), now=OPENED)
    later = session_added(done, days_after(200), now=NOW)
    stopped = changes.answered(later, get(later, "history", 2), answer(smoker="yes"), now=NOW)

    after = changes.decided(stopped, get(stopped, "history", 2), decision(Choice.POSTPONE), now=NOW)

    assert put_off(after) == {2}


def test_a_patient_whose_third_session_is_our_first_has_a_fourth_added() -> None:
    before = course(session_no=3.0, last_session="no")

    after = session_added(before, days_after(42), now=NOW)

    assert (place(before, 1), place(after, 1), place(after, 2)) == ((3, "no"), (3, "no"), (4, "yes"))


def test_when_one_in_the_middle_is_cancelled_those_after_it_move_up() -> None:
    three = course(START, days_after(50), days_after(100), steps=(INTERVAL, REVIEW))

    without = changes.cancelled(three, 2, now=NOW)
    only = changes.cancelled(without, 1, now=NOW)
    first_two = changes.cancelled(three, 3, now=NOW)

    assert [place(without, n) for n in (1, 3)] == [(1, "no"), (2, "yes")]
    assert place(only, 3) == (1, "yes")
    assert get(only, "interval", 3).status is TaskStatus.VOID
    assert get(first_two, "review", 2).status is TaskStatus.OPEN


@pytest.mark.parametrize(
    ("start", "why"),
    [
        (OPENED, "passed already"),
        (START + timedelta(hours=3), "same day: session 1 of K7Q2"),
        (START - timedelta(days=10), "comes after the others"),
    ],
)
def test_a_session_for_which_there_is_no_room_is_refused_in_a_sentence(start: datetime, why: str) -> None:
    with pytest.raises(Refused, match=why):
        session_added(course(), start, now=NOW)


def test_a_cancelled_case_gets_no_further_session() -> None:
    gone = changes.cancelled(course(), None, now=NOW)

    with pytest.raises(Refused, match="open a new case"):
        session_added(gone, days_after(42), now=NOW)


def test_a_cancelled_sessions_day_is_free_again() -> None:
    gone = changes.cancelled(course(START, days_after(42)), 2, now=NOW)

    assert session_added(gone, days_after(42), now=NOW).case.sessions[-1].number == 3


# --- how far apart


def test_a_session_too_close_to_the_one_before_is_named_with_the_first_date_allowed() -> None:
    close = course(START, days_after(26), steps=(INTERVAL,))
    enough = course(START, days_after(42), steps=(INTERVAL,))

    assert spacing(close) == (
        "Session 2 is 26 days after session 1; the playbook wants 42: first allowed date 2027-04-01.",
    )
    assert spacing(enough) == ()


def test_the_real_date_counts_once_the_session_has_happened() -> None:
    two = course(START, days_after(42), steps=(INTERVAL,))
    began = replace(two.case.session(1), started=days_after(3))

    after = changes.marked(two, began, now=days_after(3))

    assert spacing(after)[0].startswith("Session 2 is 39 days after session 1; the playbook wants 42")


def test_the_interval_is_judged_on_what_the_case_knows_whatever_was_answered() -> None:
    two = course(START, days_after(26), steps=(INTERVAL,))
    given = answer(at=days_after(22), last_on=date(2026, 9, 1), settled="yes")

    answered = changes.answered(two, get(two, "interval", 2), given, now=days_after(22))
    moved = changes.moved(answered, 2, days_after(42), now=days_after(22))

    task = get(answered, "interval", 2)
    assert (task.status, answered.verdict(task).reasons) == (TaskStatus.BLOCKED, ("last_on: 18 Feb 2027",))
    assert answered.verdict(task).first_allowed == date(2027, 4, 1)
    assert get(moved, "interval", 2).status is TaskStatus.DONE


def test_a_session_that_really_began_later_stops_what_was_answered_before() -> None:
    two = course(START, days_after(42), steps=(INTERVAL,))
    answered = changes.answered(two, get(two, "interval", 2), answer(settled="yes"), now=OPENED)
    began = replace(two.case.session(1), started=days_after(3))

    after = changes.marked(answered, began, now=days_after(3))

    assert get(answered, "interval", 2).status is TaskStatus.DONE
    assert get(after, "interval", 2).status is TaskStatus.BLOCKED


def test_a_later_session_elsewhere_that_somebody_knows_of_counts() -> None:
    two = course(START, days_after(42), steps=(INTERVAL,))
    given = answer(last_on=date(2027, 3, 10), settled="yes")

    answered = changes.answered(two, get(two, "interval", 2), given, now=days_after(35))

    assert get(answered, "interval", 2).status is TaskStatus.BLOCKED


def test_the_usual_answer_is_the_date_that_the_case_knows() -> None:
    two = course(START, days_after(42), steps=(INTERVAL,))

    assert usual_values(two, get(two, "interval", 2)) == {"last_on": date(2027, 2, 18), "settled": "yes"}


def test_a_session_that_moved_before_an_earlier_one_is_named() -> None:
    two = course(START, days_after(42))

    after = changes.moved(two, 2, START - timedelta(days=7), now=NOW)

    assert spacing(after) == ("Session 2 is not after session 1 any more.",)


def test_a_go_ahead_by_the_physician_ends_the_warning() -> None:
    two = course(START, days_after(26), steps=(INTERVAL,))
    blocked = changes.answered(two, get(two, "interval", 2), answer(settled="yes"), now=days_after(19))
    decided = changes.decided(blocked, get(blocked, "interval", 2), decision(), now=days_after(19))

    assert len(spacing(blocked)) == 1
    assert spacing(decided) == ()


def test_a_session_that_is_over_is_no_longer_judged() -> None:
    two = course(START, days_after(26), steps=(INTERVAL,))
    began = replace(two.case.session(2), started=days_after(26))

    assert spacing(changes.marked(two, began, now=days_after(26))) == ()


def test_the_moment_counts_in_the_clinics_own_days() -> None:
    late = london("2027-03-31 23:30")
    two = course(START, late.astimezone(UTC), steps=(INTERVAL,))

    assert spacing(two)[0].startswith("Session 2 is 41 days after session 1")


@pytest.mark.parametrize(("days", "told"), [(42, 1), (8, 2)])
def test_who_was_treated_today_is_spoken_of_until_the_next_one_is_near(days: int, told: int) -> None:
    after = session_added(course(), days_after(days), now=NOW)
    since = START + timedelta(hours=4)

    assert spoken_of(after, NOW, timedelta(days=14)).number == 1
    assert spoken_of(after, since, timedelta(days=14)).number == told
    assert spoken_of(after, since + timedelta(days=15), timedelta(days=14)).number == 2


def test_a_cancelled_session_is_not_the_one_that_a_case_is_about() -> None:
    after = changes.cancelled(session_added(course(), days_after(42), now=NOW), 2, now=NOW)

    assert after.case.next_session(START + timedelta(days=1)).number == 1
