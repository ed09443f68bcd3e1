"""Every shipped playbook in any hands: after any sequence of answers, facts, moves and added sessions the
stored status of each task equals judging it afresh, and the list is what the conditions say.
"""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.core.test_machine import CaseInAnyHands
from tests.examples import some
from tests.playbooks.tables import shipped


@pytest.mark.parametrize("name", sorted(shipped()))
def test_what_is_stored_is_what_judging_afresh_says(name: str) -> None:
    class InAnyHands(CaseInAnyHands):
        book = shipped()[name]

    drawn = settings(max_examples=some(25), stateful_step_count=15, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(InAnyHands, settings=drawn)
