"""Stops: what an answer means on today's facts and for today's date of the procedure."""

from datetime import date, timedelta

import pytest

from bot.core.case import Answer, Choice, Outcome
from bot.core.conditions import ALWAYS, Not, Value, Within
from bot.core.kinds import FieldKind, Level, Phase
from bot.core.people import Role
from bot.core.playbook import Field, Step, Stops
from bot.core.stops import Verdict, decided_by_answer, facts_set, judge, known_values
from tests.core.made import (
    CONSENT,
    HISTORY,
    ISOTRETINOIN,
    LIDOCAINE,
    SMOKING,
    SUN,
    answer,
    day,
    decision,
    is_,
    step,
    word,
)

START = date(2027, 2, 18)


def judged(step: Step, facts: dict[str, Value], given: Answer, **more: object) -> Verdict:
    """What an answer means once the facts it sets are known."""
    return judge(step, given, {**facts, **facts_set(step, given.values)}, START, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("last_dose", "mode", "level", "allowed"),
    [
        (day("2026-08-18"), "full_field", Level.NONE, None),
        (day("2026-08-19"), "full_field", Level.HARD, day("2027-02-19")),
        (day("2026-08-19"), "fractional", Level.MD, day("2027-02-19")),
        (day("2026-08-31"), "full_field", Level.HARD, day("2027-02-28")),
        (day("2027-02-18"), "full_field", Level.HARD, day("2027-08-18")),
        (None, "full_field", Level.HARD, None),
        (None, "fractional", Level.MD, None),
    ],
)
def test_isotretinoin_stops_until_six_calendar_months_after_the_last_dose(
    last_dose: date | None, mode: str, level: Level, allowed: date | None
) -> None:
    given = answer(isotretinoin="past", last_dose=last_dose, decision="proceed")

    verdict = judged(ISOTRETINOIN, {"mode": mode}, given)

    assert (verdict.level, verdict.first_allowed) == (level, allowed)
    assert verdict.stops is (level is not Level.NONE)


def test_a_patient_who_still_takes_it_has_no_first_allowed_day() -> None:
    verdict = judged(ISOTRETINOIN, {"mode": "full_field"}, answer(isotretinoin="current"))

    assert verdict == Verdict(
        level=Level.HARD,
        reasons=("mode: full field", "isotretinoin: current", "last_dose: not recorded"),
        first_allowed=None,
    )


@pytest.mark.parametrize(("days", "level"), [(27, Level.MD), (28, Level.NONE), (0, Level.MD)])
def test_sun_blocks_on_day_27_and_allows_on_day_28(days: int, level: Level) -> None:
    last_sun = START - timedelta(days=days)

    verdict = judged(SUN, {}, answer(sunburn="no", last_sun=last_sun))

    assert verdict.level is level
    assert verdict.first_allowed == (last_sun + timedelta(days=28) if verdict.stops else None)


def test_no_date_of_the_last_sun_means_today() -> None:
    assert judged(SUN, {}, answer(sunburn="no")).level is Level.MD


@pytest.mark.parametrize(
    ("age", "days", "level"),
    [
        (40, 0, Level.MD),
        (40, 1, Level.NONE),
        (17, 1, Level.MD),
        (17, 6, Level.MD),
        (17, 7, Level.NONE),
        (18, 6, Level.NONE),
    ],
)
def test_consent_needs_a_day_and_for_the_young_a_week(age: int, days: int, level: Level) -> None:
    informed_on = START - timedelta(days=days)

    assert judged(CONSENT, {"age": age}, answer(informed_on=informed_on)).level is level


@pytest.mark.parametrize(
    ("adrenaline", "total", "weight", "level"),
    [
        ("without", 315, 70, Level.NONE),
        ("without", 315.2, 70, Level.HARD),
        ("without", 316, 70, Level.HARD),
        ("with", 316, 70, Level.NONE),
        ("with", 490, 70, Level.NONE),
        ("with", 490.2, 70, Level.HARD),
        ("without", 316.35, 70.3, Level.NONE),
        ("without", 0.3, 0.1, Level.NONE),
    ],
)
def test_lidocaine_above_its_limit_stops_and_exactly_the_limit_does_not(
    adrenaline: str, total: float, weight: float, level: Level
) -> None:
    given = answer(adrenaline=adrenaline, total_mg=total, weight_kg=weight)

    assert judged(LIDOCAINE, {}, given).level is level


def test_a_dose_over_the_limit_is_named_with_its_milligrams() -> None:
    verdict = judged(LIDOCAINE, {}, answer(adrenaline="without", total_mg=360, weight_kg=70))

    assert verdict.reasons == ("adrenaline: without", "mg_per_kg: 5.1429")


@pytest.mark.parametrize(
    "values", [{"total_mg": 400}, {"weight_kg": 70}, {"total_mg": 400, "weight_kg": 0}, {}]
)
def test_a_dose_that_cannot_be_worked_out_has_no_number(values: dict[str, Value]) -> None:
    assert known_values(LIDOCAINE, values, {})["mg_per_kg"] is None


def test_the_highest_level_that_holds_wins() -> None:
    verdict = judged(SUN, {}, answer(sunburn="yes"))

    assert verdict == Verdict(level=Level.HARD, reasons=("sunburn: yes",), first_allowed=None)


def test_a_step_without_conditions_is_stopped_by_no_answer() -> None:
    level_only = step("gate", "T0-5m", stops=Stops(level=Level.HARD))
    always = step("gate", "T0-5m", stops=Stops(level=Level.MD, md=ALWAYS))

    assert not judge(level_only, answer(), {}, START).stops
    assert not judge(always, answer(), {}, START).stops


@pytest.mark.parametrize("outcome", [Outcome.CONFIRMED, Outcome.CAUGHT])
def test_what_was_put_right_is_judged_on_its_values_all_the_same(outcome: Outcome) -> None:
    assert judged(SMOKING, {}, answer(outcome=outcome, still_smoking="yes")).level is Level.MD
    assert not judged(SMOKING, {}, answer(outcome=outcome, still_smoking="no")).stops


def test_a_problem_waits_for_the_physician_even_where_nothing_else_stops() -> None:
    verdict = judged(SMOKING, {}, answer(outcome=Outcome.PROBLEM, note="not reached"))

    assert verdict == Verdict(level=Level.MD, reasons=("problem reported",))
    assert not judged(SMOKING, {}, answer(outcome=Outcome.PROBLEM), decision=_go(verdict)).stops


def test_a_problem_does_not_make_a_hard_stop_one_that_a_physician_can_wave_through() -> None:
    burnt = answer(outcome=Outcome.PROBLEM, sunburn="yes", last_sun=day("2026-12-01"))

    verdict = judged(SUN, {}, burnt)

    assert verdict.level is Level.HARD
    assert judged(SUN, {}, burnt, decision=_go(verdict)).level is Level.HARD


def test_a_go_ahead_on_a_problem_does_not_cover_what_stops_besides() -> None:
    given = answer(outcome=Outcome.PROBLEM, still_smoking="yes")

    verdict = judged(SMOKING, {}, given, decision=decision(Choice.PROCEED, "problem reported"))

    assert verdict.reasons == ("problem reported", "still_smoking: yes")


def _go(verdict: Verdict) -> object:
    return decision(Choice.PROCEED, *verdict.reasons)


@pytest.mark.parametrize(
    ("level", "role", "stops"),
    [
        (Level.NONE, Role.NURSE, False),
        (Level.MD, Role.NURSE, True),
        (Level.HARD, Role.NURSE, True),
        (Level.HARD, Role.OPERATOR, True),
        (Level.MD, Role.PHYSICIAN, False),
        (Level.HARD, Role.PHYSICIAN, False),
    ],
)
def test_not_applicable_on_a_hard_or_md_step_needs_the_physician(
    level: Level, role: Role, stops: bool
) -> None:
    given = answer(outcome=Outcome.NOT_APPLICABLE, role=role, note="no area on the face")

    verdict = judge(step("any", "T0-5m", stops=Stops(level=level)), given, {}, START)

    assert verdict.stops is stops
    assert verdict == (Verdict(level=Level.MD, reasons=("said not to apply",)) if stops else Verdict())


def test_what_is_true_of_the_patient_applies_whoever_says_that_it_does_not() -> None:
    recent = {"mode": "full_field", "isotretinoin": "past", "last_dose": day("2027-01-01")}
    waved_off = answer(outcome=Outcome.NOT_APPLICABLE, role=Role.PHYSICIAN, note="small area")

    assert judge(ISOTRETINOIN, waved_off, recent, START).level is Level.HARD
    assert not judge(ISOTRETINOIN, waved_off, {**recent, "mode": "fractional"}, START).stops
    assert not judge(SUN, waved_off, {}, START).stops


def test_a_session_that_the_case_knows_of_is_too_near_whoever_says_that_it_does_not_apply() -> None:
    last = Field(name="last_on", label="Last", kind=FieldKind.DATE, tense="past", known="previous_session")
    near = Stops(level=Level.HARD, hard=Within(name="last_on", days=42))
    interval = step("interval", "T0-7d@10:00 prev", ask=(last,), stops=near)
    waved_off = answer(outcome=Outcome.NOT_APPLICABLE, role=Role.PHYSICIAN, note="only a test")

    def judged_with(previous: Value) -> Level:
        return judge(interval, waved_off, {"previous_session": previous}, START).level

    assert judged_with(day("2027-02-01")) is Level.HARD
    assert judged_with(day("2026-12-01")) is Level.NONE
    assert judged_with(None) is Level.NONE


@pytest.mark.parametrize("choice", [Choice.PROCEED, Choice.MODIFY])
def test_a_go_ahead_lifts_the_reasons_it_was_given_for(choice: Choice) -> None:
    given = answer(smoker="yes", fever="no")

    assert not judged(HISTORY, {}, given, decision=decision(choice, "smoker: yes")).stops


def test_a_go_ahead_lifts_no_reason_that_came_later() -> None:
    both = answer(smoker="yes", fever="yes")
    on_smoking = decision(Choice.PROCEED, "smoker: yes")

    assert judged(HISTORY, {}, both, decision=on_smoking).reasons == ("smoker: yes", "fever: yes")
    assert judged(HISTORY, {}, answer(smoker="unknown"), decision=on_smoking).reasons == ("smoker: unknown",)


def test_postpone_lifts_nothing() -> None:
    given = answer(smoker="yes")

    assert judged(HISTORY, {}, given, decision=decision(Choice.POSTPONE, "smoker: yes")).stops


def test_a_hard_stop_has_no_go_ahead() -> None:
    covering = decision(Choice.PROCEED, "sunburn: yes")

    assert judged(SUN, {}, answer(sunburn="yes"), decision=covering).level is Level.HARD


def test_a_stored_answer_is_judged_on_the_fact_as_it_is_today() -> None:
    given = answer(isotretinoin="past", last_dose=day("2026-01-01"), decision="proceed")
    then = {"mode": "full_field", "isotretinoin": "past", "last_dose": day("2026-01-01")}

    assert not judge(ISOTRETINOIN, given, then, START).stops
    assert judge(ISOTRETINOIN, given, {**then, "isotretinoin": "current"}, START).level is Level.HARD
    assert judge(ISOTRETINOIN, given, {**then, "last_dose": day("2027-01-31")}, START).first_allowed == day(
        "2027-07-31"
    )
    assert judge(ISOTRETINOIN, given, {**then, "last_dose": None}, START).level is Level.HARD


def test_a_field_with_its_own_words_follows_the_fact_they_mean() -> None:
    field = Field(
        name="herpes",
        label="Herpes",
        kind=FieldKind.CHOICE,
        choices=("often", "once", "never"),
        sets={"hsv": {"often": "yes", "once": "yes", "never": "no"}},
    )
    asked = step("hsv", "T0-7d@10:00 prev", ask=(field,))

    assert facts_set(asked, {"herpes": "once"}) == {"hsv": "yes"}
    assert known_values(asked, {"herpes": "once"}, {"hsv": "yes"})["herpes"] == "once"
    assert known_values(asked, {"herpes": "once"}, {"hsv": "no"})["herpes"] == "never"
    assert known_values(asked, {"herpes": "once"}, {"hsv": "unknown"})["herpes"] is None


def test_an_answer_that_means_no_fact_sets_none() -> None:
    field = Field(
        name="antibiotic",
        label="Antibiotic",
        kind=FieldKind.CHOICE,
        choices=("none", "oral"),
        sets={"prep_rx_issued": {"oral": "yes"}},
    )
    asked = step("plan", "CONSULT+60m", ask=(field,))

    assert facts_set(asked, {"antibiotic": "none"}) == {}
    assert facts_set(asked, {"antibiotic": "oral"}) == {"prep_rx_issued": "yes"}
    assert facts_set(asked, {}) == {}
    assert known_values(asked, {"antibiotic": "none"}, {"prep_rx_issued": "yes"})["antibiotic"] == "none"


def test_a_physician_who_chooses_proceed_in_the_form_has_decided_on_what_stood_there() -> None:
    given = answer(role=Role.PHYSICIAN, isotretinoin="current", decision="proceed", note="low dose")
    facts = {"mode": "fractional", "isotretinoin": "current", "last_dose": None}

    decided = decided_by_answer(ISOTRETINOIN, given, facts, START)

    assert decided is not None
    assert (decided.by, decided.choice, decided.reason) == ("jo", Choice.PROCEED, "low dose")
    assert decided.covers == ("mode: fractional", "isotretinoin: current", "last_dose: not recorded")
    assert not judge(ISOTRETINOIN, given, facts, START, decided).stops
    assert judge(ISOTRETINOIN, given, {**facts, "mode": "full_field"}, START, decided).level is Level.HARD


@pytest.mark.parametrize(
    ("role", "chosen", "expected"),
    [
        (Role.PHYSICIAN, "proceed", Choice.PROCEED),
        (Role.PHYSICIAN, "modify", Choice.MODIFY),
        (Role.PHYSICIAN, "wait", None),
        (Role.PHYSICIAN, None, None),
        (Role.NURSE, "proceed", None),
    ],
)
def test_only_a_physician_decides_and_only_by_the_answers_that_decide(
    role: Role, chosen: str | None, expected: Choice | None
) -> None:
    given = answer(role=role, isotretinoin="current", decision=chosen)

    decided = decided_by_answer(ISOTRETINOIN, given, {"isotretinoin": "current"}, START)

    assert (decided.choice if decided else None) is expected


def test_what_a_form_answers_is_no_fact_of_the_same_name_unless_it_sets_it() -> None:
    asked = step(
        "smoking", "T0-14d@09:00 prev", ask=(word("smoker", "no", "yes"),), phase=Phase.PRE, stops=Stops()
    )

    assert known_values(asked, {"smoker": "no"}, {"smoker": "yes"})["smoker"] == "no"
    assert known_values(HISTORY, {"smoker": "no"}, {"smoker": "yes"})["smoker"] == "yes"


def test_a_stop_on_what_is_not_in_order_names_what_is_missing() -> None:
    checked = step(
        "kit",
        "T0-15m",
        ask=(word("ready", "yes", "no"),),
        stops=Stops(level=Level.HARD, hard=Not(part=is_("ready", "yes"))),
    )

    assert judge(checked, answer(), {}, START).reasons == ("ready: not recorded",)
    assert judge(checked, answer(ready="no"), {}, START).reasons == ("ready: no",)
    assert not judge(checked, answer(ready="yes"), {}, START).stops
