"""`python -m tests.noise`: play the invented day with one nurse and with two, and print what all hear."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from tests.noise.clinic import SECOND_NURSE, STAFF, clinic
from tests.noise.day import Day
from tests.noise.figures import table


def main(arguments: Sequence[str]) -> int:
    """Play and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.noise", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="other patients and other delays")
    asked = parser.parse_args(arguments)
    for words, staff in (("one nurse", STAFF), ("two nurses", {**STAFF, **SECOND_NURSE})):
        day = Day(clinic(staff), asked.seed)
        day.play()
        print("\n".join([f"\n18 procedures, 6 consultations, {words}", *table(day.figures())]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
