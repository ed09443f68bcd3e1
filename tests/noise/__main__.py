"""`python -m tests.noise`: play an invented day, or `--month`, and print what people hear."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import timedelta

from tests.noise.clinic import CALENDAR, DAY, SECOND_NURSE, STAFF, clinic
from tests.noise.day import Day
from tests.noise.figures import table
from tests.noise.month import Month


def main(arguments: Sequence[str]) -> int:
    """Play and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.noise", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="other patients and other delays")
    parser.add_argument("--month", action="store_true", help="thirty days in which much goes wrong, as well")
    asked = parser.parse_args(arguments)
    for words, staff in (("one nurse", STAFF), ("two nurses", {**STAFF, **SECOND_NURSE})):
        day = Day(clinic(staff), asked.seed)
        day.play()
        print("\n".join([f"\n18 procedures, 6 consultations, {words}", *table(day.figures())]))
    return _month(asked.seed) if asked.month else 0


def _month(seed: int) -> int:
    month = Month(seed, cases=40, days=30)
    month.play()
    working = sum(CALENDAR.is_open(DAY + timedelta(days=day)) for day in range(31))
    print(
        "\n".join(["\n40 cases in 30 days, on a working day", *table(month.figures(), working), *month.wrong])
    )
    return 1 if month.wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
