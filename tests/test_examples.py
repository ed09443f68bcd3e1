"""The parts of large spaces: what is always looked at, and that nothing is left out where all is required."""

import pytest

from tests.examples import some_of


@pytest.mark.parametrize("size", [0, 1, 2, 3, 4, 12, 66, 1000])
def test_of_a_table_the_first_the_last_and_about_a_sixth_are_looked_at(
    monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.delenv("BOOKEND_TEST_REQUIRE", raising=False)
    cells = range(size)

    kept = some_of(cells)

    assert kept == sorted(set(kept)) == some_of(cells)
    assert kept[:1] == [*cells[:1]] and kept[-1:] == [*cells[-1:]]
    assert len(kept) == min(size, max(3, size // 6))


def test_where_every_proof_is_required_every_cell_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOOKEND_TEST_REQUIRE", "1")

    assert some_of(range(1000)) == [*range(1000)]
