"""The staff of an invented clinic in a Slack workspace: they answer what stands in their messages."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from html import unescape
from pathlib import Path
from typing import Any

from bot.chat.buttons import pressed
from bot.clock import VirtualClock
from bot.core.case import TaskStatus
from bot.core.course import Course
from bot.core.usual import usual_values
from bot.service.practice import Practice
from tests.alone import wait_until
from tests.chat.slack import limits
from tests.chat.slack.clinic_bot import CODE, OPENED, practice_in
from tests.slack_standin import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, Json, SlackStandIn, buttons

STAFF = {"U0ALI": "ali", "U0JO": "jo", "U0SAM": "sam", "U0MAX": "max", "U0ROBIN": "robin", "U0KIT": "kit"}
CHANNELS = {"C0BOARD": "procedures", "C0ESC": "escalations"}
#: What is pressed wherever it stands; an "Answer" and what was read aloud, when their time has come.
ALWAYS = ("Arrived", "Started")


@dataclass
class Bot:
    """The bot's process: it does what a line says, and answers with the time."""

    process: subprocess.Popen[str]

    def say(self, line: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def tell(self, line: str) -> datetime:
        assert self.process.stdout
        self.say(line)
        answer = self.process.stdout.readline().strip()
        assert answer, "the bot ended; what it said stands above"
        return datetime.fromisoformat(answer)


@contextmanager
def bot(slack: SlackStandIn, folder: Path, *, port: int = 0) -> Iterator[Bot]:
    """Run the bot by Socket Mode, or behind a port of this machine."""
    env = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    env |= {"BOOKEND_SLACK_BOT_TOKEN": BOT_TOKEN, "BOOKEND_SLACK_API_URL": slack.api_url, "PORT": str(port)}
    env |= (
        {"BOOKEND_SLACK_SIGNING_SECRET": SIGNING_SECRET} if port else {"BOOKEND_SLACK_APP_TOKEN": APP_TOKEN}
    )
    command = (sys.executable, "-m", "tests.chat.slack.clinic_bot", str(folder))
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=env, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            assert process.stdout and process.stdout.readline() == "ready\n"
            if not port:
                slack.wait_for_bot()
            yield Bot(process)
        finally:
            process.terminate()


@dataclass
class Staff:
    """Everybody who works there, and eyes that see what the store holds."""

    slack: SlackStandIn
    bot: Bot
    folder: Path

    def __post_init__(self) -> None:
        self.practice: Practice = practice_in(self.folder, VirtualClock(OPENED))

    def course(self) -> Course:
        with self.practice.store.reading() as reading:
            return self.practice.course(reading, CODE)

    def waiting(self, now: datetime) -> list[str]:
        """The steps that nobody has answered though their time has come."""
        waits = (TaskStatus.OPEN, TaskStatus.BLOCKED)
        return [task.step for task in self.course().tasks if task.status in waits and task.due <= now]

    def cards(self, account: str) -> list[Json]:
        """A person's cards as they stand, without threads and what only they were told."""
        sent = self.slack.messages(account)
        return [each for each in sent if not each.get("thread_ts") and not each.get("ephemeral_to")]

    def whispers(self, account: str) -> list[str]:
        return [unescape(each["text"]) for each in self.slack.messages(account) if each.get("ephemeral_to")]

    def board(self) -> str:
        return unescape("\n".join(limits.words(self.cards("C0BOARD")[-1]["blocks"])))

    def card(self, account: str, heading: str) -> Json:
        """A person's newest card with this heading."""
        return next(c for c in reversed(self.cards(account)) if heading in str(c["blocks"][0]))

    def answer_everything(self, now: datetime) -> None:
        """Press and fill in whatever is to be answered now, until nothing is left."""
        while found := next(self._to_do(now), None):
            self.press(*found)

    def press(self, account: str, message: Json, button: Json, **answers: Any) -> str:
        """Press a button, and answer the form as usual but for what is named; return what it says."""
        with self.told(account) as told:
            view = self.open(account, message, button)
            if view is not None:
                assert (mistakes := self.slack.submit(account, self.usual(view, **answers))) == {}, mistakes
        return told()

    def open(self, account: str, message: Json, button: Json) -> Json | None:
        """Press a button; return the form that opens, `None` if the person is told something instead."""
        told, shown = len(self.whispers(account)), self._shown()
        alike = [each for each in buttons(message) if each["text"] == button["text"]]
        self.slack.press(account, message, button["text"]["text"], nth=alike.index(button))
        wait_until(
            lambda: self._shown() != shown or len(self.whispers(account)) > told,
            what=f"what {button['text']['text']} does",
        )
        return self.slack.form() if self._shown() != shown else None

    @contextmanager
    def told(self, account: str) -> Iterator[Callable[[], str]]:
        """Wait for what a person is told for what they do within, and until the bot has redrawn its cards."""
        before = len(self.whispers(account))
        yield lambda: self.whispers(account)[before]
        wait_until(lambda: len(self.whispers(account)) > before, what=f"a word to {account}")
        self.bot.tell("settle")

    def button(self, account: str, label: str, line: str = "") -> tuple[str, Json, Json]:
        """A person's newest button with this label, on the line with this title if one is named."""
        for message in reversed(self.cards(account)):
            for button in buttons(message):
                about = button.get("accessibility_label", "")
                if button["text"]["text"] == label and (not line or line in about):
                    return account, message, button
        raise AssertionError(f"{account} has no {label!r} {line}")

    def usual(self, view: Json, **answers: Any) -> dict[str, Any]:
        """The usual answers to a form, with some changed by field."""
        inputs = [block for block in view["blocks"] if block["type"] == "input"]
        found = {block["block_id"]: self._answer(block) for block in inputs}
        changed = {key: answers[name] for key in found if (name := key.rpartition("/")[2]) in answers}
        return {key: answer for key, answer in (found | changed).items() if answer is not None}

    def _shown(self) -> str:
        return str((self.slack.form() or {}).get("id", ""))

    def _to_do(self, now: datetime) -> Iterator[tuple[str, Json, Json]]:
        due = {task.key for task in self.course().tasks if task.status is TaskStatus.OPEN and task.due <= now}
        for account in STAFF:
            for message in self.cards(account):
                for button in buttons(message):
                    label, tasks = button["text"]["text"], pressed(button["value"]).tasks
                    read = label == "All as read aloud" and due.intersection(tasks)
                    if label in ALWAYS or read or (label == "Answer" and due.issuperset(tasks)):
                        yield account, message, button

    def _answer(self, block: Json) -> Any:
        task, _, name = block["block_id"].rpartition("/")
        course = self.course()
        found = usual_values(course, next(each for each in course.tasks if each.key == task)).get(name)
        match found:
            case date():
                return found.isoformat()[:10]
            case time():
                return f"{found:%H:%M}"
            case float() | int():
                return f"{found:g}"
            case tuple():
                return list(found)
            case None if not block.get("optional"):
                return next((each["value"] for each in block["element"].get("options", ())), "as usual")
            case _:
                return found
