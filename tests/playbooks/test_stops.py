"""What each answer means for the procedure: the stop rules of the tables, at their edges."""

from datetime import date

import pytest

from bot.core.conditions import Value, leaves
from bot.core.kinds import FieldKind, Level
from bot.core.stops import Verdict, decided_by_answer, facts_set, judge
from tests.playbooks.judging import START, answered, facts_after, judged
from tests.playbooks.tables import shipped

PLAYBOOK = shipped()["abl"]
#: An answer that stops nothing, to change one thing in.
MILD: dict[str, dict[str, Value]] = {
    "g.skin_exam": {"exam_done": "yes"},
    "g.consent_info": {"discussed": "yes", "consent_info_date": date(2027, 1, 12)},
    "g.lidocaine_allergy": {"allergy": "confirmed", "alternative_chosen": "ester"},
    "g.minor": {
        "guardian_consent": "yes",
        "patients_own_wish": "yes",
        "legal_in_this_jurisdiction": "yes",
        "seven_day_wait_kept": "yes",
    },
    "g.koebner": {"activity": "stable", "in_area": "yes", "decision": "proceed"},
    "g.injected_anaesthetic": {
        "lidocaine": "yes",
        "adrenaline": "without",
        "total_mg": 270.0,
        "weight_kg": 60.0,
    },
    "g.same_day_check": {"temperature": 37.9},
    "g.ocular_shields": {"shield_right": "metal", "shield_left": "metal"},
    "g.emergency_kit": {"oxygen": "yes"},
    "abl.isotretinoin": {
        "isotretinoin": "past",
        "last_dose_date": date(2026, 8, 18),
        "decision": "proceed",
    },
    "abl.sun_day": {"visible_tan": "no", "sunburn": "no", "last_unprotected_sun": date(2027, 1, 21)},
    "abl.injectables": {
        "filler_or_botulinum": "yes",
        "last_filler_or_botulinum": date(2027, 2, 4),
        "flap_surgery": "yes",
        "last_flap_surgery": date(2026, 8, 18),
    },
    "abl.hsv_prescribed": {"prescribed": "yes"},
    "abl.test_spot": {"result": "normal"},
    "abl.pih_plan": {"risk_explained": "yes", "lower_density": "yes"},
}
#: What the answer says -> how hard it stops, with the facts that matter.
CASES = [
    ("g.skin_exam", {"exam_done": "no"}, {}, "hard"),
    ("g.consent_info", {"consent_info_date": date(2027, 2, 12)}, {}, "md"),
    ("g.consent_info", {"consent_info_date": date(2027, 2, 11)}, {}, "no"),
    ("g.consent_info", {"consent_info_date": date(2027, 2, 17)}, {"playbook": "vas"}, "no"),
    ("g.consent_info", {"consent_info_date": date(2027, 2, 18)}, {"playbook": "vas"}, "md"),
    ("g.consent_info", {"consent_info_date": date(2027, 2, 17)}, {"playbook": "vas", "age": 17.0}, "md"),
    ("g.consent_info", {"consent_info_date": date(2027, 2, 17)}, {"playbook": "vas", "age": 18.0}, "no"),
    ("g.consent_info", {"consent_info_date": None}, {}, "md"),
    ("g.lidocaine_allergy", {"alternative_chosen": "none"}, {}, "hard"),
    ("g.lidocaine_allergy", {"alternative_chosen": "none", "allergy": "not_confirmed"}, {}, "no"),
    ("g.minor", {"guardian_consent": "no"}, {}, "hard"),
    ("g.minor", {"seven_day_wait_kept": "no"}, {}, "hard"),
    ("g.koebner", {"activity": "active", "in_area": "no"}, {}, "no"),
    ("g.koebner", {"activity": "active"}, {}, "md"),
    ("g.injected_anaesthetic", {"total_mg": 271.0}, {}, "hard"),
    ("g.injected_anaesthetic", {"total_mg": 420.0, "adrenaline": "with"}, {}, "no"),
    ("g.injected_anaesthetic", {"total_mg": 421.0, "adrenaline": "with"}, {}, "hard"),
    ("g.injected_anaesthetic", {"total_mg": 421.0, "lidocaine": "no"}, {}, "no"),
    ("g.same_day_check", {"temperature": 38.0}, {}, "hard"),
    ("g.same_day_check", {"open_wound": "yes"}, {}, "hard"),
    ("g.same_day_check", {"unwell": "yes"}, {}, "md"),
    ("g.ocular_shields", {"shield_left": "plastic"}, {}, "hard"),
    ("g.ocular_shields", {"shield_left": "plastic"}, {"playbook": "vas"}, "no"),
    ("g.ocular_shields", {"shield_left": "none"}, {"playbook": "vas"}, "hard"),
    ("g.emergency_kit", {"oxygen": "no"}, {"anaesthesia": "injected"}, "md"),
    ("g.emergency_kit", {"oxygen": "no"}, {"sedation": "oral"}, "hard"),
    ("abl.isotretinoin", {"last_dose_date": date(2026, 8, 19)}, {}, "md"),
    ("abl.isotretinoin", {"last_dose_date": date(2026, 8, 19)}, {"mode": "full_field"}, "hard"),
    ("abl.isotretinoin", {}, {"mode": "full_field"}, "no"),
    ("abl.isotretinoin", {"last_dose_date": None}, {"mode": "full_field"}, "hard"),
    ("abl.isotretinoin", {"isotretinoin": "current"}, {"mode": "full_field"}, "hard"),
    ("abl.isotretinoin", {"decision": "wait_until"}, {"mode": "full_field"}, "md"),
    ("abl.sun_day", {"sunburn": "yes", "visible_tan": "yes"}, {}, "hard"),
    ("abl.sun_day", {"visible_tan": "yes"}, {}, "md"),
    ("abl.sun_day", {"last_unprotected_sun": date(2027, 1, 22)}, {}, "md"),
    ("abl.injectables", {"last_filler_or_botulinum": date(2027, 2, 5)}, {}, "md"),
    ("abl.injectables", {"last_filler_or_botulinum": None}, {}, "md"),
    ("abl.injectables", {"last_filler_or_botulinum": None, "filler_or_botulinum": "no"}, {}, "no"),
    ("abl.injectables", {"last_flap_surgery": date(2026, 8, 19)}, {}, "md"),
    # "no" beside a date that is too recent is a slip of the pen
    ("abl.injectables", {"last_flap_surgery": date(2026, 8, 19), "flap_surgery": "no"}, {}, "md"),
    ("abl.injectables", {"last_flap_surgery": date(2026, 8, 18), "flap_surgery": "no"}, {}, "no"),
    (
        "abl.injectables",
        {"last_filler_or_botulinum": date(2027, 2, 5), "filler_or_botulinum": "no"},
        {},
        "md",
    ),
    ("abl.hsv_prescribed", {"prescribed": "no"}, {}, "md"),
    ("abl.hsv_prescribed", {"prescribed": "no", "reason_for_none": "allergic"}, {}, "no"),
    ("abl.test_spot", {"result": "PIH"}, {}, "md"),
    ("abl.test_spot", {"result": "not_done"}, {}, "md"),
    ("abl.pih_plan", {"lightener": "none", "lower_density": "no", "strict_sun_plan": "no"}, {}, "md"),
]


def mildly(step_id: str, values: dict[str, Value], found: dict[str, Value]) -> Verdict:
    return judged(step_id, {**MILD.get(step_id, {}), **values}, found)


@pytest.mark.parametrize(("step_id", "values", "found", "level"), CASES)
def test_an_answer_stops_as_hard_as_the_table_says(
    step_id: str, values: dict[str, Value], found: dict[str, Value], level: str
) -> None:
    assert mildly(step_id, values, found).level == level


@pytest.mark.parametrize("step_id", MILD)
def test_the_mild_answer_that_each_case_changes_stops_nothing(step_id: str) -> None:
    assert mildly(step_id, {}, {}).level is Level.NONE


def test_every_word_that_should_stop_does_so_on_its_own() -> None:
    """A no where only yes is safe, a yes where only no is: each field of these steps counts by itself."""
    every_no = ["g.device_check", "g.laser_area", "g.eyewear", "g.fire"]
    every_no += ["g.aftercare", "g.emergency_kit", "g.sedation"]
    every_yes = ["g.change_check", "abl.check_3", "abl.check_5"]

    silent = [
        f"{name} {field.name}"
        for names, word in ((every_no, "no"), (every_yes, "yes"))
        for name in names
        for field in PLAYBOOK.step(name).ask
        if field.kind is FieldKind.CHOICE
        and word in field.choices
        and not mildly(name, {field.name: word}, {}).stops
    ]

    assert silent == []


def test_any_yes_or_unknown_in_the_history_goes_to_the_physician_but_not_that_she_could_be_pregnant() -> None:
    history = PLAYBOOK.step("g.medical_history")

    silent = {
        field.name
        for field in history.ask
        for word in field.choices[1:]
        if not mildly(history.id, {field.name: word}, {}).stops
    }

    assert silent == {"childbearing"}


def test_the_time_out_stops_on_every_line_that_is_not_settled() -> None:
    timeout = PLAYBOOK.step("g.timeout")

    for field in timeout.ask:
        assert mildly(timeout.id, {field.name: field.choices[-1]}, {}).level is Level.HARD, field.name


def test_a_physician_who_chooses_to_proceed_has_decided_and_one_who_waits_has_not() -> None:
    step = PLAYBOOK.step("abl.isotretinoin")
    recent: dict[str, Value] = {"isotretinoin": "past", "last_dose_date": date(2027, 1, 1)}
    levels = {}

    for choice in ("proceed", "modify", "wait_until"):
        answer = answered(step, {**recent, "decision": choice})
        facts = facts_after(step, answer, {"mode": "fractional"})
        decision = decided_by_answer(step, answer, facts, START)
        levels[choice] = judge(step, answer, facts, START, decision).level

    assert levels == {"proceed": Level.NONE, "modify": Level.NONE, "wait_until": Level.MD}


def test_no_decision_in_a_form_lifts_a_hard_stop() -> None:
    step = PLAYBOOK.step("abl.isotretinoin")
    answer = answered(step, {"isotretinoin": "current", "decision": "proceed"})
    facts = facts_after(step, answer, {"mode": "full_field"})

    decision = decided_by_answer(step, answer, facts, START)

    assert judge(step, answer, facts, START, decision).level is Level.HARD


@pytest.mark.parametrize(
    ("step_id", "values", "fact", "value"),
    [
        ("g.medicines", {"immunosuppressant": "yes"}, "immune", "immunosuppressed"),
        ("g.prior_procedures", {"gold_exposure": "yes"}, "gold_ever", "yes"),
        ("abl.antimicrobial_plan", {"antibiotic": "oral"}, "prep_rx_issued", "yes"),
        ("abl.hsv_prescribed", {"prescribed": "yes"}, "prep_rx_issued", "yes"),
        ("abl.isotretinoin", {"last_dose_date": START}, "isotretinoin_last_dose", START),
        ("e.triage", {"urgency": "urgent"}, "event_urgency", "urgent"),
    ],
)
def test_an_answer_becomes_a_fact(step_id: str, values: dict[str, Value], fact: str, value: Value) -> None:
    assert facts_set(PLAYBOOK.step(step_id), values) == {fact: value}


@pytest.mark.parametrize(
    ("step_id", "values"),
    [
        ("g.medicines", {"immunosuppressant": "no"}),
        ("g.prior_procedures", {"gold_exposure": "no"}),
        ("abl.antimicrobial_plan", {"antibiotic": "none", "antifungal": "none"}),
        ("abl.hsv_prescribed", {"prescribed": "no"}),
    ],
)
def test_a_no_takes_back_nothing_that_another_answer_found(step_id: str, values: dict[str, Value]) -> None:
    assert facts_set(PLAYBOOK.step(step_id), values) == {}


@pytest.mark.parametrize("name", sorted(shipped()))
def test_no_stop_hangs_on_what_is_only_written_in_the_chart(name: str) -> None:
    for step in shipped()[name].steps:
        chart = {field.name for field in step.ask if field.chart or field.identity}
        stops = [stop for stop in (step.stops.hard, step.stops.md) if stop is not None]

        assert not chart & {leaf.name for stop in stops for leaf in leaves(stop)}, step.id
