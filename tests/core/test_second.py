"""The second check as a rule: whatever people answer, decide and take back, nobody checks themselves."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core import changes
from bot.core.case import Answer, Outcome, Task, TaskStatus
from bot.core.course import Course
from bot.core.kinds import Gate, Level
from bot.core.people import Role
from bot.core.playbook import Stops
from bot.core.readiness import readiness
from bot.core.second import awaits_second, gave_first, mismatch, without_first
from tests.core import made
from tests.examples import some

PEOPLE = {"jo": Role.NURSE, "sam": Role.NURSE, "ali": Role.PHYSICIAN}
STEP = replace(
    made.SUN,
    double=True,
    ask=(made.word("sunburn", "no", "yes"), made.word("tan", "light", "dark")),
    stops=Stops(level=Level.HARD, hard=made.is_("sunburn", "yes")),
)

ANSWERED = st.tuples(
    st.just("answer"),
    st.sampled_from(sorted(PEOPLE)),
    st.sampled_from(["no", "yes"]),
    st.sampled_from(["light", "dark"]),
)
ACTS = st.one_of(ANSWERED, st.tuples(st.just("undo")), st.tuples(st.just("anew")))


def task_of(course: Course) -> Task:
    return made.get(course, STEP.id)


def after(course: Course, act: tuple[str, ...], minute: int) -> Course:
    """What an act makes of the case, as the service lets people act."""
    task, now = task_of(course), made.START - timedelta(minutes=30 - minute)
    if act[0] == "undo":
        if awaits_second(task):
            return course.with_tasks([without_first(task, now)])
        return changes.undone(course, task, now=now) if task.answer else course
    if act[0] == "anew":
        differ = task.status is TaskStatus.BLOCKED and mismatch(STEP, task)
        return course.with_tasks([without_first(task, now)]) if differ else course
    _, who, sunburn, tan = act
    if task.status in (TaskStatus.DONE, TaskStatus.VOID) or gave_first(task, who):
        return course
    answer = Answer(
        by=who,
        role=PEOPLE[who],
        at=now,
        outcome=Outcome.CONFIRMED,
        values={"sunburn": sunburn, "tan": tan},
    )
    return changes.answered(course, task, answer, now=now)


@given(acts=st.lists(ACTS, max_size=12))
@settings(max_examples=some(600))
def test_nothing_is_done_by_one_person_alone_unless_a_physician_lifted_a_stop(
    acts: list[tuple[str, ...]],
) -> None:
    course = made.course(steps=(STEP,))
    was_blocked = False

    for minute, act in enumerate(acts):
        course = after(course, act, minute)
        task = task_of(course)
        was_blocked = was_blocked or task.status is TaskStatus.BLOCKED
        if task.status is TaskStatus.DONE:
            assert task.answer is not None
            two = task.first is not None and task.first.by != task.answer.by
            alone = was_blocked and task.answer.role is Role.PHYSICIAN
            assert two or alone
            assert mismatch(STEP, task) is None and not course.verdict(task).stops
        if task.status is TaskStatus.OPEN:
            assert task.answer is None
        if task.status is TaskStatus.BLOCKED:
            assert course.verdict(task).level is Level.HARD
        blockers = readiness(Gate.START, course, course.case.sessions[0]).blockers
        assert (task.status is TaskStatus.DONE) == (task.key not in {each.task.key for each in blockers})


@given(acts=st.lists(ANSWERED, min_size=1, max_size=1))
@settings(max_examples=some(50))
def test_the_first_answer_sets_nothing_and_stops_only_what_stops(acts: list[tuple[str, ...]]) -> None:
    before = made.course(steps=(STEP,))

    course = after(before, acts[0], 0)

    task = task_of(course)
    assert (task.status is TaskStatus.BLOCKED) == (acts[0][2] == "yes")
    if task.status is TaskStatus.OPEN:
        assert course.case == before.case and task.first is not None


def test_two_answers_that_differ_change_no_fact() -> None:
    step = replace(STEP, ask=(*STEP.ask, made.word("smokes", "no", "yes", sets="smoker")))
    before = made.course(steps=(step,), smoker="no")
    course = before

    for who, smokes in (("jo", "no"), ("sam", "yes")):
        values = {"sunburn": "no", "tan": "light", "smokes": smokes}
        answer = replace(made.answer(at=made.START, **values), by=who)
        course = changes.answered(course, task_of(course), answer, now=made.START)

    assert task_of(course).status is TaskStatus.BLOCKED
    assert (course.case.facts, course.case.said) == (before.case.facts, before.case.said)
