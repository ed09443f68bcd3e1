"""The programs that measure how long a press waits still run: nobody starts them every day."""

from types import ModuleType

import pytest

from tests.chat.slack import latency as slack
from tests.chat.teams import latency as teams


@pytest.mark.parametrize("program", [slack, teams], ids=["slack", "teams"])
def test_what_a_press_waits_for_can_be_measured(program: ModuleType) -> None:
    assert all(program.by_each_way(2).values())
