"""A whole case in a Slack workspace that we did not write, where only loopback exists."""

from pathlib import Path

import pytest

from tests.slack_standin import run_alone

SCENES = {
    "test_a_whole_case": "a case is confirmed from booking to the visit of day 7, with a stop decided",
    "test_signed_requests": "the same by requests that Slack signs",
    "test_what_else_people_do": "mistakes at their fields, replies in a thread, commands for one alone",
    "test_a_kill": "a bot killed while it speaks goes on, loses nothing and says nothing twice",
}


@pytest.mark.parametrize("scene", SCENES, ids=SCENES.values())
def test_in_a_slack_workspace(need_slack_standin: Path, scene: str) -> None:
    finished = run_alone(f"tests/chat/slack/whole_case.py::{scene}")

    assert finished.returncode == 0, finished.stdout + finished.stderr
