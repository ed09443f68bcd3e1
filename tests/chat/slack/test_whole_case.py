"""A whole case in a Slack workspace that we did not write, where only loopback exists."""

from pathlib import Path

import pytest

from tests.alone import run_alone

CASE = "tests/chat/slack/whole_case.py"
DAY = "tests/chat/slack/serve_day.py::test_a_day"
SCENES = {
    "a case is confirmed from booking to the visit of day 7, one stop decided": f"{CASE}::test_a_whole_case",
    "the same by requests that Slack signs": f"{CASE}::test_signed_requests",
    "mistakes stand at their fields, a thread answers its card": f"{CASE}::test_what_else_people_do",
    "a bot killed while it speaks goes on and says nothing twice": f"{CASE}::test_a_kill",
    "bookend serve goes on where it was ended": "tests/chat/slack/serve_case.py",
    "bookend serve lives through a day, with every command": f"{DAY}[socket]",
    "the same day by requests that Slack signs": f"{DAY}[signed]",
}


@pytest.mark.parametrize("scene", SCENES.values(), ids=SCENES)
def test_in_a_slack_workspace(need_slack_standin: Path, scene: str) -> None:
    finished = run_alone(scene)

    assert finished.returncode == 0, finished.stdout + finished.stderr
