"""What Teams is asked for on a whole day stays little."""

import pytest

from tests.chat.requests import table
from tests.chat.teams.requests import TeamsDay
from tests.examples import every_proof


@pytest.mark.skipif(not every_proof(), reason="a whole day of every edit takes half a minute")
def test_an_answer_costs_less_than_two_requests() -> None:
    day = TeamsDay(seed=1)
    day.play()

    assert day.beside.calls().total() < 2 * day.staff.answered
    assert [line for line in table(day) if line.startswith("edit")]
