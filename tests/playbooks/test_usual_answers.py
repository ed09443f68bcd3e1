"""Answered as usual, a step stops only where the patient's facts do, and no fact changes."""

from datetime import UTC, date, datetime
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from bot.core.case import Answer, Booking, Outcome, Task
from bot.core.conditions import Value
from bot.core.course import Course
from bot.core.facts import DERIVED
from bot.core.kinds import Level
from bot.core.plan import open_case
from bot.core.playbook import Playbook, Step
from bot.core.stops import Verdict, facts_set, judge
from bot.core.times import Calendar
from bot.core.usual import usual_values
from tests.examples import some_of
from tests.playbooks.tables import shipped

CALENDAR = Calendar(zone=ZoneInfo("America/Chicago"))
OPENED = datetime(2027, 1, 12, 20, 0, tzinfo=UTC)
START = datetime(2027, 2, 18, 15, 30, tzinfo=UTC)


def course_with(playbook: Playbook, facts: dict[str, Value]) -> Course:
    booking = Booking(playbook=playbook.id, calendar=CALENDAR, opened=OPENED, starts=(START,), facts=facts)
    case = open_case(playbook, booking, code="K7Q2", clinic="riverside")
    return Course(case=case, tasks=(), playbook=playbook, calendar=CALENDAR)


def asked(course: Course) -> list[Step]:
    session = course.case.sessions[0]
    return [step for step in course.playbook.steps if course.applies(step, session)]


def usual_answer(course: Course, step: Step) -> Answer:
    task = Task(case="K7Q2", step=step.id, session=1, due=OPENED, floor=OPENED)
    values = usual_values(course, task)
    return Answer(by="sam", role=step.role, at=START, outcome=Outcome.CONFIRMED, values=values)


def patients(playbook: Playbook) -> list[dict[str, Value]]:
    """Every single finding, alone and with what makes it worse."""
    found: list[dict[str, Value]] = [{}, {"age": 16.0}]
    for fact in playbook.facts.values():
        allowed = playbook.narrowed.get(fact.name, fact.words)
        found += [{fact.name: word} for word in allowed[1:] if fact.name not in DERIVED]
    worse = {"mode": "full_field", "anaesthesia": "injected", "sedation": "iv"}
    return [*found, *({**worse, **one} for one in found)]


@cache
def answered(name: str, *, whole: bool = False) -> list[tuple[Course, Step, Answer]]:
    """Every step that some patients are asked, or the `whole` clinic is, with its usual answer."""
    found = patients(shipped()[name])
    courses = [course_with(shipped()[name], facts) for facts in (found if whole else some_of(found))]
    return [(course, step, usual_answer(course, step)) for course in courses for step in asked(course)]


def verdict(course: Course, step: Step, answer: Answer) -> Verdict:
    return judge(step, answer, course.facts(course.case.sessions[0]), CALENDAR.day(START))


def stopped(name: str, level: Level) -> dict[str, list[Course]]:
    """Step -> the patients whom its usual answer stops at this level."""
    found: dict[str, list[Course]] = {}
    for course, step, answer in answered(name, whole=True):
        if verdict(course, step, answer).level is level:
            found.setdefault(step.id, []).append(course)
    return found


@pytest.mark.parametrize("name", sorted(shipped()))
def test_a_patient_with_nothing_found_is_stopped_by_nothing(name: str) -> None:
    course = course_with(shipped()[name], {})

    stops = [step.id for step in asked(course) if verdict(course, step, usual_answer(course, step)).stops]

    assert stops == []


@pytest.mark.parametrize("name", sorted(shipped()))
def test_the_usual_answer_changes_no_fact_of_any_patient(name: str) -> None:
    changed = [
        (step.id, facts_set(step, answer.values))
        for course, step, answer in answered(name)
        if not facts_set(step, answer.values).items() <= course.case.facts.items()
    ]

    assert changed == []


@pytest.mark.parametrize("name", sorted(shipped()))
def test_the_usual_answer_is_one_that_the_form_offers(name: str) -> None:
    strange = {
        (step.id, word)
        for _, step, answer in answered(name)
        for field in step.ask
        if field.choices and (given := answer.values.get(field.name)) is not None
        for word in (given if isinstance(given, tuple) else (given,))
        if word not in field.choices
    }

    # Nobody is asked how urgent it is before somebody reported something.
    assert strange == {("e.triage", "none")}


def test_the_only_facts_that_stop_an_ablative_patient_for_good_are_isotretinoin_and_full_field() -> None:
    found = stopped("abl", Level.HARD)

    assert found.keys() == {"abl.isotretinoin"}
    assert {course.case.facts["mode"] for course in found["abl.isotretinoin"]} == {"full_field"}
    assert {course.case.facts["isotretinoin"] for course in found["abl.isotretinoin"]} == {
        "past",
        "current",
        "unknown",
    }


def test_no_fact_stops_a_non_ablative_patient_for_good_and_only_one_drug_a_patient_for_hair_removal() -> None:
    found = stopped("lhr", Level.HARD)

    assert stopped("naf", Level.HARD) == {}
    assert found.keys() == {"lhr.photosens"}
    assert {course.case.facts["photosensitiser"] for course in found["lhr.photosens"]} == {"pdt_drug"}


@pytest.mark.parametrize(
    ("name", "decided"),
    [
        ("abl", {"abl.isotretinoin"}),
        ("naf", {"naf.isotretinoin"}),
        ("lhr", {"lhr.isotretinoin", "lhr.photosens"}),
    ],
)
def test_facts_that_need_the_physician_come_out_in_the_history_the_allergies_and_with_certain_drugs(
    name: str, decided: set[str]
) -> None:
    assert stopped(name, Level.MD).keys() == {"g.medical_history", "g.allergies"} | decided


def test_the_same_answer_judged_for_a_date_six_months_later_no_longer_stops() -> None:
    facts: dict[str, Value] = {"mode": "full_field", "isotretinoin": "past"}
    course = course_with(shipped()["abl"], {**facts, "isotretinoin_last_dose": date(2027, 1, 12)})
    step = course.playbook.step("abl.isotretinoin")
    answer = usual_answer(course, step)

    before = judge(step, answer, course.case.facts, date(2027, 7, 11))
    after = judge(step, answer, course.case.facts, date(2027, 7, 12))

    assert (before.level, after.level) == (Level.HARD, Level.NONE)
    assert before.first_allowed == date(2027, 7, 12)
