"""A Slack workspace that tests can drive: the npm package `local-slack-linux-x64`, which we did not write.

It listens on every interface, so it, the bot and the tests run where only loopback exists (`tests/alone.py`).
It answers most calls only after the bot, which needs a process or thread of its own. It checks no token,
keeps no message metadata (see `calls`), has one modal for all, sends an event to every connection, and knows
no rate limits, repeats, guests, shared channels or limits of Block Kit.
"""

from __future__ import annotations

import json
import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.request import ProxyHandler, Request, build_opener

from websockets.sync.client import ClientConnection, connect

from tests.alone import be_alone, wait_until

APP_TOKEN = "xapp-standin"
BOT_TOKEN = "xoxb-standin"
BOT_USER = "U0BOT"
SIGNING_SECRET = "the secret of a workspace that does not exist"
TEAM = "T0CLINIC"
#: Slack shows the person an error when the app has not answered by then.
SECONDS_TO_ANSWER = 3.0

# How an element names its answer (`selected_date`) and what it shows at first (`initial_date`).
_PARTS = {"static_select": "option", "radio_buttons": "option", "datepicker": "date", "timepicker": "time"}
_PARTS |= {"multi_static_select": "options", "checkboxes": "options"}

Json = dict[str, Any]


class NotAnswered(AssertionError):
    """The bot was away, was too slow or failed: Slack would have shown the person an error."""


@contextmanager
def workspace(
    program: Path, *, people: Mapping[str, str], channels: Mapping[str, str], events_url: str | None = None
) -> Iterator[SlackStandIn]:
    """Run a workspace of these ids and names; it posts signed events to `events_url`, else Socket Mode."""
    be_alone()
    with tempfile.TemporaryDirectory(prefix="bookend-slack-") as name:
        folder = Path(name)
        (folder / "clinic.json").write_text(json.dumps(_described(people, channels, events_url)), "utf-8")
        command = (program.resolve(), "--config", "clinic.json", "--port", "0", "--base-host", "127.0.0.1")
        with (folder / "said").open("wb") as said:
            process = subprocess.Popen((*command, "--files-dir", name), cwd=name, stdout=said, stderr=said)
        try:
            port = wait_until(lambda: _printed_port(process, folder / "said"), what="the Slack stand-in")
            yield SlackStandIn(port)
        finally:
            process.terminate()
            process.wait(timeout=10)


class SlackStandIn:
    """What people do and see in a running workspace, in Slack's own JSON.

    A channel is an id; a person's id stands for their direct messages with the bot.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._seen: set[str] = set()

    @property
    def api_url(self) -> str:
        """What BOOKEND_SLACK_API_URL would hold."""
        return f"http://127.0.0.1:{self._port}/api/"

    def wait_for_bot(self) -> None:
        """Return when the bot has its Socket Mode connection."""
        wait_until(lambda: self._screen()["apps"][0]["connected"], what="the bot's connection", timeout=20)

    def messages(self, channel: str) -> list[Json]:
        """Every message and reply of a channel, oldest first, also those shown to one person only."""
        return list(self._control(f"messages/{self._conversation(channel)}")["messages"])

    def replies(self, message: Json) -> list[Json]:
        """What was said in the message's thread."""
        return [m for m in self.messages(message["channel"]) if m.get("thread_ts") == message["ts"]]

    def form(self) -> Json | None:
        """The modal on the screen, if one is."""
        return next(reversed(self._screen()["modalStack"]), None)

    def open_home(self, person: str) -> None:
        """Open a person's Home of the app."""
        self._act("open-home", user=person)

    def home(self, person: str) -> Json:
        """What a person's Home shows; nothing where it was never published."""
        return next(iter(self._screen()["homeViews"].get(person, {}).values()), {})

    def calls(self, method: str) -> list[Json]:
        """The arguments of the bot's calls of a Web API method, among the last 1,000 things that happened."""
        return [e.get("detail", {}) for e in self._log() if (e["kind"], e["summary"]) == ("web_api", method)]

    def say(self, person: str, text: str, *, channel: str = "", thread: Json | None = None) -> Json:
        """Type a message to the bot, in a channel, or in a thread."""
        place = {"channel": channel or person}
        if thread:
            place = {"channel": thread["channel"], "thread_ts": thread["ts"]}
        return dict(self._act("message", user=person, text=text, **place)["message"])

    def command(self, person: str, command: str, text: str = "", *, channel: str = "") -> None:
        """Type a slash command, in a channel or to the bot."""
        where = self._conversation(channel or person)
        self._act("command", user=person, command=command, text=text, channel=where)

    def press(self, person: str, message: Json, label: str, *, nth: int = 0) -> None:
        """Press a button as it was drawn in `message`, which may be out of date by now."""
        fitting = [button for button in buttons(message) if button["text"]["text"] == label]
        shown = [button["text"]["text"] for button in buttons(message)]
        assert len(fitting) > nth, f"no button {label!r} (number {nth + 1}) among {shown}"
        where = {"channel": message["channel"], "messageTs": message["ts"]}
        self._act("interact", user=person, action=fitting[nth], **where)

    def submit(self, person: str, answers: Mapping[str, Any]) -> dict[str, str]:
        """Send the modal with answers by block id; return the mistakes that the bot names (none: accepted).

        A choice is answered with its option's value, several with a list; other fields keep what they show.
        """
        view = self.form()
        assert view, "no form is open"
        values = _filled(view, answers)
        with self._ui() as ui:
            ui.recv(timeout=10)
            ui.send(json.dumps({"t": "view_submit", "user": person, "values": values}))
            return _outcome(ui)

    def _act(self, what: str, **details: Any) -> Json:
        started = monotonic()
        answer = self._control(what, details)
        took = monotonic() - started
        entries = [entry for entry in self._log() if entry["id"] not in self._seen]
        self._seen |= {entry["id"] for entry in entries}
        if problem := next(filter(None, map(_problem, entries)), None):
            raise NotAnswered(problem)
        if took > SECONDS_TO_ANSWER:
            raise NotAnswered(f"the bot took {took:.1f} s")
        return answer

    def _control(self, what: str, body: Json | None = None) -> Json:
        data = None if body is None else json.dumps(body).encode()
        url = f"http://127.0.0.1:{self._port}/_control/{what}"
        request = Request(url, data, {"content-type": "application/json"})
        with build_opener(ProxyHandler({})).open(request, timeout=30) as answer:
            return dict(json.load(answer))

    def _log(self) -> list[Json]:
        return list(self._control("log")["log"])

    def _conversation(self, channel: str) -> str:
        found = (
            c["id"] for c in self._control("state")["channels"] if c["is_im"] and channel in c["members"]
        )
        return next(found, channel)

    def _screen(self) -> Json:
        with self._ui() as ui:
            return dict(json.loads(ui.recv(timeout=10))["state"])

    @contextmanager
    def _ui(self) -> Iterator[ClientConnection]:
        # Only its web page can see and send the modal.
        with connect(f"ws://127.0.0.1:{self._port}/ui", proxy=None, max_size=None) as connection:
            yield connection


def buttons(message: Json) -> list[Json]:
    """The buttons of a message in reading order, each with its block's id."""
    return [
        element | {"block_id": block.get("block_id")}
        for block in message.get("blocks") or ()
        for element in (*block.get("elements", ()), block.get("accessory"))
        if element and element["type"] == "button"
    ]


def _described(people: Mapping[str, str], channels: Mapping[str, str], events_url: str | None) -> Json:
    app = {"botUserId": BOT_USER, "botName": "bookend", "botToken": BOT_TOKEN, "appToken": APP_TOKEN}
    mode = {"mode": "events", "requestUrl": events_url} if events_url else {"mode": "socket"}
    members = [*people, BOT_USER]
    return {
        "workspace": {"name": "An invented clinic", "domain": "invented", "teamId": TEAM},
        "app": app | {"signingSecret": SIGNING_SECRET} | mode,
        "users": [{"id": key, "name": name} for key, name in people.items()],
        "channels": [{"id": key, "name": name, "members": members} for key, name in channels.items()],
    }


def _printed_port(process: subprocess.Popen[bytes], said: Path) -> int | None:
    text = said.read_text("utf-8")
    assert process.poll() is None, f"the Slack stand-in ended at once: {text}"
    return int(found[1]) if (found := re.search(r"Control API: .*:(\d+)/_control", text)) else None


def _problem(entry: Json) -> str | None:
    """What an entry of the log tells of that a person in Slack would have seen as an error."""
    said, whence = str(entry["summary"]), entry["direction"]
    lost = whence == "internal" and ("dropped" in said or "POST failed" in said)
    refused = whence == "from_bot" and said.startswith("HTTP ") and not said.startswith("HTTP 2")
    return said if lost or refused else None


def _outcome(ui: ClientConnection) -> dict[str, str]:
    answered = False
    while True:
        event = json.loads(ui.recv(timeout=10))
        if event["t"] == "view_errors":
            return dict(event["errors"])
        if event["t"] == "view" and answered:
            return {}
        if event["t"] == "view" and not event["stack"]:
            raise NotAnswered("the bot did not answer the form")
        if event["t"] == "log":
            entry = event["entry"]
            if problem := _problem(entry):
                raise NotAnswered(problem)
            answered |= entry["direction"] == "from_bot" and entry["kind"] != "web_api"


def _filled(view: Json, answers: Mapping[str, Any]) -> Json:
    """The state that Slack would send: every field, with what was chosen, typed or shown from the start."""
    fields = {block["block_id"]: block for block in view["blocks"] if block["type"] == "input"}
    assert answers.keys() <= fields.keys(), f"no such fields: {sorted(answers.keys() - fields.keys())}"
    return {key: {b["element"]["action_id"]: _state(b, answers.get(key))} for key, b in fields.items()}


def _state(block: Json, answer: Any) -> Json:
    element = block["element"]
    part = _PARTS.get(element["type"])
    name, shown = (f"selected_{part}", f"initial_{part}") if part else ("value", "initial_value")
    value = element.get(shown) if answer is None else _chosen(element, answer)
    assert value or block.get("optional"), f"Slack would ask for {block['label']['text']!r} first"
    return {"type": element["type"], name: value or ([] if part == "options" else None)}


def _chosen(element: Json, answer: Any) -> Any:
    options = {option["value"]: option for option in element.get("options", ())}
    if not options:
        return str(answer)
    return [options[value] for value in answer] if isinstance(answer, list) else options[answer]
