"""Facts: what they can hold, and what they hold of a patient who has nothing."""

from datetime import date

import pytest

from bot.core.conditions import Value
from bot.core.errors import WrongValues
from bot.core.facts import Fact, FactKind, accept_all, nothing_found

SMOKER = Fact(name="smoker", title="Smoker", words=("no", "yes", "unknown"))
MODE = Fact(name="mode", title="Mode", words=("fractional", "full_field"))
DEVICE = Fact(name="device_class", title="Device", words=("laser", "ipl", "rf"))
AGE = Fact(name="age", title="Age", kind=FactKind.NUMBER, default=40)
DOSE = Fact(name="last_dose", title="Last dose", kind=FactKind.DATE)
FACTS = {fact.name: fact for fact in (SMOKER, MODE, DEVICE, AGE, DOSE)}


def test_asked_and_nothing_found_is_the_first_word_the_default_number_and_no_date() -> None:
    assert nothing_found(FACTS.values(), {}) == {
        "smoker": "no",
        "mode": "fractional",
        "device_class": "laser",
        "age": 40,
        "last_dose": None,
    }


def test_a_playbook_that_allows_only_some_devices_starts_with_its_first() -> None:
    assert nothing_found([DEVICE], {"device_class": ("ipl", "rf")}) == {"device_class": "ipl"}


@pytest.mark.parametrize(
    ("fact", "value"),
    [(SMOKER, "unknown"), (AGE, 17), (AGE, 17.5), (DOSE, date(2026, 8, 31)), (DOSE, None)],
)
def test_a_fact_takes_what_it_declares(fact: Fact, value: Value) -> None:
    assert fact.accept(value) == value


@pytest.mark.parametrize(
    ("fact", "value", "said"),
    [
        (SMOKER, "yess", "smoker is one of no, yes, unknown, not 'yess'. Did you mean 'yes'?"),
        (SMOKER, None, "smoker is one of no, yes, unknown, not None."),
        (AGE, "40", "age is a number, not '40'."),
        (AGE, None, "age is a number, not None."),
        (DOSE, "2026-08-31", "last_dose is a date such as 2026-08-31, not '2026-08-31'."),
    ],
)
def test_a_fact_refuses_anything_else_and_says_what_it_takes(fact: Fact, value: Value, said: str) -> None:
    with pytest.raises(ValueError) as refused:
        fact.accept(value)

    assert str(refused.value) == said


def test_every_wrong_fact_is_named_at_once_and_none_is_taken() -> None:
    given = {"smokr": "yes", "mode": "full", "age": 30}

    with pytest.raises(WrongValues) as refused:
        accept_all(FACTS, given)

    assert set(refused.value.problems) == {"smokr", "mode"}
    assert "Did you mean 'smoker'?" in refused.value.problems["smokr"]
    assert "full_field" in refused.value.problems["mode"]


def test_right_facts_are_taken_as_they_are() -> None:
    assert accept_all(FACTS, {"smoker": "yes", "age": 30}) == {"smoker": "yes", "age": 30}
