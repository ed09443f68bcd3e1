"""Run by teams/test_whole_day.py where only loopback exists: one clinic, half of it in Slack, half in Teams.

What is asked in Slack is answered in Teams; both cards and both boards say so within a second.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from time import monotonic

from bot.clock import WallClock
from tests.alone import wait_until
from tests.chat.slack.hands import Hands
from tests.chat.slack.serve_day import HERE, PLAYBOOK
from tests.chat.slack.staff import CHANNELS, STAFF
from tests.chat.teams.page import MINE, TeamsPage, in_browser
from tests.chat.teams.serve_day import BOARD as BOARD_IN_TEAMS
from tests.chat.teams.serve_day import BOARD_NAME, PEOPLE, in_teams
from tests.playground import account, playground
from tests.serving import free_port, furnish, in_slack, serving, shipped
from tests.slack_standin import workspace

#: Jo has an account in both, and is asked where the clinic's platforms begin: in Slack.
CLINIC = f"""\
clinic: riverside
title: Riverside Skin Clinic
timezone: Europe/London
open: {{mon-sun: 00:00-23:59}}
rooms: {{room-2: {{devices: [CO₂ laser]}}}}
people:
  jo: {{name: Jo Sample, roles: [nurse], slack: U0JO, teams: {account("jo")}}}
  ali: {{name: Dr Ali Example, roles: [physician, medical_director], teams: {account("ali")}}}
  max: {{name: Max Model, roles: [operator], slack: U0MAX}}
  robin: {{name: Robin Draft, roles: [front_desk], slack: U0ROBIN}}
  kit: {{name: Kit Pattern, roles: [manager], slack: U0KIT, teams: {account("kit")}}}
roster: {{mon-sun: {{physician: [ali], nurse: [jo], operator: [max], front_desk: [robin], manager: [kit]}}}}
channels:
  slack: {{board: C0BOARD}}
  teams: {{board: "{BOARD_IN_TEAMS}"}}
playbooks: [glow]
"""
#: How soon all four must say the same, in seconds.
SOON = 1.0
#: A board is edited at most so often, in seconds: each platform's limit, and a little.
AT_REST = 5.0


@contextmanager
def both(
    slack_program: Path, teams_program: Path, chromium: Path, folder: Path
) -> Iterator[tuple[Hands, TeamsPage]]:
    port, book = free_port(), shipped("facts.yaml", "red-flags.yaml") | {"glow.yaml": PLAYBOOK}
    bot_url = f"http://127.0.0.1:{port}/api/messages"
    with (
        workspace(slack_program, people=STAFF, channels=CHANNELS) as slack,
        playground(
            teams_program, bot_url=bot_url, people=PEOPLE, channels={BOARD_IN_TEAMS: BOARD_NAME}
        ) as url,
    ):
        settings = in_slack(slack.api_url) | in_teams(f"{url}/_connector", port)
        with (
            in_browser(chromium, url) as page,
            serving(folder, furnish(folder, CLINIC, book) | settings),
        ):
            yield Hands(slack), page


def test_a_case_lives_in_both(
    need_slack_standin: Path, need_playground: Path, need_chromium: Path, tmp_path: Path
) -> None:
    with both(need_slack_standin, need_playground, need_chromium, tmp_path) as (hands, page):
        a_patient_is_booked(hands)
        hands.sees("U0JO", "Skin exam", "Medication disclosure")

        page.says("mine")
        page.sees("Skin exam")
        page.presses("Answer", "Skin exam")
        page.chooses("Tan in the area", "Yes")
        page.fills("Skin type", "3")
        boards_may_change_at_once()
        answered = monotonic()
        page.presses("Confirm")
        page.sees("Skin exam: confirmed")
        page.open(BOARD_NAME)
        page.sees("1 not ready")
        hands.sees("U0JO", "Confirmed by Jo Sample")
        hands.sees("C0BOARD", "1 not ready", "Skin exam")
        assert monotonic() - answered < SOON

        # and the other way round
        hands.press("U0JO", "Answer", "Medication disclosure")
        assert hands.fill("U0JO", taking="nothing") == {}
        page.open(MINE)
        page.says("mine")
        page.sees("Nothing waits for you")


def boards_may_change_at_once() -> None:
    """Wait until no edit from before holds up the next."""
    since = monotonic()
    wait_until(lambda: monotonic() - since > AT_REST, what="boards at rest")


def a_patient_is_booked(hands: Hands) -> None:
    start = WallClock().now().astimezone(HERE) + timedelta(minutes=4)
    with hands.told("U0ROBIN", "into your appointment book"):
        line = f"new glow {start:%Y-%m-%d %H:%M} room-2 max"
        hands.slack.command("U0ROBIN", "/bookend", line, channel="C0BOARD")
