"""Run by test_whole_case.py where only loopback exists: `bookend serve` itself, at the real time."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, timedelta
from pathlib import Path

from bot.clock import WallClock
from bot.paths import shipped_playbooks
from tests.chat.slack.staff import CHANNELS, STAFF
from tests.signed import sign_all
from tests.slack_standin import APP_TOKEN, BOT_TOKEN, Json, SlackStandIn, wait_until, workspace

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


def furnish(folder: Path, slack: SlackStandIn) -> dict[str, str]:
    """Write a clinic's files into a folder, its playbooks signed; return the environment that names them."""
    playbooks = folder / "playbooks"
    playbooks.mkdir()
    for file in shipped_playbooks().glob("*.yaml"):
        (playbooks / file.name).write_text(file.read_text("utf-8"), "utf-8")
    (folder / "clinic.yaml").write_text(CLINIC, "utf-8")
    start = WallClock().now().astimezone(UTC) + timedelta(days=30)
    facts = {"age": 52, "area_face": "yes", "mode": "fractional", "area_periocular": "no"}
    booking = {"playbook": "abl", "start": f"{start:%Y-%m-%dT09:30}", "room": "room-2"}
    facts |= {"anaesthesia": "none", "sedation": "none"}
    (folder / "booking.json").write_text(json.dumps(booking | {"facts": facts}), "utf-8")
    inherited = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    files = {
        "BOOKEND_CLINIC": str(folder / "clinic.yaml"),
        "BOOKEND_PLAYBOOKS": str(playbooks),
        "BOOKEND_DATABASE_URL": f"sqlite:///{folder / 'bookend.db'}",
    }
    sign_all(files)
    return (
        inherited
        | files
        | {
            "BOOKEND_SLACK_BOT_TOKEN": BOT_TOKEN,
            "BOOKEND_SLACK_APP_TOKEN": APP_TOKEN,
            "BOOKEND_SLACK_API_URL": slack.api_url,
            "PORT": "0",
        }
    )


@contextmanager
def serving(slack: SlackStandIn, env: dict[str, str]) -> Iterator[None]:
    """Run `bookend serve` until it is told to end."""
    command = (sys.executable, "-m", "bot", "serve")
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            assert process.stdout.readline().startswith("Bookend serves riverside on slack")
            slack.wait_for_bot()
            yield
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=15) in (0, -signal.SIGTERM)


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
        env = furnish(tmp_path, slack)
        with serving(slack, env):
            code = new(env, tmp_path / "booking.json")
            card = wait_until(lambda: next(iter(cards(slack, JO)), None), what="a card", timeout=20)

            slack.press(JO, card, "Answer")
            view = wait_until(slack.form, what="the form")
            assert slack.submit(JO, all_yes(view)) == {}

            done = "✅ 1. Booking record"
            wait_until(lambda: done in str(cards(slack, JO)[0]["blocks"]), what="the answer on the card")
            slack.command(JO, "/bookend", f"case {code}")
            assert any(code in each["text"] for each in slack.messages(JO) if each.get("ephemeral_to"))
        before = stand(slack)

        with serving(slack, env):
            slack.command(JO, "/bookend", "mine")

        assert set(before) <= set(stand(slack))
        assert len(set(stand(slack).values())) == len(stand(slack)), "no card stands there twice"
