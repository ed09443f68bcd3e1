"""Two invented clinics in one program: Riverside lets names into one platform of its two, Harbour nowhere."""

from __future__ import annotations

from pathlib import Path

from tests.chat.slack.fake import BOARD, SECRET, TOKEN, FakeSlack, channel, user
from tests.chat.slack.serve_day import PLAYBOOK
from tests.chat.teams import fake as teams_fake
from tests.chat.teams.fake import FakeTeams, account
from tests.serving import furnish, shipped
from tests.signed import sign_all

ALI, JO, MAX, KIT, ANN = "U0ALI", "U0JO", "U0MAX", "U0KIT", "U0ANN"
#: In Teams: Riverside's front desk, and a second nurse.
ROBIN, SAM = "robin", "sam"
HARBOUR_BOARD = "C0HARBOUR"
_RIVERSIDE = f"""\
clinic: riverside
title: Riverside Skin Clinic
timezone: Europe/London
open: {{mon-sun: 00:00-23:59}}
rooms: {{room-2: {{devices: [CO₂ laser]}}}}
people:
  ali: {{name: Dr Ali Example, roles: [physician, medical_director], slack: {ALI}}}
  jo: {{name: Jo Sample, roles: [nurse], slack: {JO}}}
  max: {{name: Max Model, roles: [operator], slack: {MAX}}}
  kit: {{name: Kit Pattern, roles: [manager], slack: {KIT}}}
  robin: {{name: Robin Draft, roles: [front_desk], teams: {account(ROBIN)}}}
  sam: {{name: Sam Stencil, roles: [nurse], teams: {account(SAM)}}}
roster: {{mon-sun: {{physician: [ali], nurse: [jo], operator: [max], front_desk: [robin], manager: [kit]}}}}
channels: {{slack: {{board: {BOARD}}}, teams: {{board: "{teams_fake.BOARD}"}}}}
playbooks: [glow]
"""
_EVERY_ROLE = "nurse, front_desk, operator, physician, medical_director, manager"
_HARBOUR = f"""\
clinic: harbour
title: Harbour Clinic
timezone: Europe/London
open: {{mon-sun: 00:00-23:59}}
rooms: {{room-9: {{devices: [CO₂ laser]}}}}
people:
  ann: {{name: Ann Trace, roles: [{_EVERY_ROLE}], slack: {ANN}}}
roster: {{mon-sun: {{physician: [ann], nurse: [ann], operator: [ann], front_desk: [ann], manager: [ann]}}}}
channels: {{slack: {{board: {HARBOUR_BOARD}}}}}
privacy: strict
playbooks: [glow]
"""


def furnished(folder: Path, full: str, **more: str) -> dict[str, str]:
    """Write both clinics' files into a folder, signed; return the environment that names them. Riverside is
    `full` on that platform.
    """
    level = f"privacy: {{{full}: full}}\nbaa: {{{full}: {{with: Whoever, signed_on: 2026-01-04}}}}\n"
    books = shipped("facts.yaml", "red-flags.yaml") | {"glow.yaml": PLAYBOOK}
    found = furnish(folder, _RIVERSIDE + level, books, **more)
    harbour = folder / "harbour.yaml"
    harbour.write_text(_HARBOUR, "utf-8")
    both = found | {"BOOKEND_CLINIC": f"{folder / 'clinic.yaml'},{harbour}"}
    sign_all(both)
    return both


def in_both(slack: FakeSlack, teams: FakeTeams, port: int) -> dict[str, str]:
    """The settings by which both platforms are reached, and Bookend is, behind one port of this machine."""
    teams.strict = False
    return {
        "BOOKEND_SLACK_BOT_TOKEN": TOKEN,
        "BOOKEND_SLACK_API_URL": slack.url,
        "BOOKEND_SLACK_SIGNING_SECRET": SECRET,
        "BOOKEND_TEAMS_CLIENT_ID": teams_fake.BOT,
        "BOOKEND_TEAMS_TENANT_ID": teams_fake.TENANT,
        "BOOKEND_TEAMS_UNAUTHENTICATED": "true",
        "BOOKEND_TEAMS_SERVICE_URL": teams.service,
        "BOOKEND_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "PORT": str(port),
    }


def hired(slack: FakeSlack, teams: FakeTeams, profile: dict[str, str]) -> None:
    """Let everybody in; `profile` is what stands in everybody's Slack profile."""
    for each in (ALI, JO, MAX, KIT, ANN):
        found = user(each)
        slack.users[each] = found | {"profile": {**found["profile"], **profile}}
    slack.channels[HARBOUR_BOARD] = channel(HARBOUR_BOARD)
    slack.members[BOARD], slack.members[HARBOUR_BOARD] = {ALI, JO, MAX, KIT}, {ANN}
    for name in (ROBIN, SAM):
        teams.join(name)
