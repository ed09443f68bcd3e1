"""Long lists in portions: databases limit how many values one question may name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

SIZE = 500


def batches(names: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield the names in portions that one question may name."""
    return (names[start : start + SIZE] for start in range(0, len(names), SIZE))
