"""Long lists in portions: databases limit how many values one question may name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

SIZE = 500
#: Cases of which all tasks are read at once: a thousand rows are much besides what is made of them.
CASES = 20


def batches(names: Sequence[str], size: int = SIZE) -> Iterator[Sequence[str]]:
    """Yield the names in portions that one question may name."""
    return (names[start : start + size] for start in range(0, len(names), size))
