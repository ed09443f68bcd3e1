"""Conditions: when they hold, why, and from which day they no longer do."""

from datetime import date, time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.core.conditions import (
    ALWAYS,
    AllOf,
    AnyOf,
    Bounds,
    Condition,
    Is,
    Missing,
    Not,
    Value,
    Values,
    Within,
    first_allowed,
    holds,
    leaves,
    met,
    names,
    shown,
)

START = date(2027, 2, 18)
SMOKES = Is(name="smoker", words=("yes", "unknown"))
ON_THE_FACE = Is(name="area_face", words=("yes",))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"smoker": "yes"}, True),
        ({"smoker": "unknown"}, True),
        ({"smoker": "no"}, False),
        ({"smoker": None}, False),
        ({}, False),
        ({"smoker": ("no", "unknown")}, True),
        ({"smoker": ("no",)}, False),
        ({"smoker": ()}, False),
    ],
)
def test_a_word_holds_where_it_is_one_of_those_written(values: Values, expected: bool) -> None:
    assert holds(SMOKES, values, START) is expected


def test_unknown_counts_only_where_it_is_written() -> None:
    only_yes = Is(name="smoker", words=("yes",))

    assert not holds(only_yes, {"smoker": "unknown"}, START)
    assert holds(Not(part=Is(name="smoker", words=("no",))), {"smoker": "unknown"}, START)


def test_always_holds_whatever_is_known() -> None:
    assert holds(ALWAYS, {}, START)
    assert met(ALWAYS, {}, START) == ()
    assert first_allowed(ALWAYS, {}, START) is None


@pytest.mark.parametrize("smokes", ["yes", "no"])
@pytest.mark.parametrize("face", ["yes", "no"])
def test_any_needs_one_part_and_all_needs_each(smokes: str, face: str) -> None:
    values = {"smoker": smokes, "area_face": face}
    parts = (SMOKES, ON_THE_FACE)

    assert holds(AnyOf(parts=parts), values, START) is ("yes" in (smokes, face))
    assert holds(AllOf(parts=parts), values, START) is (smokes == face == "yes")
    assert holds(Not(part=SMOKES), values, START) is (smokes == "no")


@pytest.mark.parametrize(
    ("bounds", "inside", "outside"),
    [
        (Bounds(name="age", below=18), (17, 17.9), (18, 40)),
        (Bounds(name="age", above=4.5), (4.51, 7), (4.5, 4.49)),
        (Bounds(name="age", at_least=38), (38, 38.1), (37.9,)),
        (Bounds(name="age", at_most=3), (3, 0), (3.1,)),
        (Bounds(name="age", above=1, below=3), (2,), (1, 3)),
    ],
)
def test_a_limit_counts_or_not_as_it_is_called(
    bounds: Bounds, inside: tuple[float, ...], outside: tuple[float, ...]
) -> None:
    assert [value for value in inside if not holds(bounds, {"age": value}, START)] == []
    assert [value for value in outside if holds(bounds, {"age": value}, START)] == []
    assert not holds(bounds, {}, START)
    assert not holds(bounds, {"age": "18"}, START)


@pytest.mark.parametrize(
    ("within", "day", "expected"),
    [
        # "less than 28 days" blocks on day 27 and allows on day 28
        (Within(name="sun", days=28), START - timedelta(days=27), True),
        (Within(name="sun", days=28), START - timedelta(days=28), False),
        (Within(name="sun", days=28), START, True),
        (Within(name="sun", days=28), START + timedelta(days=3), True),
        # "at least 7 days" allows on day 7
        (Within(name="sun", days=7), START - timedelta(days=6), True),
        (Within(name="sun", days=7), START - timedelta(days=7), False),
        (Within(name="sun", days=1), START, True),
        (Within(name="sun", days=1), START - timedelta(days=1), False),
        (Within(name="sun", months=6), date(2026, 8, 18), False),
        (Within(name="sun", months=6), date(2026, 8, 19), True),
        (Within(name="sun", months=6), None, True),
        (Within(name="sun", months=6), "long ago", True),
    ],
)
def test_a_date_is_within_until_the_last_day_before_it_is_not(
    within: Within, day: Value, expected: bool
) -> None:
    assert holds(within, {"sun": day}, START) is expected


def test_six_months_after_the_last_of_august_is_the_last_of_february() -> None:
    half_a_year = Within(name="dose", months=6)
    taken = {"dose": date(2026, 8, 31)}

    assert holds(half_a_year, taken, date(2027, 2, 27))
    assert not holds(half_a_year, taken, date(2027, 2, 28))
    assert first_allowed(half_a_year, taken, START) == date(2027, 2, 28)


def test_a_missing_date_is_the_worst_case_and_no_day_lifts_it() -> None:
    assert first_allowed(Within(name="dose", months=6), {}, START) is None


@pytest.mark.parametrize("value", [None, "", ()])
def test_missing_is_what_nobody_wrote(value: Value) -> None:
    assert holds(Missing(name="reason"), {"reason": value}, START)
    assert holds(Missing(name="reason"), {}, START)
    assert not holds(Missing(name="reason"), {"reason": "allergy"}, START)
    assert not holds(Missing(name="reason"), {"reason": 0}, START)


def test_a_stop_that_a_word_keeps_up_is_lifted_by_no_day() -> None:
    stop = AnyOf(parts=(Is(name="isotretinoin", words=("current",)), Within(name="dose", months=6)))

    assert first_allowed(stop, {"isotretinoin": "current", "dose": date(2026, 9, 1)}, START) is None
    assert first_allowed(stop, {"isotretinoin": "past", "dose": date(2026, 9, 1)}, START) == date(2027, 3, 1)


def test_the_reasons_are_the_parts_that_hold_in_the_order_they_are_written() -> None:
    stop = AnyOf(parts=(SMOKES, ON_THE_FACE, Within(name="last_dose", months=6)))
    values = {"smoker": "no", "area_face": "yes", "last_dose": date(2026, 9, 1)}

    assert met(stop, values, START) == ("area_face: yes", "last_dose: 1 Sep 2026")


def test_the_reasons_of_a_not_are_the_parts_that_are_missing_and_not_those_in_order() -> None:
    both = AllOf(parts=(Is(name="mask", words=("on",)), Is(name="evacuator", words=("on",))))

    assert met(Not(part=both), {"mask": "on", "evacuator": "off"}, START) == ("evacuator: off",)
    assert met(Not(part=Not(part=both)), {"mask": "on", "evacuator": "on"}, START) == (
        "mask: on",
        "evacuator: on",
    )


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "not recorded"),
        ("", "not recorded"),
        ((), "not recorded"),
        ("pdt_drug", "pdt drug"),
        (("cold_sore", "fever"), "cold sore, fever"),
        (date(2027, 2, 3), "3 Feb 2027"),
        (time(9, 5), "09:05"),
        (4.5, "4.5"),
        (70.0, "70"),
    ],
)
def test_a_value_is_shown_as_a_person_would_write_it(value: Value, words: str) -> None:
    assert shown(value) == words


WORDS = ("yes", "no", "unknown")
#: What the fields of the conditions below can hold: two words, a number and two dates.
POSSIBLE: dict[str, st.SearchStrategy[Value]] = {
    "word": st.sampled_from((*WORDS, None)),
    "other": st.sampled_from((*WORDS, None)),
    "number": st.sampled_from((None, 1, 2, 3)),
    "day": st.none() | st.dates(START - timedelta(days=120), START + timedelta(days=5)),
    "later": st.none() | st.dates(START - timedelta(days=120), START + timedelta(days=5)),
}
known = st.fixed_dictionaries(POSSIBLE)

some_words = st.lists(st.sampled_from(WORDS), min_size=1, max_size=2).map(tuple)
leaf = st.one_of(
    st.builds(Is, name=st.sampled_from(["word", "other"]), words=some_words),
    st.builds(Bounds, name=st.just("number"), above=st.integers(0, 3)),
    st.builds(Bounds, name=st.just("number"), at_most=st.integers(0, 3)),
    st.builds(Within, name=st.sampled_from(["day", "later"]), days=st.integers(1, 40)),
    st.builds(Within, name=st.sampled_from(["day", "later"]), months=st.integers(1, 3)),
    st.builds(Missing, name=st.sampled_from(list(POSSIBLE))),
)


def deeper(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    parts = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return st.builds(AllOf, parts=parts) | st.builds(AnyOf, parts=parts) | st.builds(Not, part=inner)


conditions = st.recursive(leaf, deeper, max_leaves=6)


@given(condition=conditions, values=known)
def test_the_first_allowed_day_is_the_first_on_which_the_stop_does_not_hold(
    condition: Condition, values: Values
) -> None:
    days = [START + timedelta(days=number) for number in range(120)]

    expected = next((day for day in days if not holds(condition, values, day)), None)

    assert first_allowed(condition, values, START) == expected


@given(condition=conditions, values=known, others=known)
def test_the_reasons_alone_keep_a_condition_up_whatever_else_is_true(
    condition: Condition, values: Values, others: Values
) -> None:
    reasons = met(condition, values, START)

    named = {reason.split(": ")[0] for reason in reasons}
    assert bool(reasons) is holds(condition, values, START)
    assert named <= names(condition)
    if reasons:
        assert holds(condition, {**others, **{name: values[name] for name in named}}, START)


@given(parts=st.lists(conditions, min_size=1, max_size=3).map(tuple), values=known)
def test_not_any_is_all_not(parts: tuple[Condition, ...], values: Values) -> None:
    none_of_them = Not(part=AnyOf(parts=parts))
    all_not = AllOf(parts=tuple(Not(part=part) for part in parts))

    assert holds(none_of_them, values, START) is holds(all_not, values, START)
    assert sorted(met(none_of_them, values, START)) == sorted(met(all_not, values, START))


@given(condition=conditions, values=known, start=st.dates(START, START + timedelta(days=200)))
def test_only_what_a_condition_names_can_change_it(condition: Condition, values: Values, start: date) -> None:
    read = {name: value for name, value in values.items() if name in names(condition)}
    assume(read != values)

    assert holds(condition, read, start) is holds(condition, values, start)
    assert {leaf.name for leaf in leaves(condition)} == names(condition)
