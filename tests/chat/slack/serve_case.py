"""Run by test_whole_case.py where only loopback exists: `bookend serve` itself, at the real time."""

import json
import subprocess
import sys
from datetime import UTC, timedelta
from pathlib import Path

from bot.clock import WallClock
from tests.alone import wait_until
from tests.chat.slack.staff import CHANNELS, STAFF
from tests.serving import furnish, in_slack, serving, shipped
from tests.slack_standin import Json, SlackStandIn, workspace

#: An invented clinic that never closes: this test runs at any hour.
CLINIC = """\
clinic: riverside
title: Riverside Skin Clinic
timezone: Europe/London
open: {mon-sun: 00:00-23:59}
rooms: {room-2: {devices: [CO₂ laser]}}
people:
  ali: {name: Dr Ali Example, roles: [physician, medical_director], slack: U0ALI}
  jo: {name: Jo Sample, roles: [nurse, front_desk, operator, manager], slack: U0JO}
roster: {mon-sun: {physician: [ali], nurse: [jo], operator: [jo], front_desk: [jo], manager: [jo]}}
channels: {slack: {board: C0BOARD}}
playbooks: [abl]
"""
JO = "U0JO"


def booking(file: Path) -> Path:
    """Write a booking for a month from now."""
    start = WallClock().now().astimezone(UTC) + timedelta(days=30)
    facts = {"age": 52, "area_face": "yes", "mode": "fractional", "area_periocular": "no"}
    told = {"playbook": "abl", "start": f"{start:%Y-%m-%dT09:30}", "room": "room-2"}
    facts |= {"anaesthesia": "none", "sedation": "none"}
    file.write_text(json.dumps(told | {"facts": facts}), "utf-8")
    return file


def cards(slack: SlackStandIn, account: str) -> list[Json]:
    sent = slack.messages(account)
    return [each for each in sent if not each.get("ephemeral_to") and not each.get("thread_ts")]


def stand(slack: SlackStandIn) -> dict[str, str]:
    """Every card by its place, with whose it is and what it is called."""
    places = (JO, "U0ALI", "C0BOARD")
    return {
        card["ts"]: f"{place} {card['blocks'][0]['text']['text']}"
        for place in places
        for card in cards(slack, place)
    }


def new(env: dict[str, str], booking: Path) -> str:
    """Open a case by the command line, beside the server; return its code."""
    command = (sys.executable, "-m", "bot", "new", str(booking), "--json")
    made = subprocess.run(command, env=env, check=True, capture_output=True, text=True)
    return str(json.loads(made.stdout)["case"])


def all_yes(view: Json) -> dict[str, str]:
    return {
        block["block_id"]: "yes"
        for block in view["blocks"]
        if block["type"] == "input" and "yes" in [each["value"] for each in block["element"]["options"]]
    }


def test_bookend_serve(need_slack_standin: Path, tmp_path: Path) -> None:
    with workspace(need_slack_standin, people=STAFF, channels=CHANNELS) as slack:
        env = furnish(tmp_path, CLINIC, shipped())
        with serving(tmp_path, env | in_slack(slack.api_url)):
            slack.wait_for_bot()
            code = new(env, booking(tmp_path / "booking.json"))
            card = wait_until(lambda: next(iter(cards(slack, JO)), None), what="a card", timeout=20)

            slack.press(JO, card, "Answer")
            view = wait_until(slack.form, what="the form")
            assert slack.submit(JO, all_yes(view)) == {}

            done = "✅ 1. Booking record"
            wait_until(lambda: done in str(cards(slack, JO)[0]["blocks"]), what="the answer on the card")
            slack.command(JO, "/bookend", f"case {code}")
            assert any(code in each["text"] for each in slack.messages(JO) if each.get("ephemeral_to"))
        before = stand(slack)

        with serving(tmp_path, env | in_slack(slack.api_url)):
            slack.wait_for_bot()
            slack.command(JO, "/bookend", "mine")

        assert set(before) <= set(stand(slack))
        assert len(set(stand(slack).values())) == len(stand(slack)), "no card stands there twice"
