"""The invented clinic whose Bookend is killed: open at every hour, and patients who come in a few minutes."""

from __future__ import annotations

from pathlib import Path

from tests.chat.slack.fake import APP_TOKEN, BOARD, SECRET, TOKEN, FakeSlack, channel, user
from tests.chat.slack.serve_day import PLAYBOOK
from tests.serving import furnish, shipped

ESCALATIONS = "C0ESC"
ROBIN, JO, ANN, ALI, KIT = "U0ROBIN", "U0JO", "U0ANN", "U0ALI", "U0KIT"
OPERATORS = ("max", "mia", "moe")
EVERYBODY = (ROBIN, JO, ANN, *(f"U0{each.upper()}" for each in OPERATORS), ALI, KIT)
ROOMS = tuple(f"room-{number}" for number in range(1, 7))
#: What people answer; where a field is none of these, its first choice.
USUAL = {"tan": "no", "shade": "3", "taking": "nothing", "both_match": "yes", "on": "yes", "said": "yes"} | {
    "passes": "2",
    "told": "yes",
    "booked": "yes",
}
_CLINIC = f"""\
clinic: riverside
title: Riverside Skin Clinic
timezone: Europe/London
open: {{mon-sun: 00:00-23:59}}
rooms: {{{", ".join(f"{room}: {{devices: [CO₂ laser]}}" for room in ROOMS)}}}
people:
  ali: {{name: Dr Ali Example, roles: [physician, medical_director], slack: {ALI}}}
  jo: {{name: Jo Sample, roles: [nurse], slack: {JO}}}
  ann: {{name: Ann Pattern, roles: [nurse], slack: {ANN}}}
  max: {{name: Max Model, roles: [operator], slack: U0MAX}}
  mia: {{name: Mia Model, roles: [operator], slack: U0MIA}}
  moe: {{name: Moe Model, roles: [operator], slack: U0MOE}}
  robin: {{name: Robin Draft, roles: [front_desk], slack: {ROBIN}}}
  kit: {{name: Kit Pattern, roles: [manager], slack: {KIT}}}
roster:
  mon-sun:
    physician: [ali]
    nurse: [jo, ann]
    operator: [max, mia, moe]
    front_desk: [robin]
    manager: [kit]
channels: {{slack: {{board: {BOARD}, escalations: {ESCALATIONS}}}}}
playbooks: [glow]
"""
#: All instances of one database have the same.
KEY = "an invented secret of the history chain"


def furnished(folder: Path, database: str) -> dict[str, str]:
    """Write the clinic's files into a folder, signed in that database; return the environment that names all
    of it.
    """
    books = shipped("facts.yaml", "red-flags.yaml") | {"glow.yaml": PLAYBOOK}
    return furnish(folder, _CLINIC, books, BOOKEND_DATABASE_URL=database, BOOKEND_HISTORY_KEY=KEY)


def in_slack(slack: FakeSlack, *, socket: bool, port: int = 0) -> dict[str, str]:
    """The settings by which Bookend reaches the invented workspace, and is reached."""
    way = {"BOOKEND_SLACK_APP_TOKEN": APP_TOKEN} if socket else {"BOOKEND_SLACK_SIGNING_SECRET": SECRET}
    tokens = {"BOOKEND_SLACK_BOT_TOKEN": TOKEN, "BOOKEND_SLACK_API_URL": slack.url, "PORT": str(port)}
    return tokens | way


def hired(slack: FakeSlack) -> None:
    """Let everybody into the workspace, and both channels."""
    slack.users |= {each: user(each) for each in EVERYBODY}
    slack.channels[ESCALATIONS] = channel(ESCALATIONS)
    slack.members[BOARD] = slack.members[ESCALATIONS] = {*EVERYBODY}
