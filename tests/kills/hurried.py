"""`python -m tests.kills.hurried serve`: Bookend itself with short leases, for a test that cannot wait until
one of a minute runs out.
"""

from __future__ import annotations

from datetime import timedelta

from bot.cli import main
from bot.service import deliver, tick

#: Longer than any try of a test takes.
LEASE = timedelta(seconds=5)


def hurry() -> None:
    """Let every lease run out soon."""
    deliver.LEASE, deliver.FRESH, tick.SWEEP = LEASE, LEASE / 2, LEASE


if __name__ == "__main__":
    hurry()
    main()
