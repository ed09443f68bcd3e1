"""What stops non-ablative resurfacing and hair removal, answer by answer, at both sides of each limit."""

from datetime import date

import pytest

from bot.core.conditions import Value
from bot.core.kinds import FieldKind, Level
from bot.core.stops import decided_by_answer, facts_set, judge
from tests.playbooks.judging import START, answered, facts_after, judged, owner
from tests.playbooks.tables import shipped

Values = dict[str, Value]
DAY_AFTER = date(2027, 2, 19)
LAST_WEEKS = date(2027, 1, 22)  # 27 days before; one day earlier is 28
#: An answer that stops nothing, to change one thing in.
MILD: dict[str, Values] = {
    "naf.isotretinoin": {"isotretinoin": "past", "last_dose_date": LAST_WEEKS, "decision": "proceed"},
    "naf.pih_plan": {"lower_density": "no", "longer_interval": "no", "lightener": "none", "sun_plan": "yes"},
    "naf.test_spot": {"result": "normal", "photo": "yes"},
    "naf.smoking_stop": {"still_smoking": "no"},
    "naf.injectables": {"filler_or_botulinum": "yes", "last_filler_or_botulinum": date(2027, 2, 4)},
    "naf.hsv_prescribed": {"prescribed": "yes", "allergy_and_kidneys_considered": "yes"},
    "naf.hsv_started": {"first_dose_taken": "will_take_today"},
    "naf.interval": {"last_session_on": date(2027, 1, 21), "skin_settled": "yes"},
    "naf.sun_day": {"visible_tan": "no", "sunburn": "no", "last_unprotected_sun": date(2027, 1, 21)},
    "naf.call_1": {"redness": "yes", "swelling": "yes", "pain_trend": "same", "pustules": "no"},
    "naf.check_7": {"settled": "no", "acne_like_spots": "yes", "cold_sore": "no"},
    "lhr.hair_cause": {"hirsutism_sudden": "yes", "cause_looked_for": "yes"},
    "lhr.isotretinoin": {"isotretinoin": "past", "last_dose_date": LAST_WEEKS, "decision": "proceed"},
    "lhr.photosens": {"photosensitiser": "other", "decision": "test_first"},
    "lhr.tattoo_area": {"tattoo_in_area": "yes", "mapped": "yes", "avoided_and_covered": "yes"},
    "lhr.test_spot_light": {"result": "normal", "test_date": date(2027, 2, 16)},
    "lhr.test_spot_dark": {"result": "normal", "test_date": date(2027, 2, 4)},
    "lhr.hsv_prescribed": {"prescribed": "yes", "allergy_and_kidneys_considered": "yes"},
    "lhr.hsv_started": {"first_dose_taken": "yes"},
    "lhr.interval": {"last_session_on": date(2027, 2, 17)},
    "lhr.tan_day": {
        "visible_tan": "no",
        "sunburn": "no",
        "self_tanner_left": "no",
        "last_unprotected_sun": date(2027, 1, 21),
    },
    "lhr.wavelength": {"wavelength": "1064", "fluence_within_test_spot": "yes", "cooling_on": "yes"},
    "lhr.orbital": {"outside_orbital_rim": "yes"},
    "lhr.check_2": {"blister": "no", "eye_symptom": "no"},
    "lhr.check_14": {"hair_shedding": "no", "ingrown_hair": "yes", "dark_or_light_marks": "no"},
}
#: Each answer that stops: what it changes -> how hard, and the first date allowed where waiting helps.
CASES: list[tuple[str, Values, str, date | None]] = [
    ("naf.isotretinoin", {"decision": "wait_until"}, "md", None),
    ("naf.isotretinoin", {"isotretinoin": "current"}, "md", None),
    ("naf.isotretinoin", {"isotretinoin": "unknown"}, "md", None),
    ("naf.pih_plan", {"sun_plan": "no"}, "md", None),
    ("naf.test_spot", {"result": "PIH"}, "md", None),
    ("naf.test_spot", {"result": "blister"}, "md", None),
    ("naf.test_spot", {"result": "other"}, "md", None),
    ("naf.test_spot", {"result": "not_done"}, "md", None),
    ("naf.injectables", {"last_filler_or_botulinum": date(2027, 2, 5)}, "md", DAY_AFTER),
    ("naf.injectables", {"last_filler_or_botulinum": START}, "md", date(2027, 3, 4)),
    ("naf.injectables", {"last_filler_or_botulinum": None}, "md", None),
    ("naf.injectables", {"planned_until_the_day": "yes"}, "md", None),
    # "no" beside a date of last week is a slip of the pen
    (
        "naf.injectables",
        {"filler_or_botulinum": "no", "last_filler_or_botulinum": date(2027, 2, 5)},
        "md",
        DAY_AFTER,
    ),
    ("naf.hsv_prescribed", {"prescribed": "no"}, "md", None),
    ("naf.hsv_started", {"first_dose_taken": "no"}, "md", None),
    ("naf.interval", {"last_session_on": LAST_WEEKS}, "md", DAY_AFTER),
    ("naf.interval", {"last_session_on": None}, "md", None),
    ("naf.interval", {"skin_settled": "no"}, "md", None),
    ("naf.sun_day", {"sunburn": "yes", "visible_tan": "yes"}, "hard", None),
    ("naf.sun_day", {"visible_tan": "yes"}, "md", None),
    ("naf.sun_day", {"last_unprotected_sun": LAST_WEEKS}, "md", DAY_AFTER),
    ("naf.sun_day", {"last_unprotected_sun": None}, "md", None),
    ("naf.call_1", {"pustules": "yes"}, "md", None),
    ("naf.call_1", {"fever": "yes"}, "md", None),
    ("naf.call_1", {"vesicles": "yes"}, "md", None),
    ("naf.check_7", {"cold_sore": "yes"}, "md", None),
    ("naf.check_7", {"pustules": "yes"}, "md", None),
    ("naf.check_7", {"redness_still_marked": "yes"}, "md", None),
    ("lhr.hair_cause", {"cause_looked_for": "no"}, "md", None),
    ("lhr.hair_cause", {"cause_looked_for": "no", "hirsutism_sudden": "unknown"}, "md", None),
    ("lhr.isotretinoin", {"decision": "wait_until"}, "md", None),
    ("lhr.isotretinoin", {"isotretinoin": "current"}, "md", None),
    ("lhr.isotretinoin", {"isotretinoin": "unknown"}, "md", None),
    ("lhr.photosens", {"photosensitiser": "pdt_drug"}, "hard", None),
    ("lhr.photosens", {"photosensitiser": "amiodarone"}, "md", None),
    ("lhr.photosens", {"photosensitiser": "minocycline"}, "md", None),
    ("lhr.photosens", {"photosensitiser": "st_johns_wort"}, "md", None),
    ("lhr.photosens", {"photosensitiser": "unknown"}, "md", None),
    ("lhr.photosens", {"decision": "wait"}, "md", None),
    ("lhr.tattoo_area", {"avoided_and_covered": "no"}, "hard", None),
    ("lhr.tattoo_area", {"mapped": "no"}, "hard", None),
    ("lhr.tattoo_area", {"tattoo_in_area": "unknown", "mapped": "no"}, "hard", None),
    ("lhr.test_spot_light", {"result": "blister"}, "md", None),
    ("lhr.test_spot_light", {"result": "other"}, "md", None),
    ("lhr.test_spot_light", {"result": "not_done"}, "md", None),
    ("lhr.test_spot_light", {"test_date": date(2027, 2, 17)}, "md", DAY_AFTER),
    ("lhr.test_spot_light", {"test_date": None}, "md", None),
    ("lhr.test_spot_dark", {"result": "PIH"}, "md", None),
    ("lhr.test_spot_dark", {"result": "blister"}, "md", None),
    ("lhr.test_spot_dark", {"result": "not_done"}, "md", None),
    ("lhr.test_spot_dark", {"test_date": date(2027, 2, 5)}, "md", DAY_AFTER),
    ("lhr.test_spot_dark", {"test_date": None}, "md", None),
    ("lhr.hsv_prescribed", {"prescribed": "no"}, "md", None),
    ("lhr.hsv_started", {"first_dose_taken": "no"}, "md", None),
    ("lhr.tan_day", {"sunburn": "yes"}, "hard", None),
    ("lhr.tan_day", {"visible_tan": "yes"}, "hard", None),
    ("lhr.tan_day", {"self_tanner_left": "yes"}, "hard", None),
    ("lhr.tan_day", {"last_unprotected_sun": LAST_WEEKS}, "hard", DAY_AFTER),
    ("lhr.tan_day", {"last_unprotected_sun": None}, "hard", None),
    ("lhr.wavelength", {"wavelength": "other"}, "md", None),
    ("lhr.wavelength", {"fluence_within_test_spot": "no"}, "md", None),
    ("lhr.wavelength", {"test_spot_seen_again": "no"}, "md", None),
    ("lhr.wavelength", {"cooling_on": "no"}, "md", None),
    ("lhr.orbital", {"outside_orbital_rim": "no"}, "hard", None),
    ("lhr.check_2", {"blister": "yes"}, "md", None),
    ("lhr.check_2", {"crust": "yes"}, "md", None),
    ("lhr.check_2", {"burn_pattern": "yes"}, "md", None),
    ("lhr.check_2", {"severe_pain": "yes"}, "md", None),
    ("lhr.check_2", {"eye_symptom": "yes"}, "md", None),
    ("lhr.check_14", {"dark_or_light_marks": "yes"}, "md", None),
]
#: What sounds bad and yet stops nothing, by the tables.
NO_STOP: list[tuple[str, Values]] = [
    ("naf.isotretinoin", {"last_dose_date": date(2026, 8, 19)}),
    ("naf.isotretinoin", {"last_dose_date": date(2026, 8, 18)}),
    ("naf.isotretinoin", {"decision": "modify"}),
    ("naf.pih_plan", {"sun_plan": "no", "longer_interval": "yes"}),
    ("naf.pih_plan", {"sun_plan": "no", "lightener": "ordered"}),
    ("naf.injectables", {"filler_or_botulinum": "no", "last_filler_or_botulinum": None}),
    ("naf.hsv_prescribed", {"prescribed": "no", "reason_for_none": "allergic"}),
    ("naf.smoking_stop", {"still_smoking": "yes"}),
    ("naf.call_1", {"pain_trend": "rising"}),
    ("lhr.hair_cause", {"hirsutism_sudden": "no", "cause_looked_for": "no"}),
    ("lhr.isotretinoin", {"last_dose_date": date(2026, 8, 19)}),
    ("lhr.photosens", {"photosensitiser": "other", "decision": "proceed"}),
    ("lhr.photosens", {"photosensitiser": "none", "decision": "proceed"}),
    ("lhr.tattoo_area", {"tattoo_in_area": "no", "mapped": "no", "avoided_and_covered": "no"}),
    ("lhr.hsv_prescribed", {"prescribed": "no", "reason_for_none": "allergic"}),
    ("lhr.interval", {"last_session_on": START}),
    ("lhr.interval", {"last_session_on": None}),
]


@pytest.mark.parametrize(("step_id", "values", "level", "first_allowed"), CASES)
def test_an_answer_stops_as_hard_as_its_row_says_and_until_the_day_it_says(
    step_id: str, values: Values, level: str, first_allowed: date | None
) -> None:
    verdict = judged(step_id, {**MILD[step_id], **values})

    assert (verdict.level, verdict.first_allowed) == (level, first_allowed)


@pytest.mark.parametrize(("step_id", "values"), NO_STOP)
def test_what_only_sounds_bad_stops_nothing(step_id: str, values: Values) -> None:
    assert judged(step_id, {**MILD[step_id], **values}).level is Level.NONE


@pytest.mark.parametrize("step_id", MILD)
def test_the_mild_answer_that_each_case_changes_stops_nothing(step_id: str) -> None:
    assert judged(step_id, MILD[step_id]).level is Level.NONE


@pytest.mark.parametrize("name", ["naf", "lhr"])
def test_every_word_that_stops_on_its_own_is_in_the_table_above(name: str) -> None:
    listed = {(step_id, *answer) for step_id, values, *_ in CASES for answer in values.items()}

    found = {
        (step.id, field.name, word)
        for step in shipped()[name].steps
        if step.id in MILD
        for field in step.ask
        if field.kind is FieldKind.CHOICE
        for word in field.choices
        if judged(step.id, {**MILD[step.id], field.name: word}).stops
    }

    assert found <= listed


def test_every_step_that_can_stop_has_its_cases() -> None:
    can_stop = {
        step.id
        for name in ("naf", "lhr")
        for step in shipped()[name].steps
        if step.id.startswith(name) and step.stops.level is not Level.NONE
    }

    assert {step_id for step_id, *_ in CASES} == can_stop


@pytest.mark.parametrize(
    ("step_id", "date_field", "limit"),
    [
        ("naf.injectables", "last_filler_or_botulinum", 14),
        ("naf.interval", "last_session_on", 28),
        ("naf.sun_day", "last_unprotected_sun", 28),
        ("lhr.tan_day", "last_unprotected_sun", 28),
        ("lhr.test_spot_light", "test_date", 2),
        ("lhr.test_spot_dark", "test_date", 14),
    ],
)
def test_the_same_answer_judged_for_another_date_stops_until_its_day_and_not_on_it(
    step_id: str, date_field: str, limit: int
) -> None:
    values = {**MILD[step_id], date_field: date(2027, 1, 31)}
    first = date.fromordinal(date(2027, 1, 31).toordinal() + limit)

    before = judged(step_id, values, start=date.fromordinal(first.toordinal() - 1))
    on_it = judged(step_id, values, start=first)

    assert (before.stops, before.first_allowed, on_it.stops) == (True, first, False)


@pytest.mark.parametrize(
    ("step_id", "values", "go"),
    [
        ("naf.isotretinoin", {"isotretinoin": "current"}, ("proceed", "modify")),
        ("lhr.isotretinoin", {"isotretinoin": "unknown"}, ("proceed", "modify")),
        ("lhr.photosens", {"photosensitiser": "amiodarone"}, ("proceed", "test_first")),
        ("lhr.photosens", {"photosensitiser": "pdt_drug"}, ()),
    ],
)
def test_a_physician_decides_in_the_form_what_is_hers_to_decide(
    step_id: str, values: Values, go: tuple[str, ...]
) -> None:
    step = owner(step_id).step(step_id)
    free = []

    for choice in step.field("decision").choices:
        answer = answered(step, {**values, "decision": choice})
        facts = facts_after(step, answer, {})
        decision = decided_by_answer(step, answer, facts, START)
        free += [choice] if not judge(step, answer, facts, START, decision).stops else []

    assert tuple(free) == go


def test_a_decision_about_isotretinoin_stands_only_for_what_was_known() -> None:
    step = owner("naf.isotretinoin").step("naf.isotretinoin")
    answer = answered(step, MILD["naf.isotretinoin"])
    facts = facts_after(step, answer, {})
    decision = decided_by_answer(step, answer, facts, START)

    still_taking_it = judge(step, answer, {**facts, "isotretinoin": "current"}, START, decision)

    assert not judge(step, answer, facts, START, decision).stops
    assert still_taking_it.level is Level.MD


@pytest.mark.parametrize(
    ("step_id", "values", "facts"),
    [
        ("naf.isotretinoin", {"isotretinoin": "current"}, {"isotretinoin": "current"}),
        ("naf.isotretinoin", {"last_dose_date": START}, {"isotretinoin_last_dose": START}),
        ("naf.pih_plan", {"lightener": "ordered"}, {"prep_rx_issued": "yes"}),
        ("naf.pih_plan", {"lightener": "none"}, {}),
        ("naf.hsv_prescribed", {"prescribed": "yes"}, {"prep_rx_issued": "yes"}),
        ("naf.hsv_prescribed", {"prescribed": "no"}, {}),
        ("lhr.hsv_prescribed", {"prescribed": "yes"}, {"prep_rx_issued": "yes"}),
        ("lhr.hair_cause", {"hirsutism_sudden": "no"}, {"hirsutism_sudden": "no"}),
        ("lhr.photosens", {"photosensitiser": "none"}, {"photosensitiser": "none"}),
        ("lhr.tattoo_area", {"tattoo_in_area": "no"}, {"tattoo_in_area": "no"}),
        ("lhr.isotretinoin", {"last_dose_date": START}, {"isotretinoin_last_dose": START}),
    ],
)
def test_an_answer_becomes_a_fact(step_id: str, values: Values, facts: Values) -> None:
    assert facts_set(owner(step_id).step(step_id), values) == facts
