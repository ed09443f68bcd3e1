"""What else an answer does in a peel and in needling: it decides, becomes a fact, or needs two people."""

from datetime import date

import pytest

from bot.core.kinds import FieldKind
from bot.core.people import Role
from bot.core.playbook import Step
from bot.core.stops import decided_by_answer, facts_set, judge
from tests.playbooks.judging import START, answered, facts_after, owner
from tests.playbooks.test_stops_pel_mnd import MILD, OWN, Values


def level_as_decided(step: Step, values: Values, found: Values, role: Role = Role.PHYSICIAN) -> str:
    """The level after the decision in the form, if the one who answers may take it, has been counted."""
    answer = answered(step, {**MILD[step.id], **values}, role)
    facts = facts_after(step, answer, found)
    return judge(step, answer, facts, START, decided_by_answer(step, answer, facts, START)).level


@pytest.mark.parametrize(
    ("step_id", "values", "found", "go", "stay"),
    [
        ("pel.isotretinoin", {"last_dose_date": date(2026, 8, 18)}, {}, ["proceed", "modify"], "wait_until"),
        ("pel.photosens", {"photosensitiser": "other"}, {}, ["proceed"], "wait"),
        ("pel.surgery", {"surgery_date": date(2027, 1, 1)}, {}, ["proceed", "modify"], "wait"),
        ("mnd.implant", {"implant": "metal_in_area"}, {}, ["proceed", "modify"], "decline"),
        ("mnd.age_label", {}, {"age": 19.0}, ["proceed", "modify"], "decline"),
        (
            "mnd.isotretinoin",
            {"last_dose_date": date(2026, 9, 1)},
            {},
            ["proceed", "modify"],
            "wait_until",
        ),
    ],
)
def test_the_physician_decides_in_the_form_and_nobody_else_does(
    step_id: str, values: Values, found: Values, go: list[str], stay: str
) -> None:
    step = owner(step_id).step(step_id)

    decided = {
        choice: level_as_decided(step, {**values, "decision": choice}, found) for choice in (*go, stay)
    }
    by_nurse = level_as_decided(step, {**values, "decision": go[0]}, found, Role.NURSE)

    assert decided == {**dict.fromkeys(go, "no"), stay: "md"}
    assert by_nurse == "md"


@pytest.mark.parametrize(
    ("step_id", "values"),
    [
        ("pel.isotretinoin", {"last_dose_date": date(2026, 8, 19), "decision": "proceed"}),
        ("mnd.implant", {"implant": "pacemaker_icd", "decision": "proceed"}),
    ],
)
def test_no_decision_in_a_form_lifts_a_hard_stop(step_id: str, values: Values) -> None:
    assert level_as_decided(owner(step_id).step(step_id), values, {}) == "hard"


def test_a_needle_with_the_metal_is_not_waved_through_in_the_form() -> None:
    step = owner("mnd.metal_allergy").step("mnd.metal_allergy")

    assert level_as_decided(step, {"needle_free_of_it": "no", "decision": "proceed"}, {}) == "md"


@pytest.mark.parametrize(
    ("step_id", "values", "facts"),
    [
        ("pel.agent", {"area_face": "yes"}, {"area_face": "yes"}),
        (
            "pel.isotretinoin",
            {"isotretinoin": "current", "last_dose_date": START},
            {"isotretinoin": "current", "isotretinoin_last_dose": START},
        ),
        ("pel.photosens", {"photosensitiser": "minocycline"}, {"photosensitiser": "minocycline"}),
        ("pel.surgery", {"facial_surgery_6m": "no"}, {"facial_surgery_6m": "no"}),
        ("pel.priming", {"retinoid": "as_ordered"}, {"prep_rx_issued": "yes"}),
        ("pel.priming", {"lightener": "not_started"}, {"prep_rx_issued": "yes"}),
        ("pel.priming", {"retinoid": "none_ordered", "lightener": "none_ordered"}, {}),
        ("pel.pih_plan", {"lightener": "ordered"}, {"prep_rx_issued": "yes"}),
        ("pel.hsv_prescribed", {"prescribed": "yes"}, {"prep_rx_issued": "yes"}),
        ("pel.hsv_prescribed", {"prescribed": "no"}, {}),
        ("mnd.implant", {"implant": "neurostimulator"}, {"implant": "neurostimulator"}),
        ("mnd.metal_allergy", {"metal_allergy": "no"}, {"metal_allergy": "no"}),
        (
            "mnd.isotretinoin",
            {"isotretinoin": "past", "last_dose_date": START},
            {"isotretinoin": "past", "isotretinoin_last_dose": START},
        ),
        ("mnd.hsv_prescribed", {"prescribed": "yes"}, {"prep_rx_issued": "yes"}),
    ],
)
def test_an_answer_becomes_a_fact(step_id: str, values: Values, facts: Values) -> None:
    assert facts_set(owner(step_id).step(step_id), values) == facts


def test_what_two_people_read_aloud_needs_two_people() -> None:
    assert [step.id for step in OWN if step.double] == ["pel.agent_check"]


@pytest.mark.parametrize("name", ["pel", "mnd"])
def test_all_own_room_checks_can_be_read_aloud_in_one_go(name: str) -> None:
    room = [step for step in OWN if step.id.startswith(name) and step.card == "room"]

    asked = [field for step in room for field in step.ask if not field.optional]

    assert asked
    assert [field.name for field in asked if field.kind is not FieldKind.CHOICE or not field.normal] == []
