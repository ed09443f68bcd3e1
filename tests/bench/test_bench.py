"""The bench itself: it runs, and its table says what was measured."""

import pytest

from tests.bench.__main__ import main
from tests.bench.figures import Figure, Goal


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
