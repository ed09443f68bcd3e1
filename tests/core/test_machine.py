"""A case in any hands: whatever people do in whatever order, what must always be true stays true."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.core import changes
from bot.core.case import Choice, Outcome, Session, Task, TaskStatus
from bot.core.circumstances import Circumstances, circumstances
from bot.core.conditions import Value
from bot.core.course import Course
from bot.core.errors import Refused
from bot.core.facts import Fact
from bot.core.kinds import FieldKind, Level, Phase
from bot.core.people import Role
from bot.core.plan import due_of, planned_for
from bot.core.playbook import Field, Playbook, Step
from bot.core.postponing import is_over, waits_for_date
from bot.core.said import COMMAND, Said
from bot.core.sessions import session_added
from tests.core.made import OPENED, START, answer, course_of, decision, playbook
from tests.examples import some

DAYS = st.integers(-40, 400)
GAPS = st.integers(0, 60 * 24 * 20).map(lambda minutes: timedelta(minutes=minutes))
DATES = st.none() | st.dates(date(2026, 7, 1), date(2027, 3, 1))
PEOPLE = ("jo", "sam", "ali")
WAITING = (TaskStatus.OPEN, TaskStatus.BLOCKED)
ANSWERED = (TaskStatus.DONE, TaskStatus.BLOCKED)


def held_by(fact: Fact) -> st.SearchStrategy[Value]:
    """Any value that a fact can hold."""
    numbers = st.integers(10, 50)
    return st.sampled_from(fact.words) if fact.words else numbers if fact.name == "age" else DATES


def filled_in(field: Field) -> st.SearchStrategy[Value]:
    """Anything that a person can put into a field."""
    match field.kind:
        case FieldKind.CHOICE:
            return st.sampled_from(field.choices)
        case FieldKind.NUMBER:
            return st.sampled_from([60, 70, 300, 400, 500])
        case _:
            return DATES


class CaseInAnyHands(RuleBasedStateMachine):
    """Every change of `bot.core.changes`, in any order, at any time, on any task."""

    book: Playbook = playbook()
    begins_with = ("smoker", "isotretinoin", "anaesthesia")

    def __init__(self) -> None:
        super().__init__()
        self.now: datetime = OPENED
        self.course: Course = course_of(self.book)
        self.before: Course = self.course
        self.may_ask_anew: set[str] = set()
        self.may_set: set[str] = set()
        self.done = 0

    @initialize(later=st.sampled_from([(), (35,), (200,), (35, 70), (170, 230)]), facts=st.data())
    def booked(self, later: tuple[int, ...], facts: st.DataObject) -> None:
        known = self.book.facts
        found = {name: facts.draw(held_by(known[name]), name) for name in self.begins_with}
        starts = [START, *(START + timedelta(days=days) for days in later)]
        self.course = self.before = course_of(self.book, *starts, **found)

    def becomes(self, change: Callable[[Course], Course], *, anew: set[str], sets: set[str]) -> None:
        """Do something, a second after what was done before; a polite refusal changes nothing."""
        self.now += timedelta(seconds=1)
        self.done += 1
        self.before, self.may_ask_anew, self.may_set = self.course, anew, sets
        try:
            self.course = change(self.course)
        except Refused:
            self.course = self.before

    def any_task(self, number: int, *states: TaskStatus, that_stops: bool = False) -> Task | None:
        some = [task for task in self.course.tasks if not states or task.status in states]
        if that_stops:
            some = [task for task in some if self.step(task).stops.level is not Level.NONE]
        return some[number % len(some)] if some else None

    @rule(gap=GAPS)
    def time_passes(self, gap: timedelta) -> None:
        self.now += gap
        self.becomes(lambda course: course, anew=set(), sets=set())

    @rule(number=st.integers(0, 200))
    def a_word_goes_out(self, number: int) -> None:
        task = self.any_task(number, *WAITING)
        if task and task.next_prompt_at:
            said = replace(task, rung=task.rung + 1, next_prompt_at=self.now + timedelta(hours=2))
            self.becomes(lambda course: course.with_tasks([said]), anew=set(), sets=set())

    @rule(number=st.integers(0, 200), data=st.data(), outcome=st.sampled_from([Outcome.CONFIRMED, *Outcome]))
    def somebody_answers(self, number: int, data: st.DataObject, outcome: Outcome) -> None:
        states = data.draw(st.sampled_from([WAITING, WAITING, tuple(TaskStatus)]))
        if task := self.any_task(number, *states):
            self.answers(task, data, outcome)

    @rule(number=st.integers(0, 200), data=st.data())
    def somebody_answers_what_can_stop(self, number: int, data: st.DataObject) -> None:
        if task := self.any_task(number, *WAITING, that_stops=True):
            self.answers(task, data, Outcome.CONFIRMED)

    def answers(self, task: Task, data: st.DataObject, outcome: Outcome) -> None:
        step = self.step(task)
        values: dict[str, Value] = {
            field.name: data.draw(filled_in(field), field.name)
            for field in step.ask
            if field.kind is not FieldKind.RATIO and data.draw(st.booleans(), f"fills in {field.name}")
        }
        role = data.draw(st.sampled_from([step.role, Role.PHYSICIAN]))
        by = data.draw(st.sampled_from(PEOPLE))
        given = replace(answer(at=self.now, role=role, outcome=outcome), values=values, by=by)
        sets = {fact for field in step.ask if field.name in values for fact in field.sets}
        self.becomes(
            lambda course: changes.answered(course, task, given, now=self.now), anew=set(), sets=sets
        )

    @rule(number=st.integers(0, 200), choice=st.sampled_from(Choice))
    def the_physician_decides(self, number: int, choice: Choice) -> None:
        task = self.any_task(number, TaskStatus.BLOCKED)
        if task:
            word = decision(choice, at=self.now)
            self.becomes(
                lambda course: changes.decided(course, task, word, now=self.now), anew=set(), sets=set()
            )

    @rule(number=st.integers(0, 200))
    def an_answer_is_taken_back(self, number: int) -> None:
        task = self.any_task(number, *ANSWERED) or self.any_task(number)
        assert task is not None
        sets = {fact for field in self.step(task).ask for fact in field.sets}
        self.becomes(lambda course: changes.undone(course, task, now=self.now), anew={task.key}, sets=sets)

    @rule(number=st.integers(0, 100), data=st.data(), by=st.sampled_from(PEOPLE))
    def a_fact_changes(self, number: int, data: st.DataObject, by: str) -> None:
        settable = sorted(set(self.book.facts) - {"session_no", "last_session", "playbook"})
        name = settable[number % len(settable)]
        value = data.draw(held_by(self.book.facts[name]))
        word = Said(value=None, by=by, at=self.now, where=COMMAND, settles=by == "ali")
        self.becomes(
            lambda course: changes.fact_set(course, {name: value}, now=self.now, word=word),
            anew=set(),
            sets={name},
        )

    @precondition(lambda self: len(self.course.case.sessions) < 4)
    @rule(days=st.integers(1, 200))
    def a_session_is_added(self, days: int) -> None:
        start = max(each.start for each in self.course.case.sessions) + timedelta(days=days)
        self.becomes(
            lambda course: session_added(course, max(start, self.now), now=self.now),
            anew=set(),
            sets={"last_session"},
        )

    @rule(number=st.sampled_from([1, 1, 2]), days=DAYS)
    def a_session_moves(self, number: int, days: int) -> None:
        start = START + timedelta(days=days)
        anew = {task.key for task in self.course.tasks if task.session == number}
        self.becomes(lambda course: changes.moved(course, number, start, now=self.now), anew=anew, sets=set())

    @precondition(lambda self: self.done > 8)
    @rule(number=st.sampled_from([1, 2, 2, 2, None]))
    def it_is_cancelled(self, number: int | None) -> None:
        self.becomes(lambda course: changes.cancelled(course, number, now=self.now), anew=set(), sets=set())

    @rule(number=st.sampled_from([1, 1, 2]), urgency=st.sampled_from(["routine", "urgent"]))
    def something_goes_wrong(self, number: int, urgency: str) -> None:
        self.becomes(
            lambda course: changes.event(course, number, urgency, now=self.now),
            anew=set(),
            sets={"event_urgency"},
        )

    @rule(number=st.sampled_from([1, 1, 2]), late=st.integers(-20, 90))
    def it_really_ends(self, number: int, late: int) -> None:
        def finish(course: Course) -> Course:
            session = course.case.session(number)
            finished = session.start + timedelta(minutes=session.minutes + late)
            began = finished - timedelta(minutes=session.minutes)
            return changes.marked(course, replace(session, started=began, finished=finished), now=self.now)

        self.becomes(finish, anew=set(), sets=set())

    @precondition(lambda self: len(self.course.case.sessions) > 1)
    @rule()
    def answers_grow_old(self) -> None:
        self.becomes(lambda course: changes.renewed(course, now=self.now), anew=set(), sets=set())

    # ------------------------------------------------------------------- what is always true

    def step(self, task: Task) -> Step:
        return self.course.step(task)

    def asked_of(self, task: Task) -> bool:
        """Whether its session still asks it: not cancelled, or asked since, or needed for another session."""
        session = self.course.case.session(task.session)
        step = self.step(task)
        if session.cancelled is None or step.phase is Phase.CANCEL:
            return True
        if step.scope.value == "course":
            return self.course.case.cancelled is None
        return task.anchored is not None and task.anchored > session.cancelled

    def applies_still(self, task: Task) -> bool:
        """Whether its condition holds; an older event keeps its items whatever the newest one is about."""
        session = self.course.case.session(task.session)
        old_event = task.anchored is not None
        return old_event or self.circumstances(session).asks(self.step(task))

    def circumstances(self, session: Session) -> Circumstances:
        """What the playbook reads of a session, worked out anew."""
        course = self.course
        return circumstances(course.case, session, course.calendar, course.playbook.arrives)

    @invariant()
    def what_was_worked_out_once_is_what_would_be_worked_out_now(self) -> None:
        for session in self.course.case.sessions:
            assert self.course.circumstances(session) == self.circumstances(session)
        assert self.course.by_key == {task.key: task for task in self.course.tasks}

    @invariant()
    def no_two_tasks_have_one_key(self) -> None:
        assert max(Counter(task.key for task in self.course.tasks).values()) == 1

    @invariant()
    def no_task_disappears(self) -> None:
        assert {task.key for task in self.before.tasks} <= {task.key for task in self.course.tasks}

    @invariant()
    def an_answer_that_stood_is_lost_only_by_undo_or_by_age(self) -> None:
        for old in self.before.tasks:
            new = self.course.task(old.step, old.session, old.occurrence)
            assert new is not None
            if old.status is TaskStatus.DONE and new.answer != old.answer:
                assert new.answer is None and old.key in self.may_ask_anew, old.key
            if old.status is TaskStatus.DONE and new.status not in ANSWERED:
                assert old.key in self.may_ask_anew, old.key

    @invariant()
    def what_is_answered_has_its_answer_and_what_is_open_has_none(self) -> None:
        for task in self.course.tasks:
            if task.status in ANSWERED:
                assert task.answer is not None, task.key
            if task.status is TaskStatus.OPEN:
                assert (task.answer, task.decision) == (None, None), task.key

    @invariant()
    def somebody_is_asked_exactly_where_somebody_is_waited_for(self) -> None:
        for task in self.course.tasks:
            postponed = task.decision is not None and task.decision.choice is Choice.POSTPONE
            silent = waits_for_date(self.course, task)
            open_now = task.status is TaskStatus.OPEN and not silent
            waits = open_now or (task.status is TaskStatus.BLOCKED and not postponed)
            if task.status is TaskStatus.BLOCKED and is_over(self.course, task):
                # a stop that was put to the physician before the end is not put again, a later one is
                continue
            assert (task.next_prompt_at is not None) is waits, task.key

    @invariant()
    def a_blocked_task_stops_and_a_done_one_that_applies_does_not(self) -> None:
        for task in self.course.tasks:
            if task.status in ANSWERED and self.asked_of(task):
                stops = self.course.verdict(task).stops
                assert (stops and self.applies_still(task)) is (task.status is TaskStatus.BLOCKED), task.key

    @invariant()
    def a_cancelled_session_waits_for_nothing(self) -> None:
        assert [
            task.key for task in self.course.tasks if task.status in WAITING and not self.asked_of(task)
        ] == []

    @invariant()
    def facts_change_only_by_being_set(self) -> None:
        old, new = self.before.case.facts, self.course.case.facts
        changed = {name for name in {*old, *new} if old.get(name) != new.get(name)}
        assert changed <= self.may_set

    @invariant()
    def the_list_is_what_the_conditions_say(self) -> None:
        case = self.course.case
        for session in case.sessions:
            found = self.circumstances(session)
            for step in self.course.playbook.steps:
                task = self.course.task(step.id, session.number)
                if not planned_for(step, case, session) or session.cancelled:
                    continue
                if found.asks(step):
                    assert task is not None and task.status is not TaskStatus.VOID, (step.id, session.number)
                else:
                    assert task is None or task.status in (TaskStatus.VOID, TaskStatus.DONE), task.key

    @invariant()
    def every_open_task_is_due_when_the_rules_say_now(self) -> None:
        for task in self.course.tasks:
            # whoever was not reached is tried again at a time of its own
            if task.status is TaskStatus.OPEN and not task.tried:
                found = self.circumstances(self.course.case.session(task.session))
                ruled = due_of(self.step(task), found, floor=task.floor, anchored=task.anchored)
                assert (task.due, task.late, task.on_call) == ruled, task.key
                assert task.due >= task.floor and not (task.late and task.on_call)

    @invariant()
    def a_new_state_or_a_new_date_of_what_was_asked_is_a_new_round(self) -> None:
        for old in self.before.tasks:
            new: Any = self.course.task(old.step, old.session, old.occurrence)
            assert new.asking >= old.asking
            asked_before = old.rung > 0 and old.status is TaskStatus.OPEN
            if new.status is not old.status or (asked_before and new.due != old.due):
                assert new.asking > old.asking and new.rung == 0, old.key

    @invariant()
    def a_disputed_fact_is_asked_of_the_physician_once_at_a_time(self) -> None:
        case = self.course.case
        waiting = Counter(self.step(t).settles for t in self.course.tasks if t.status in WAITING)
        for fact in case.disputed:
            asks = [t for t in self.course.tasks if t.status is TaskStatus.OPEN and self.settles(t, fact)]
            assert waiting[fact] <= 1
            assert case.cancelled or asks or waiting[fact], fact
        assert set(waiting) - {""} <= set(case.disputed)

    def settles(self, task: Task, fact: str) -> bool:
        step, said = self.step(task), {each.value for each in self.course.case.disputed[fact]}
        sayable = any(
            field.sets.get(fact) == {} and (not field.choices or said <= {*field.choices})
            for field in step.ask
        )
        return step.role is Role.PHYSICIAN and sayable


TestCaseInAnyHands = CaseInAnyHands.TestCase
TestCaseInAnyHands.settings = settings(max_examples=some(70), stateful_step_count=30)
