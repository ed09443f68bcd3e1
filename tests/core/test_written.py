"""What people write: a date and a time are read whole or not at all."""

from datetime import date, time

import pytest

from bot.core.written import read_start


@pytest.mark.parametrize(
    "words",
    [
        ("2027-02-18", "09:30"),
        ("2027-02-18T09:30",),
        ("18.2.2027", "9.30"),
        ("18", "Oct", "2027", "9:30"),
        ("18", "OCT", "2027", "9:30"),
    ],
)
def test_a_start_is_read_as_people_write_it(words: tuple[str, ...]) -> None:
    day, at = read_start(words)

    assert (day.year, day.day, at) == (2027, 18, time(9, 30))
    assert day in (date(2027, 2, 18), date(2027, 10, 18))


@pytest.mark.parametrize(
    "words", [(), ("2027-02-18",), ("2027-02-18", "3:30", "pm"), ("09:30", "2027-02-18")]
)
def test_a_start_that_is_half_understood_is_not_taken(words: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="is not a"):
        read_start(words)
