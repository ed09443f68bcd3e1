"""Every card and form of the gallery in a browser, in a page that we did not write."""

from pathlib import Path

from tests.slack_standin import run_alone


def test_every_card_and_form_is_drawn_by_a_page_that_we_did_not_write(
    need_slack_standin: Path, need_chromium: Path
) -> None:
    finished = run_alone("tests/chat/slack/pictures.py")

    assert finished.returncode == 0, finished.stdout + finished.stderr
