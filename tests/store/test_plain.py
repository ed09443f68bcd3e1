"""Values go into text and come out equal, of the same type, whatever they are."""

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.store.plain import from_text, to_text

PLAIN = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.dates()
    | st.times()
    | st.datetimes(datetime(1900, 1, 1), datetime(9000, 1, 1), timezones=st.timezones())
)
KEYS = st.text() | st.sampled_from(["$date", "$tuple", "$mapping", "$moment", "$time"])
VALUES = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(KEYS, inner),
    max_leaves=12,
)


def typed(value: Any) -> Any:
    """The value with the types of all its parts: 1 == 1.0 == True, but they are not the same answer."""
    if isinstance(value, dict):
        return {name: typed(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return type(value), [typed(each) for each in value]
    # In the doubled hour of autumn, Python calls no two zones' instants equal: in UTC they are.
    return type(value), value.astimezone(UTC) if isinstance(value, datetime) else value


@given(VALUES)
def test_every_value_comes_back_equal_and_of_its_type(value: Any) -> None:
    assert typed(from_text(to_text(value))) == typed(value)


@given(VALUES)
def test_the_text_is_json_in_ascii(value: Any) -> None:
    text = to_text(value)

    json.loads(text)
    assert text.isascii()
    assert "\0" not in text


def test_equal_mappings_give_equal_text() -> None:
    assert to_text({"b": 1, "a": 2}) == to_text({"a": 2, "b": 1}) == '{"a":2,"b":1}'


def test_types_are_written_where_a_person_can_read_them() -> None:
    value = {"day": date(2027, 1, 4), "at": time(9, 5), "areas": ("face", "neck"), "$": 1}

    assert json.loads(to_text(value)) == {
        "$mapping": {
            "day": {"$date": "2027-01-04"},
            "at": {"$time": "09:05:00"},
            "areas": {"$tuple": ["face", "neck"]},
            "$": 1,
        }
    }


def test_an_instant_is_kept_in_utc() -> None:
    assert from_text(to_text(datetime(2027, 1, 4, 9, tzinfo=UTC))).utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), {1, 2}, b"bytes", object(), datetime(2027, 1, 4, 9)],
    ids=["nan", "inf", "set", "bytes", "object", "naive"],
)
def test_what_cannot_come_back_is_refused(value: object) -> None:
    with pytest.raises((ValueError, TypeError)):
        to_text({"value": value})
