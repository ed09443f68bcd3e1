"""What each answer means for a peel and for needling: the stop rules of the tables, at their edges."""

from datetime import date

import pytest

from bot.core.conditions import Value
from bot.core.kinds import Level
from tests.playbooks.judging import judged, owner
from tests.playbooks.tables import shipped

Values = dict[str, Value]

#: An answer that stops nothing, to change one thing in.
MILD: dict[str, Values] = {
    "pel.agent": {"depth": "medium", "phenol": "no", "area_face": "yes"},
    "pel.isotretinoin": {
        "isotretinoin": "past",
        "last_dose_date": date(2026, 2, 18),
        "decision": "proceed",
    },
    "pel.photosens": {"photosensitiser": "none", "decision": "proceed"},
    "pel.surgery": {
        "facial_surgery_6m": "yes",
        "surgery_date": date(2026, 8, 18),
        "area_overlaps": "yes",
        "decision": "proceed",
    },
    "pel.pih_plan": {"risk_explained": "yes", "lightener": "ordered", "weaker_agent": "yes"},
    "pel.test_spot": {"result": "normal", "photo": "yes"},
    "pel.smoking_stop": {"still_smoking": "no", "stopped_on": date(2027, 2, 4)},
    "pel.hsv_prescribed": {"prescribed": "yes", "allergy_and_kidneys_considered": "yes"},
    "pel.hsv_started": {"first_dose_taken": "yes"},
    "pel.sun_day": {"visible_tan": "no", "sunburn": "no", "last_unprotected_sun": date(2027, 1, 21)},
    "pel.agent_check": {},
    "pel.eye_safety": {},
    "pel.call_1": {"pain_trend": "same", "swelling": "as_expected"},
    "pel.visit_3": {"care_done_right": "yes"},
    "pel.heal_10": {"fully_closed": "yes", "redness_even": "yes"},
    "pel.visit_28": {"dark_marks": "none", "light_marks": "none", "milia": "no"},
    "mnd.implant": {"implant": "none", "metal_in_field": "no", "decision": "proceed"},
    "mnd.age_label": {"decision": "proceed"},
    "mnd.metal_allergy": {"metal_allergy": "yes", "needle_free_of_it": "yes", "decision": "proceed"},
    "mnd.rf_risks": {},
    "mnd.isotretinoin": {
        "isotretinoin": "past",
        "last_dose_date": date(2026, 8, 18),
        "deep_needling": "no",
        "decision": "proceed",
    },
    "mnd.pih_plan": {"risk_explained": "yes", "lower_depth_or_energy": "yes", "sun_plan": "yes"},
    "mnd.test_spot": {"result": "normal", "photo": "yes"},
    "mnd.injectables": {"filler_or_botulinum": "yes", "last_filler_or_botulinum": date(2027, 2, 4)},
    "mnd.hsv_prescribed": {"prescribed": "yes", "allergy_and_kidneys_considered": "yes"},
    "mnd.hsv_started": {"first_dose_taken": "yes"},
    "mnd.sun_day": {"visible_tan": "no", "sunburn": "no", "last_unprotected_sun": date(2027, 1, 21)},
    "mnd.single_use": {"device_authorised": "yes", "cartridge": "new_and_sealed", "in_date": "yes"},
    "mnd.topicals": {"product": "none"},
    "mnd.call_1": {"pain_trend": "same"},
    "mnd.check_7": {"redness_gone": "yes"},
    "mnd.review_90": {"contour_dent": "no", "numbness_or_weakness": "no", "scar": "no"},
}

NEEDLE: Values = {"device_class": "needle"}
#: Step, what differs from the mild answer, the facts that matter -> how hard it stops.
CASES: list[tuple[str, Values, Values, str]] = [
    ("pel.agent", {"depth": "superficial"}, {}, "no"),
    ("pel.agent", {"depth": "deep"}, {}, "hard"),
    ("pel.agent", {"phenol": "yes"}, {}, "hard"),
    ("pel.isotretinoin", {"isotretinoin": "current"}, {}, "hard"),
    ("pel.isotretinoin", {"last_dose_date": None}, {}, "hard"),
    ("pel.isotretinoin", {"isotretinoin": "unknown", "last_dose_date": None}, {}, "hard"),
    ("pel.isotretinoin", {"isotretinoin": "unknown"}, {}, "no"),
    ("pel.isotretinoin", {"decision": "wait_until"}, {}, "md"),
    ("pel.photosens", {"photosensitiser": "amiodarone"}, {}, "md"),
    ("pel.photosens", {"photosensitiser": "unknown"}, {}, "md"),
    ("pel.photosens", {"decision": "wait"}, {}, "md"),
    ("pel.surgery", {"surgery_date": None}, {}, "md"),
    ("pel.surgery", {"surgery_date": None, "facial_surgery_6m": "unknown"}, {}, "md"),
    ("pel.surgery", {"surgery_date": None, "facial_surgery_6m": "no"}, {}, "no"),
    ("pel.surgery", {"decision": "wait"}, {}, "md"),
    ("pel.pih_plan", {"risk_explained": "no"}, {}, "md"),
    ("pel.pih_plan", {"lightener": "none"}, {}, "no"),
    ("pel.pih_plan", {"weaker_agent": "no"}, {}, "no"),
    ("pel.pih_plan", {"lightener": "none", "weaker_agent": "no"}, {}, "md"),
    ("pel.test_spot", {"result": "PIH"}, {}, "md"),
    ("pel.test_spot", {"result": "blister"}, {}, "md"),
    ("pel.test_spot", {"result": "other"}, {}, "md"),
    ("pel.test_spot", {"result": "not_done"}, {}, "md"),
    ("pel.smoking_stop", {"still_smoking": "yes"}, {}, "md"),
    ("pel.smoking_stop", {"stopped_on": None}, {"smoker": "unknown"}, "no"),
    ("pel.hsv_prescribed", {"prescribed": "no"}, {}, "md"),
    ("pel.hsv_prescribed", {"prescribed": "no", "reason_for_none": "allergic"}, {}, "no"),
    ("pel.hsv_started", {"first_dose_taken": "will_take_today"}, {}, "no"),
    ("pel.hsv_started", {"first_dose_taken": "no"}, {}, "md"),
    ("pel.sun_day", {"sunburn": "yes", "visible_tan": "yes"}, {}, "hard"),
    ("pel.sun_day", {"visible_tan": "yes"}, {}, "md"),
    ("pel.sun_day", {"last_unprotected_sun": None}, {}, "md"),
    ("pel.call_1", {"pain_trend": "rising"}, {}, "md"),
    ("pel.call_1", {"swelling": "more"}, {}, "md"),
    ("pel.call_1", {"soaks_and_ointment_done": "no"}, {}, "no"),
    ("pel.visit_3", {"care_done_right": "no"}, {}, "no"),
    ("pel.heal_10", {"fully_closed": "no"}, {}, "md"),
    ("pel.heal_10", {"redness_even": "no"}, {}, "no"),
    ("pel.visit_28", {"thick_or_itchy_red_patch": "yes"}, {}, "md"),
    ("pel.visit_28", {"dark_marks": "marked", "light_marks": "marked", "milia": "yes"}, {}, "no"),
    ("mnd.implant", {"implant": "pacemaker_icd"}, {}, "hard"),
    ("mnd.implant", {"implant": "neurostimulator"}, {}, "hard"),
    ("mnd.implant", {"implant": "metal_in_area"}, {}, "md"),
    ("mnd.implant", {"implant": "unknown"}, {}, "md"),
    ("mnd.implant", {"metal_in_field": "yes"}, {}, "md"),
    ("mnd.implant", {"metal_in_field": "unknown"}, {}, "md"),
    ("mnd.implant", {"decision": "decline"}, {}, "md"),
    ("mnd.age_label", {}, {"age": 22.0}, "no"),
    ("mnd.age_label", {}, {"age": 21.0}, "md"),
    ("mnd.age_label", {"decision": "decline"}, {}, "md"),
    ("mnd.metal_allergy", {"needle_free_of_it": "no"}, {}, "md"),
    ("mnd.metal_allergy", {"needle_free_of_it": "no", "metal_allergy": "unknown"}, {}, "md"),
    ("mnd.metal_allergy", {"needle_free_of_it": "no", "metal_allergy": "no"}, {}, "no"),
    ("mnd.metal_allergy", {"decision": "decline"}, {}, "md"),
    ("mnd.isotretinoin", {"isotretinoin": "current"}, {}, "md"),
    ("mnd.isotretinoin", {"isotretinoin": "current"}, NEEDLE, "md"),
    ("mnd.isotretinoin", {"isotretinoin": "unknown"}, NEEDLE, "md"),
    ("mnd.isotretinoin", {"last_dose_date": None}, {}, "md"),
    ("mnd.isotretinoin", {"last_dose_date": None}, NEEDLE, "no"),
    ("mnd.isotretinoin", {"last_dose_date": None, "deep_needling": "yes"}, NEEDLE, "md"),
    ("mnd.isotretinoin", {"decision": "wait_until"}, NEEDLE, "md"),
    ("mnd.pih_plan", {"risk_explained": "no"}, {}, "md"),
    ("mnd.pih_plan", {"lower_depth_or_energy": "no"}, {}, "no"),
    ("mnd.pih_plan", {"sun_plan": "no"}, {}, "no"),
    ("mnd.pih_plan", {"lower_depth_or_energy": "no", "sun_plan": "no"}, {}, "md"),
    ("mnd.test_spot", {"result": "blister"}, {}, "md"),
    ("mnd.test_spot", {"result": "not_done"}, {}, "md"),
    ("mnd.injectables", {"last_filler_or_botulinum": None}, {}, "md"),
    ("mnd.injectables", {"last_filler_or_botulinum": None}, NEEDLE, "no"),
    ("mnd.injectables", {"last_filler_or_botulinum": None, "filler_or_botulinum": "no"}, {}, "no"),
    (
        "mnd.injectables",
        {"last_filler_or_botulinum": date(2027, 2, 5), "filler_or_botulinum": "no"},
        {},
        "md",
    ),
    (
        "mnd.injectables",
        {"last_filler_or_botulinum": date(2027, 2, 5), "filler_or_botulinum": "no"},
        NEEDLE,
        "no",
    ),
    ("mnd.hsv_prescribed", {"prescribed": "no"}, {}, "md"),
    ("mnd.hsv_prescribed", {"prescribed": "no", "reason_for_none": "allergic"}, {}, "no"),
    ("mnd.hsv_started", {"first_dose_taken": "will_take_today"}, {}, "no"),
    ("mnd.hsv_started", {"first_dose_taken": "no"}, {}, "md"),
    ("mnd.sun_day", {"sunburn": "yes"}, {}, "hard"),
    ("mnd.sun_day", {"visible_tan": "yes"}, {}, "md"),
    ("mnd.single_use", {"device_authorised": "no"}, {}, "hard"),
    ("mnd.single_use", {"cartridge": "unsealed"}, {}, "hard"),
    ("mnd.single_use", {"cartridge": "used_before"}, NEEDLE, "hard"),
    ("mnd.single_use", {"in_date": "no"}, {}, "hard"),
    ("mnd.topicals", {"product": "approved_for_intradermal"}, {}, "no"),
    ("mnd.topicals", {"product": "cosmetic_or_home_product"}, {}, "hard"),
    ("mnd.call_1", {"pain_trend": "rising"}, {}, "md"),
    ("mnd.check_7", {"redness_gone": "no"}, {}, "md"),
    ("mnd.check_7", {"track_marks": "yes", "dark_marks": "marked"}, {}, "no"),
]
#: Step, the date asked for, that date, the day of the procedure -> how hard it stops, and until when.
DATES = [
    ("pel.isotretinoin", "last_dose_date", "2026-08-18", "2027-02-17", "hard", "2027-02-18"),
    ("pel.isotretinoin", "last_dose_date", "2026-08-18", "2027-02-18", "md", "2027-08-18"),
    ("pel.isotretinoin", "last_dose_date", "2026-08-31", "2027-02-27", "hard", "2027-02-28"),
    ("pel.isotretinoin", "last_dose_date", "2026-08-31", "2027-02-28", "md", "2027-08-31"),
    ("pel.isotretinoin", "last_dose_date", "2026-02-18", "2027-02-17", "md", "2027-02-18"),
    ("pel.isotretinoin", "last_dose_date", "2026-02-18", "2027-02-18", "no", None),
    ("pel.isotretinoin", "last_dose_date", "2028-02-29", "2029-02-27", "md", "2029-02-28"),
    ("pel.isotretinoin", "last_dose_date", "2028-02-29", "2029-02-28", "no", None),
    ("pel.surgery", "surgery_date", "2026-08-31", "2027-02-27", "md", "2027-02-28"),
    ("pel.surgery", "surgery_date", "2026-08-31", "2027-02-28", "no", None),
    ("pel.sun_day", "last_unprotected_sun", "2027-01-22", "2027-02-18", "md", "2027-02-19"),
    ("pel.sun_day", "last_unprotected_sun", "2027-01-21", "2027-02-18", "no", None),
    ("mnd.isotretinoin", "last_dose_date", "2026-08-31", "2027-02-27", "md", "2027-02-28"),
    ("mnd.isotretinoin", "last_dose_date", "2026-08-31", "2027-02-28", "no", None),
    ("mnd.injectables", "last_filler_or_botulinum", "2027-02-05", "2027-02-18", "md", "2027-02-19"),
    ("mnd.injectables", "last_filler_or_botulinum", "2027-02-04", "2027-02-18", "no", None),
    ("mnd.sun_day", "last_unprotected_sun", "2027-01-22", "2027-02-18", "md", "2027-02-19"),
    ("mnd.sun_day", "last_unprotected_sun", "2027-01-21", "2027-02-18", "no", None),
]
OWN = [step for name in ("pel", "mnd") for step in shipped()[name].steps if step.id.startswith(f"{name}.")]


@pytest.mark.parametrize(("step_id", "values", "found", "level"), CASES)
def test_an_answer_stops_as_hard_as_the_table_says(
    step_id: str, values: Values, found: Values, level: str
) -> None:
    assert judged(step_id, {**MILD[step_id], **values}, found).level == level


@pytest.mark.parametrize(("step_id", "field", "day", "start", "level", "allowed"), DATES)
def test_a_wait_ends_on_the_very_day_and_the_card_can_say_which(
    step_id: str, field: str, day: str, start: str, level: str, allowed: str | None
) -> None:
    values = {**MILD[step_id], field: date.fromisoformat(day)}

    verdict = judged(step_id, values, start=date.fromisoformat(start))

    assert verdict.level == level
    assert verdict.first_allowed == (date.fromisoformat(allowed) if allowed else None)


def test_every_step_that_can_stop_has_a_mild_answer_that_does_not() -> None:
    assert {step.id for step in OWN if step.stops.level is not Level.NONE} == MILD.keys()

    assert [step_id for step_id in MILD if judged(step_id, MILD[step_id]).stops] == []


@pytest.mark.parametrize(
    ("step_id", "word", "level", "silent"),
    [
        ("pel.agent_check", "no", "hard", []),
        ("pel.eye_safety", "no", "hard", []),
        ("pel.call_1", "yes", "md", ["soaks_and_ointment_done"]),
        ("pel.visit_3", "yes", "md", ["care_done_right"]),
        ("mnd.rf_risks", "no", "md", []),
        ("mnd.call_1", "yes", "md", []),
        ("mnd.review_90", "yes", "md", ["photos"]),
    ],
)
def test_each_field_of_these_steps_stops_on_its_own(
    step_id: str, word: str, level: str, silent: list[str]
) -> None:
    asked = [field.name for field in owner(step_id).step(step_id).ask if word in field.choices]

    levels = {name: judged(step_id, {**MILD[step_id], name: word}).level for name in asked}

    assert asked
    assert levels == {name: "no" if name in silent else level for name in asked}


def test_no_step_without_a_stop_in_the_tables_can_stop() -> None:
    quiet = {step.id for step in OWN if step.stops.level is Level.NONE}

    assert quiet == {
        "pel.priming",
        "pel.sun_advice",
        "pel.prep_stop",
        "pel.home_kit",
        "pel.hsv_finished",
        "pel.smoking_after",
        "pel.after",
        "pel.review_90",
        "mnd.sun_advice",
        "mnd.retinoid_stop",
        "mnd.review_28",
    }
