"""The bench itself: it runs, its table says what was measured, and what is done by hand is the same."""

from pathlib import Path

import pytest

from tests.bench.__main__ import main
from tests.bench.figures import Figure, Goal
from tests.bench.plainly import by_hand
from tests.bench.stocked import DUE_OF_A_CASE, KEY, NOW, Stock, fill, opened, round_clinic


def test_a_quick_run_prints_the_sweep(capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["--quick", "--only", "sweep"])

    printed = capsys.readouterr().out
    assert code == 0
    assert "sweep" in printed and "cores:" in printed


@pytest.mark.parametrize(("ours", "met"), [(1.3, True), (1.4, False)])
def test_a_goal_bounds_the_ratio(ours: float, met: bool) -> None:
    figure = Figure(what="sweep", ours=ours, against="less stored", theirs=1.0, goal=Goal(bound=1.3))

    assert figure.met is met


@pytest.mark.parametrize(("theirs", "met"), [(15.0, True), (14.9, False)])
def test_a_goal_can_ask_to_be_faster(theirs: float, met: bool) -> None:
    figure = Figure(what="sweep", ours=1.0, against="jobs", theirs=theirs, goal=Goal(bound=15, faster=True))

    assert figure.met is met


def test_what_is_swept_by_hand_is_chained_as_bookend_chains_it(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'swept.db'}"
    fill(url, Stock(tasks=1_000, rounds=1, due=20, board=1))
    with opened(url) as store:
        # the copies of a case have its links
        before = store.verify()

    with by_hand(tmp_path / "swept.db", KEY, NOW) as plain:
        swept = [plain.sweep(name) for name in ("models", round_clinic(0), round_clinic(0))]

    with opened(url) as store:
        assert swept == [DUE_OF_A_CASE, 20, 0]
        assert store.verify() == before
