"""A whole day in a Teams client that we did not write, where only loopback exists."""

from pathlib import Path

import pytest

from tests.alone import run_alone

SCENES = {
    "prompts, a form, the board, a mention and a thread": "tests/chat/teams/serve_day.py::test_a_day",
    "one truth in Slack and in Teams": "tests/chat/side_by_side.py::test_a_case_lives_in_both",
}


@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES)
def test_in_a_teams_client(
    need_playground: Path, need_chromium: Path, need_slack_standin: Path, scene: str
) -> None:
    finished = run_alone(scene)

    assert finished.returncode == 0, finished.stdout + finished.stderr
