"""What each answer means for light on vessels and for lasers on pigment: their stop rules, at their edges."""

from datetime import date

import pytest

from bot.core.case import Answer
from bot.core.conditions import Value
from bot.core.kinds import FieldKind, Level
from bot.core.playbook import Step
from bot.core.stops import Verdict, decided_by_answer, facts_set, judge
from tests.playbooks.judging import START, answered, facts_after, judged, owner
from tests.playbooks.tables import shipped
from tests.playbooks.test_usual_answers import stopped

Values = dict[str, Value]

WEEKS_AGO = {"two": date(2027, 2, 4), "four": date(2027, 1, 21), "six": date(2027, 1, 7)}
LONG_AGO = date(2026, 6, 1)

ISOTRETINOIN: Values = {"isotretinoin": "past", "last_dose_date": LONG_AGO, "decision": "proceed"}
PHOTOSENS: Values = {"photosensitiser": "other", "reason": "a lotion", "decision": "proceed"}
PRESCRIBED: Values = {"prescribed": "yes", "allergy_and_kidneys_considered": "yes"}
TAN_DAY: Values = {
    "visible_tan": "no",
    "sunburn": "no",
    "last_unprotected_sun": WEEKS_AGO["four"],
    "self_tanner_left": "no",
}
#: An answer to change one thing in. It stops nothing.
BEFORE: dict[str, Values] = {
    "vas.isotretinoin": ISOTRETINOIN,
    "vas.photosens": PHOTOSENS,
    "vas.photodermatosis": {"photodermatosis": "no", "decision": "proceed"},
    "vas.dark_skin": {"device_class": "laser", "alternative_offered": "yes", "decision": "proceed"},
    "vas.sun_advice": {"no_tanning_told": "yes"},
    "vas.test_spot_light": {"result": "normal", "test_date": date(2027, 2, 16), "photo": "yes"},
    "vas.test_spot_dark": {"result": "normal", "test_date": WEEKS_AGO["two"], "photo": "yes"},
    "vas.hsv_prescribed": PRESCRIBED,
    "vas.hsv_started": {"first_dose_taken": "yes"},
    "vas.tan_day": TAN_DAY,
    "vas.orbital": {"outside_orbital_rim": "yes"},
    "vas.interval": {"last_session_on": WEEKS_AGO["four"]},
    "vas.call_1": {},
    "vas.check_14": {"bruise_gone": "yes", "crust": "no", "dark_or_light_marks": "none"},
    "vas.review_42": {"next_session": "no"},
    "pig.target": {"target": "lesion", "layered": "no", "earlier_removal": "no"},
    "pig.lesion_dx": {"method": "dermoscopy", "benign": "yes"},
    "pig.cosmetic_ink": {
        "darkening_ink": "no",
        "darkening_risk_explained": "yes",
        "test_spot_ordered": "yes",
        "decision": "proceed",
    },
    "pig.ink_allergy": {"ink_allergy": "no", "decision": "proceed"},
    "pig.gold": {"gold_ever": "no", "decision": "proceed"},
    "pig.isotretinoin": ISOTRETINOIN,
    "pig.photosens": PHOTOSENS,
    "pig.test_spot": {"result": "normal", "photo": "yes"},
    "pig.hsv_prescribed": PRESCRIBED,
    "pig.hsv_started": {"first_dose_taken": "yes"},
    "pig.tan_day": TAN_DAY,
    "pig.interval": {"last_session_on": WEEKS_AGO["six"], "healed": "yes"},
    "pig.check_2": {},
    "pig.check_14": {"healed": "yes", "crust": "no", "itch_in_ink": "no", "lumps_in_ink": "no"},
    "pig.review_42": {"light_patches": "no"},
}
#: What the answer says -> how hard it stops, and the first date allowed if dates alone decide that.
CASES: list[tuple[str, Values, Values, str, date | None]] = [
    *(
        case
        for name in ("vas", "pig")
        for case in [
            (f"{name}.isotretinoin", {"isotretinoin": "past"}, {}, "no", None),
            (f"{name}.isotretinoin", {"isotretinoin": "past", "last_dose_date": START}, {}, "no", None),
            (f"{name}.isotretinoin", {"isotretinoin": "current"}, {}, "md", None),
            (f"{name}.isotretinoin", {"isotretinoin": "unknown", "last_dose_date": None}, {}, "md", None),
            (f"{name}.isotretinoin", {"decision": "wait_until"}, {}, "md", None),
            (f"{name}.photosens", {"photosensitiser": "pdt_drug"}, {}, "hard", None),
            (f"{name}.photosens", {"photosensitiser": "amiodarone"}, {}, "md", None),
            (f"{name}.photosens", {"photosensitiser": "minocycline"}, {}, "md", None),
            (f"{name}.photosens", {"photosensitiser": "st_johns_wort"}, {}, "md", None),
            (f"{name}.photosens", {"photosensitiser": "unknown"}, {}, "md", None),
            (f"{name}.photosens", {"photosensitiser": "other"}, {}, "no", None),
            (f"{name}.photosens", {"decision": "test_first"}, {}, "no", None),
            (f"{name}.photosens", {"decision": "wait"}, {}, "md", None),
            (f"{name}.hsv_prescribed", {"prescribed": "no"}, {}, "md", None),
            (f"{name}.hsv_prescribed", {"prescribed": "no", "reason_for_none": "allergic"}, {}, "no", None),
            (f"{name}.hsv_started", {"first_dose_taken": "no"}, {}, "md", None),
            (f"{name}.hsv_started", {"first_dose_taken": "will_take_today"}, {}, "no", None),
            (f"{name}.tan_day", {"visible_tan": "yes"}, {}, "hard", None),
            (f"{name}.tan_day", {"sunburn": "yes"}, {}, "hard", None),
            (f"{name}.tan_day", {"self_tanner_left": "yes"}, {}, "hard", None),
            # 27 days ago
            (
                f"{name}.tan_day",
                {"last_unprotected_sun": date(2027, 1, 22)},
                {},
                "hard",
                date(2027, 2, 19),
            ),
            (f"{name}.tan_day", {"last_unprotected_sun": None}, {}, "hard", None),
        ]
    ),
    ("vas.photodermatosis", {"photodermatosis": "yes"}, {}, "md", None),
    ("vas.photodermatosis", {"photodermatosis": "unknown"}, {}, "md", None),
    ("vas.photodermatosis", {"photodermatosis": "yes"}, {"device_class": "ipl"}, "md", None),
    ("vas.photodermatosis", {"decision": "postpone"}, {}, "md", None),
    ("vas.dark_skin", {"device_class": "ipl"}, {"fitzpatrick": "V"}, "hard", None),
    ("vas.dark_skin", {"device_class": "ipl"}, {"fitzpatrick": "VI"}, "hard", None),
    ("vas.dark_skin", {"device_class": "ipl"}, {"fitzpatrick": "unknown"}, "md", None),
    ("vas.dark_skin", {"device_class": "ipl"}, {"fitzpatrick": "IV"}, "no", None),
    ("vas.dark_skin", {"device_class": "laser"}, {"fitzpatrick": "V"}, "md", None),
    ("vas.dark_skin", {"device_class": "laser"}, {"fitzpatrick": "VI"}, "md", None),
    ("vas.dark_skin", {"device_class": "laser"}, {"fitzpatrick": "unknown"}, "md", None),
    ("vas.sun_advice", {"no_tanning_told": "no"}, {}, "no", None),
    # yesterday; the day before yesterday is the answer before
    ("vas.test_spot_light", {"test_date": date(2027, 2, 17)}, {}, "md", date(2027, 2, 19)),
    ("vas.test_spot_light", {"test_date": None}, {}, "md", None),
    # 13 days ago
    ("vas.test_spot_dark", {"test_date": date(2027, 2, 5)}, {}, "md", date(2027, 2, 19)),
    ("vas.test_spot_dark", {"test_date": None}, {}, "md", None),
    ("vas.orbital", {"outside_orbital_rim": "no"}, {}, "hard", None),
    ("vas.interval", {"last_session_on": START}, {}, "no", None),
    ("vas.check_14", {"bruise_gone": "no"}, {}, "md", None),
    ("vas.check_14", {"crust": "yes"}, {}, "md", None),
    ("vas.check_14", {"dark_or_light_marks": "marked"}, {}, "no", None),
    ("pig.lesion_dx", {"benign": "no"}, {}, "hard", None),
    ("pig.cosmetic_ink", {"darkening_ink": "yes"}, {}, "md", None),
    ("pig.cosmetic_ink", {"darkening_ink": "unknown"}, {}, "md", None),
    ("pig.cosmetic_ink", {"darkening_risk_explained": "no"}, {}, "md", None),
    ("pig.cosmetic_ink", {"test_spot_ordered": "no"}, {}, "md", None),
    ("pig.cosmetic_ink", {"decision": "postpone"}, {}, "md", None),
    ("pig.ink_allergy", {"ink_allergy": "yes"}, {}, "hard", None),
    ("pig.ink_allergy", {"ink_allergy": "unknown"}, {}, "md", None),
    ("pig.ink_allergy", {"decision": "postpone"}, {}, "md", None),
    ("pig.gold", {"gold_ever": "yes"}, {}, "hard", None),
    ("pig.gold", {"gold_ever": "unknown"}, {}, "md", None),
    ("pig.gold", {"decision": "postpone"}, {}, "md", None),
    # 41 days ago; 42 is the answer before
    ("pig.interval", {"last_session_on": date(2027, 1, 8)}, {}, "md", date(2027, 2, 19)),
    ("pig.interval", {"last_session_on": None}, {}, "md", None),
    ("pig.interval", {"healed": "no"}, {}, "md", None),
    ("pig.interval", {"healed": "no", "last_session_on": date(2027, 1, 8)}, {}, "md", None),
    ("pig.check_14", {"lumps_in_ink": "yes"}, {}, "md", None),
    ("pig.check_14", {"healed": "no", "itch_in_ink": "yes"}, {}, "no", None),
]


def step_of(step_id: str) -> Step:
    return owner(step_id).step(step_id)


def answer_to(step_id: str, values: Values) -> Answer:
    """The answer before, with these things changed."""
    return answered(step_of(step_id), {**BEFORE[step_id], **values})


def verdict(step_id: str, values: Values, found: Values | None = None) -> Verdict:
    return judged(step_id, {**BEFORE[step_id], **values}, found)


@pytest.mark.parametrize(("step_id", "values", "found", "level", "allowed"), CASES)
def test_an_answer_stops_as_hard_as_the_table_says_and_until_when(
    step_id: str, values: Values, found: Values, level: str, allowed: date | None
) -> None:
    came_to = verdict(step_id, values, found)

    assert (came_to.level, came_to.first_allowed) == (level, allowed)


@pytest.mark.parametrize("step_id", BEFORE)
def test_the_answer_that_each_case_changes_stops_nothing(step_id: str) -> None:
    assert verdict(step_id, {}, {}).level is Level.NONE


@pytest.mark.parametrize(
    ("step_id", "field", "words"),
    [
        ("vas.test_spot_light", "result", {"PIH", "blister", "other", "not_done"}),
        ("vas.test_spot_dark", "result", {"PIH", "blister", "other", "not_done"}),
        ("pig.test_spot", "result", {"darkening", "blister", "pigment", "not_done"}),
    ],
)
def test_a_test_spot_stops_unless_its_result_is_normal(step_id: str, field: str, words: set[str]) -> None:
    choices = next(each.choices for each in step_of(step_id).ask if each.name == field)

    stops = {word for word in choices if verdict(step_id, {field: word}, {}).level is Level.MD}

    assert stops == words == {*choices} - {"normal"}


@pytest.mark.parametrize("step_id", ["vas.call_1", "pig.check_2"])
def test_any_yes_of_an_early_check_goes_to_the_physician(step_id: str) -> None:
    asked = [field.name for field in step_of(step_id).ask if field.kind is FieldKind.CHOICE]

    levels = {name: verdict(step_id, {name: "yes"}, {}).level for name in asked}

    assert len(levels) == 4
    assert set(levels.values()) == {Level.MD}


def test_every_stop_of_both_playbooks_is_tried_here() -> None:
    stops = {
        step.id
        for name in ("vas", "pig")
        for step in shipped()[name].steps
        if step.id.startswith(name) and step.stops.level is not Level.NONE
    }

    tried = {case[0] for case in CASES if case[3] != "no"}

    assert stops - tried == {"vas.call_1", "pig.check_2", "pig.test_spot"}


@pytest.mark.parametrize(
    ("step_id", "values", "found", "choices"),
    [
        ("vas.isotretinoin", {"isotretinoin": "current"}, {}, {"proceed", "modify"}),
        ("pig.isotretinoin", {"isotretinoin": "current"}, {}, {"proceed", "modify"}),
        ("vas.photosens", {"photosensitiser": "amiodarone"}, {}, {"proceed", "test_first"}),
        ("pig.photosens", {"photosensitiser": "amiodarone"}, {}, {"proceed", "test_first"}),
        ("vas.photodermatosis", {"photodermatosis": "yes"}, {}, {"proceed", "modify"}),
        ("vas.dark_skin", {}, {"fitzpatrick": "V"}, {"proceed", "modify"}),
        ("pig.cosmetic_ink", {"darkening_ink": "yes"}, {}, {"proceed", "modify"}),
        ("pig.ink_allergy", {"ink_allergy": "unknown"}, {}, {"proceed", "modify"}),
        ("pig.gold", {"gold_ever": "unknown"}, {}, {"proceed", "modify"}),
        # no decision in a form lifts a hard stop
        ("vas.photosens", {"photosensitiser": "pdt_drug"}, {}, set()),
        ("vas.dark_skin", {"device_class": "ipl"}, {"fitzpatrick": "V"}, set()),
        ("pig.ink_allergy", {"ink_allergy": "yes"}, {}, set()),
        ("pig.gold", {"gold_ever": "yes"}, {}, set()),
    ],
)
def test_what_a_physician_chooses_in_the_form_is_the_decision(
    step_id: str, values: Values, found: Values, choices: set[str]
) -> None:
    step = step_of(step_id)
    offered = next(field.choices for field in step.ask if field.name == "decision")
    going_on = set()

    for choice in offered:
        answer = answer_to(step_id, {**values, "decision": choice})
        facts = facts_after(step, answer, found)
        if not judge(step, answer, facts, START, decided_by_answer(step, answer, facts, START)).stops:
            going_on.add(choice)

    assert going_on == choices


@pytest.mark.parametrize(
    ("step_id", "values", "before", "after"),
    [
        ("vas.isotretinoin", {}, {}, {"isotretinoin": "current"}),
        ("vas.photosens", {"photosensitiser": "minocycline"}, {}, {"photosensitiser": "amiodarone"}),
        ("vas.photodermatosis", {"photodermatosis": "yes"}, {}, {"device_class": "ipl"}),
        ("vas.dark_skin", {}, {"fitzpatrick": "unknown"}, {"fitzpatrick": "V"}),
        ("vas.dark_skin", {}, {"fitzpatrick": "unknown"}, {"device_class": "ipl"}),
        ("pig.gold", {"gold_ever": "unknown"}, {}, {"gold_ever": "yes"}),
    ],
)
def test_a_decision_to_go_on_does_not_cover_what_was_found_out_later(
    step_id: str, values: Values, before: Values, after: Values
) -> None:
    step, answer = step_of(step_id), answer_to(step_id, values)
    facts = facts_after(step, answer, before)
    decision = decided_by_answer(step, answer, facts, START)

    then = judge(step, answer, facts, START, decision)
    now = judge(step, answer, {**facts, **after}, START, decision)

    assert (then.stops, now.stops) == (False, True)


@pytest.mark.parametrize(
    ("step_id", "values", "found"),
    [
        ("vas.photodermatosis", {"photodermatosis": "yes"}, {"device_class": "ipl"}),
        ("vas.dark_skin", {"device_class": "ipl"}, {"fitzpatrick": "unknown"}),
    ],
)
def test_who_may_have_ipl_may_have_pulsed_dye_without_asking_again(
    step_id: str, values: Values, found: Values
) -> None:
    step, answer = step_of(step_id), answer_to(step_id, values)
    facts = facts_after(step, answer, found)
    decision = decided_by_answer(step, answer, facts, START)

    assert not judge(step, answer, {**facts, "device_class": "laser"}, START, decision).stops


def test_another_device_lifts_the_hard_stop_of_dark_skin() -> None:
    given = {"fitzpatrick": "VI", "device_class": "ipl"}
    answer = answer_to("vas.dark_skin", {"device_class": "laser"})

    facts = facts_after(step_of("vas.dark_skin"), answer, given)

    assert facts["device_class"] == "laser"
    assert judge(step_of("vas.dark_skin"), answer, facts, START).level is Level.MD


@pytest.mark.parametrize(
    ("name", "steps"),
    [("vas", {"vas.photosens"}), ("pig", {"pig.photosens", "pig.ink_allergy", "pig.gold"})],
)
def test_one_finding_that_stops_for_good_is_a_drug_ink_or_gold(name: str, steps: set[str]) -> None:
    assert stopped(name, Level.HARD).keys() == steps


@pytest.mark.parametrize(
    ("step_id", "values", "facts"),
    [
        ("pig.target", {"target": "cosmetic_tattoo"}, {"target": "cosmetic_tattoo"}),
        ("pig.ink_allergy", {"ink_allergy": "yes"}, {"ink_allergy": "yes"}),
        ("pig.gold", {"gold_ever": "yes"}, {"gold_ever": "yes"}),
        ("vas.hsv_prescribed", {"prescribed": "yes"}, {"prep_rx_issued": "yes"}),
        ("pig.hsv_prescribed", {"prescribed": "no"}, {}),
        ("vas.photosens", {"photosensitiser": "amiodarone"}, {"photosensitiser": "amiodarone"}),
        ("vas.isotretinoin", {}, {"isotretinoin": "past", "isotretinoin_last_dose": LONG_AGO}),
        ("vas.photodermatosis", {"photodermatosis": "no"}, {"photodermatosis": "no"}),
    ],
)
def test_an_answer_becomes_a_fact(step_id: str, values: Values, facts: Values) -> None:
    assert facts_set(step_of(step_id), answer_to(step_id, values).values) == facts
