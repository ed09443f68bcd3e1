"""Red flags for one patient on one day, and the urgency that what was found speaks for."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.case import Answer, Booking, Outcome, Task
from bot.core.conditions import Value
from bot.core.course import Course
from bot.core.forms import form_part
from bot.core.messages import FormPart
from bot.core.people import Role
from bot.core.plan import plan_case
from bot.core.red_flags import Urgency
from bot.core.watch import MOST_ASKED, second_thought, signs, watched
from tests.core.made import LONDON
from tests.playbooks.tables import shipped

START = datetime(2027, 2, 18, 9, 30, tzinfo=UTC)  # a Thursday
END = START + timedelta(minutes=60)


def course_of(playbook: str = "abl", **facts: Value) -> Course:
    booking = Booking(
        playbook=playbook,
        calendar=LONDON,
        opened=datetime(2027, 1, 12, 15, tzinfo=UTC),
        starts=(START,),
        facts=facts,
    )
    case, tasks = plan_case(shipped()[playbook], booking, code="K7Q2", clinic="riverside")
    return Course(case=case, tasks=tasks, playbook=shipped()[playbook], calendar=LONDON)


def reported(moment: datetime) -> Task:
    return Task(
        case="K7Q2",
        step="e.triage",
        session=1,
        due=moment + timedelta(minutes=30),
        floor=moment,
        anchored=moment,
    )


def found(course: Course, moment: datetime) -> list[str]:
    return [flag.id for flag in watched(course, reported(moment), moment)]


def asked(step: str, course: Course, now: datetime | None = None) -> FormPart:
    task = course.task(step, 1)
    assert task is not None
    return form_part(course, task, now=now or task.due)


def test_a_report_shows_the_red_flags_of_its_day_the_most_urgent_first() -> None:
    third_day = START + timedelta(days=3)

    assert found(course_of(), third_day) == [
        *("toxic_shock", "herpes", "bacterial_infection", "lid_pull", "candida", "contact_dermatitis"),
        *("acne_flare", "redness_and_swelling"),
    ]


@pytest.mark.parametrize(
    ("flag", "first", "last"), [("bacterial_infection", 2, 14), ("candida", 3, 21), ("lid_pull", 2, 42)]
)
def test_a_window_begins_and_ends_on_its_days(flag: str, first: int, last: int) -> None:
    days = [first - 1, first, last, last + 1]

    held = [flag in found(course_of(), START + timedelta(days=day)) for day in days]

    assert held == [False, True, True, False]


def test_a_window_is_that_of_the_playbook() -> None:
    first_day = START + timedelta(days=1)

    held = {name: "bacterial_infection" in found(course_of(name), first_day) for name in ("abl", "naf")}

    assert held == {"abl": False, "naf": True}


def test_a_day_is_the_clinics_and_not_24_hours() -> None:
    just_after_midnight = datetime(2027, 2, 21, 0, 5, tzinfo=UTC)

    assert "candida" in found(course_of(), just_after_midnight)


@pytest.mark.parametrize(
    ("moment", "held"),
    [
        (START - timedelta(minutes=80), True),
        (END + timedelta(minutes=60), True),
        (END + timedelta(minutes=61), False),
        (END + timedelta(days=1, minutes=-60), False),
        (START - timedelta(days=1), False),
    ],
    ids=["while the cream works", "an hour after", "later", "the next day", "the day before"],
)
def test_an_hour_counts_from_the_end_of_the_procedure(moment: datetime, held: bool) -> None:
    assert ("anaesthetic_poisoning" in found(course_of(anaesthesia="topical"), moment)) is held


def test_a_red_flag_of_what_the_patient_did_not_have_is_not_shown() -> None:
    needles, rf = course_of("mnd", device_class="needle"), course_of("mnd", device_class="rf")

    assert "anaesthetic_poisoning" not in found(course_of(anaesthesia="none"), END)
    assert "fat_loss" in found(rf, START + timedelta(days=30))
    assert "fat_loss" not in found(needles, START + timedelta(days=30))


def test_a_check_asks_for_a_handful() -> None:
    part = asked("abl.check_3", course_of())

    assert part.watching == "Ask today (day 3)"
    assert [flag.title for flag in part.watch][:2] == ["Toxic shock (rare)", "Herpes simplex"]
    assert len(part.watch) == MOST_ASKED
    assert part.watch[0].signs == "high fever, widespread rash, faint, vomiting"


def test_what_makes_a_red_flag_worse_is_said_beside_it() -> None:
    infection = next(flag for flag in asked("abl.check_3", course_of()).watch if "infection" in flag.title)

    assert infection.act == "Physician within 1 hour, seen today"
    assert infection.then == "Emergency now if fever and feeling unwell, or redness spreading fast."


def test_a_check_that_a_weekend_moved_asks_for_its_own_day_too() -> None:
    course = course_of()
    task = course.task("abl.heal_10", 1)
    assert task is not None and (LONDON.day(task.due) - LONDON.day(START)).days == 11

    held = {flag.id for flag in watched(course, task, task.due)}

    assert held >= {"herpes", "early_scar"}


def test_a_step_due_by_the_minute_asks_for_the_day_it_is() -> None:
    course = course_of()
    steps = tuple(replace(s, red_flags=True) if s.id == "g.eyewear" else s for s in course.playbook.steps)
    course = replace(course, playbook=replace(course.playbook, steps=steps))

    assert asked("g.eyewear", course).watching == "Ask today (day 0)"


def test_a_check_answered_late_asks_for_the_day_it_is() -> None:
    course, now = course_of(), START + timedelta(days=16)
    task = course.task("abl.check_3", 1)
    assert task is not None

    held = {flag.id for flag in watched(course, task, now)}

    assert held >= {"bacterial_infection", "early_scar"}
    assert asked("abl.check_3", course, now).watching == "Ask today (day 16)"


def test_a_step_that_shows_no_red_flags_is_as_it_was() -> None:
    part = asked("g.change_check", course_of())

    assert (part.watching, part.watch) == ("", ())


def report(course: Course) -> FormPart:
    return form_part(course, reported(START + timedelta(days=3)), now=START)


def test_a_report_offers_the_signs_of_its_playbook_the_most_urgent_first_and_others_last() -> None:
    field = next(field for field in report(course_of()).fields if field.name == "symptoms")
    offered = [value for value, _ in field.options]

    urgencies = [field.speaks[value][0].rank for value in offered[:-1]]

    assert urgencies == sorted(urgencies)
    assert offered[-1] == "other"
    assert "rising_pain" in offered
    assert "new_hair_in_or_near_the_area" not in offered


def test_signs_of_other_days_are_folded_but_an_emergency_never_is() -> None:
    field = next(field for field in report(course_of()).fields if field.name == "symptoms")

    assert "marked_brown_patches" in field.rare
    assert {"seizure", "rising_pain", "other"}.isdisjoint(field.rare)


def test_the_urgency_is_proposed_where_it_is_asked_and_never_chosen() -> None:
    part = report(course_of())

    assert [field.name for field in part.fields if field.proposed] == ["urgency"]
    assert [field.value for field in part.fields] == [None] * len(part.fields)


def test_a_sign_that_two_red_flags_share_is_as_urgent_as_the_one_of_today() -> None:
    course = course_of("vas", device_class="laser")

    first_day, tenth_day = (
        signs(course, reported(START + timedelta(days=day)), START)["crust"] for day in (1, 10)
    )

    assert (first_day, tenth_day) == (Urgency.URGENT, Urgency.SOON)


def answered(*symptoms: str, urgency: str) -> Task:
    answer = Answer(
        by="jo",
        role=Role.NURSE,
        at=START,
        outcome=Outcome.CONFIRMED,
        values={"urgency": urgency, "symptoms": symptoms},
    )
    return replace(reported(START + timedelta(days=3)), answer=answer)


@pytest.mark.parametrize(
    ("symptoms", "urgency", "doubt"),
    [
        (("rising_pain",), "routine", "The signs speak for urgent"),
        (
            ("rising_pain", "high_fever"),
            "urgent",
            "The signs speak for emergency (emergency now); you chose urgent.",
        ),
        (("pimples", "fever_and_feeling_unwell"), "urgent", "The signs speak for emergency"),
        (("rising_pain",), "urgent", ""),
        (("rising_pain",), "emergency", ""),
        (("strong_itch", "other"), "routine", ""),
        (("other",), "routine", ""),
    ],
)
def test_who_chooses_less_than_the_signs_speak_for_is_told(
    symptoms: tuple[str, ...], urgency: str, doubt: str
) -> None:
    said = second_thought(course_of(), answered(*symptoms, urgency=urgency), START)

    assert said.startswith(doubt) and bool(said) is bool(doubt)
