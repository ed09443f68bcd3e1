"""`python -m tests.fuzz --seconds 60 [--seed N]`: spoils files and words, and counts what became of them."""

from __future__ import annotations

import argparse
import secrets
import tempfile
from collections import Counter
from pathlib import Path
from random import Random
from time import monotonic

from tests.fuzz.spoilt import FILES, AtWork, in_folder, spoilt_file

#: So many words are typed for each set of files.
TYPED = 20


def main() -> None:
    """Spoil until the time is over; the number that finds something is printed last."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(2**32))
    asked = parser.parse_args()
    counted: Counter[tuple[str, str]] = Counter()
    end, number = monotonic() + asked.seconds, asked.seed
    with tempfile.TemporaryDirectory() as folder, in_folder(Path(folder)):
        while monotonic() < end:
            print(f"\rseed {number}", end="", flush=True)
            counted += _spoilt(number)
            number += 1
    print()
    for (kind, said), times in sorted(counted.items()):
        print(f"{kind:8} {said:8} {times:7,}")
    print(f"{counted.total():,} in all, and nothing that nobody foresaw")


def _spoilt(number: int) -> Counter[tuple[str, str]]:
    """Spoil one file of each kind, and a morning of typed words."""
    said = [(kind, spoilt_file(kind, Random(number))) for kind in FILES]
    at_work, random = AtWork(), Random(number)
    said += [("typed", at_work.typed(random)) for _ in range(TYPED)]
    assert at_work.is_whole(), "a line of history is not as it was written"
    return Counter(said)


if __name__ == "__main__":
    main()
