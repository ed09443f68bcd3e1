"""Slack's page as people see it in a browser, drawn by a program that we did not write."""

import os
from pathlib import Path

import pytest

from tests.alone import run_alone

DRAWN = {"every card and form of the gallery": "pictures.py::test_every_card_and_form_is_drawn"}
if os.environ.get("BOOKEND_TEST_PICTURES"):
    # that day is proven without its pictures, by test_whole_case.py
    DRAWN["the readme's pictures of a day"] = "for_readme.py::test_the_readmes_pictures"


@pytest.mark.parametrize("inner", DRAWN.values(), ids=DRAWN)
def test_drawn_by_a_page_that_we_did_not_write(
    need_slack_standin: Path, need_chromium: Path, inner: str
) -> None:
    finished = run_alone(f"tests/chat/slack/{inner}")

    assert finished.returncode == 0, finished.stdout + finished.stderr
