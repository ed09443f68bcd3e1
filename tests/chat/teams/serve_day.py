"""Run by test_whole_day.py where only loopback exists: a day with `bookend serve` itself, in a Teams client.

Nothing of it is ours but one person's hands: Jo sits before the page, and is nurse, front desk and manager of
a very small clinic. The program is started as the README says, and a patient comes in a few minutes.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.clock import WallClock
from tests.chat.slack.serve_day import PLAYBOOK
from tests.chat.teams.page import MINE, TeamsPage, in_browser
from tests.playground import BOT, TENANT, account, playground
from tests.serving import free_port, furnish, serving, shipped

HERE = ZoneInfo("Europe/London")
BOARD, BOARD_NAME = "19:board@thread.tacv2", "procedures"
PEOPLE = {
    "jo": "Jo Sample",
    "ali": "Dr Ali Example",
    "max": "Max Model",
    "robin": "Robin Draft",
    "kit": "Kit Pattern",
    "lee": "Lee Stencil",
}
#: An invented clinic that never closes: this test runs at any hour.
CLINIC = f"""\
clinic: riverside
title: Riverside Skin Clinic
timezone: Europe/London
open: {{mon-sun: 00:00-23:59}}
rooms: {{room-2: {{devices: [CO₂ laser]}}}}
people:
  jo: {{name: Jo Sample, roles: [nurse, front_desk, manager], teams: {account("jo")}}}
  ali: {{name: Dr Ali Example, roles: [physician, medical_director], teams: {account("ali")}}}
  max: {{name: Max Model, roles: [operator], teams: {account("max")}}}
roster: {{mon-sun: {{physician: [ali], nurse: [jo], operator: [max], front_desk: [jo], manager: [jo]}}}}
channels: {{teams: {{board: "{BOARD}"}}}}
playbooks: [glow]
"""


def in_teams(connector: str, port: int) -> dict[str, str]:
    """The settings for a client that signs nothing."""
    return {
        "BOOKEND_TEAMS_CLIENT_ID": BOT,
        "BOOKEND_TEAMS_TENANT_ID": TENANT,
        "BOOKEND_TEAMS_UNAUTHENTICATED": "true",
        "BOOKEND_TEAMS_SERVICE_URL": connector,
        "PORT": str(port),
    }


@contextmanager
def a_day(program: Path, chromium: Path, folder: Path) -> Iterator[TeamsPage]:
    port, book = free_port(), shipped("facts.yaml", "red-flags.yaml") | {"glow.yaml": PLAYBOOK}
    with (
        playground(
            program,
            bot_url=f"http://127.0.0.1:{port}/api/messages",
            people=PEOPLE,
            channels={BOARD: BOARD_NAME},
        ) as url,
        # a page shows what comes while it is open, and nothing of what came before
        in_browser(chromium, url) as page,
        serving(folder, furnish(folder, CLINIC, book) | in_teams(f"{url}/_connector", port)),
    ):
        yield page


def test_a_day(need_playground: Path, need_chromium: Path, tmp_path: Path) -> None:
    with a_day(need_playground, need_chromium, tmp_path) as page:
        code = a_patient_is_booked(page)
        a_prompt_comes_by_itself(page)
        posted = the_board_stands_in_the_channel(page, code)
        a_form_is_mended(page)
        the_board_was_edited(page, code, posted)
        a_line_answers(page, code)
        a_mention_is_answered(page)
        a_thread_answers(page)


def a_patient_is_booked(page: TeamsPage) -> str:
    """Booked by a command, since she stands at the desk; return her code."""
    start = WallClock().now().astimezone(HERE) + timedelta(minutes=4)
    page.says(f"new glow {start:%Y-%m-%d %H:%M} room-2 max")
    page.sees("into your appointment book")
    found = re.search(r"Write ([2-9A-Z]{4,8})|([2-9A-Z]{4})\b[^.]*\. Write", page.words())
    assert found, page.words()
    return found[1] or found[2]


def a_prompt_comes_by_itself(page: TeamsPage) -> None:
    page.sees("Skin exam", "Medication disclosure")


def the_board_stands_in_the_channel(page: TeamsPage, code: str) -> int:
    """Return how many messages stand there: the first word, and the board."""
    page.open(BOARD_NAME)
    page.sees("1 today", code)
    posted = page.messages()
    page.open(MINE)
    return posted


def a_form_is_mended(page: TeamsPage) -> None:
    """A number out of range stands at its field; what was right stays; the card changes in its place."""
    before = page.messages()
    page.presses("Answer", "Skin exam")
    page.chooses("Tan in the area", "Yes")
    page.fills("Skin type", "9")
    page.presses("Confirm")
    page.sees("9 is not between 1 and 6.")
    page.pictured("Tan in the area", "teams-form")
    page.fills("Skin type", "3")
    page.presses("Confirm")
    page.sees("Skin exam: confirmed")
    page.pictured("Your list", "teams-list")
    assert page.messages() == before > 0


def the_board_was_edited(page: TeamsPage, code: str, posted: int) -> None:
    page.open(BOARD_NAME)
    page.sees("1 not ready", code)
    page.pictured("1 not ready", "teams-board")
    assert page.messages() == posted > 0
    page.open(MINE)


def a_line_answers(page: TeamsPage, code: str) -> None:
    page.says("list 1 na takes nothing")
    page.sees("Medication disclosure: not applicable")


def a_mention_is_answered(page: TeamsPage) -> None:
    """What a command says of cases comes into the personal chat; the channel hears only where it is."""
    page.open(BOARD_NAME)
    page.posts("status")
    page.sees("in our chat")
    page.open(MINE)
    page.sees("1 today")


def a_thread_answers(page: TeamsPage) -> None:
    page.open(BOARD_NAME)
    page.replies("overdue", below="1 today")
    page.open(MINE)
    page.sees("The soonest procedure is")
