"""What the staff of a workspace press, fill in and type, and what they then see: no hand looks inside."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from typing import Any

from tests.alone import wait_until
from tests.chat.slack import limits
from tests.slack_standin import Json, SlackStandIn, buttons

BOARD = "C0BOARD"
#: How long a card may take to come, in seconds, on a machine that does much else.
PATIENCE = 30


@dataclass
class Hands:
    """Everybody's hands and eyes in one workspace."""

    slack: SlackStandIn

    def cards(self, account: str) -> list[Json]:
        """The cards of a person or a channel as they stand, without threads and what one was told alone."""
        sent = self.slack.messages(account)
        return [each for each in sent if not each.get("thread_ts") and not each.get("ephemeral_to")]

    def words(self, account: str) -> str:
        """All that stands on these cards."""
        return "\n".join(unescape("\n".join(limits.words(each["blocks"]))) for each in self.cards(account))

    def sees(self, account: str, *words: str) -> None:
        """Wait until all of these words stand on the cards of a person or a channel."""
        wait_until(
            lambda: all(each in self.words(account) for each in words),
            what=f"{words} for {account}",
            timeout=PATIENCE,
        )

    def whispers(self, account: str) -> list[str]:
        """What was said for a person's eyes alone, to them or in the board's channel."""
        sent = [*self.slack.messages(account), *self.slack.messages(BOARD)]
        alone = [each for each in sent if each.get("ephemeral_to") == account]
        return [unescape(each["text"]) for each in sorted(alone, key=lambda each: each["ts"])]

    def home(self, account: str, *words: str) -> None:
        """Open a person's Home, and wait until all of these words stand there."""
        self.slack.open_home(account)
        wait_until(
            lambda: all(each in str(self.slack.home(account)) for each in words),
            what=f"{words} on the Home of {account}, which shows {self.slack.home(account)}",
            timeout=PATIENCE,
        )

    def button(self, account: str, label: str, line: str = "") -> tuple[Json, Json]:
        """Wait for a person's newest button of this label, on the line with this title if one is named."""
        return wait_until(
            lambda: next(self._buttons(account, label, line), None),
            what=f"{label!r} {line} for {account}, who sees {self.words(account)}",
            timeout=PATIENCE,
        )

    def press(self, account: str, label: str, line: str = "") -> None:
        """Press a person's newest button of this label."""
        card, button = self.button(account, label, line)
        alike = [each for each in buttons(card) if each["text"] == button["text"]]
        self.slack.press(account, card, label, nth=alike.index(button))

    def form(self) -> Json:
        """Wait for the form that a press opened."""
        return wait_until(self.slack.form, what="a form", timeout=PATIENCE)

    def fill(self, account: str, **answers: Any) -> dict[str, str]:
        """Fill in the open form by the names of its fields; return what is wrong, by the same names."""
        named = {
            block["block_id"].rpartition("/")[2]: block["block_id"]
            for block in self.form()["blocks"]
            if block["type"] == "input"
        }
        wrong = self.slack.submit(account, {named[name]: answer for name, answer in answers.items()})
        return {key.rpartition("/")[2]: what for key, what in wrong.items()}

    @contextmanager
    def told(self, account: str, *words: str) -> Iterator[list[str]]:
        """Wait until a person is told these words for what they do within; the list holds them then."""
        before, heard = len(self.whispers(account)), list[str]()
        yield heard
        wait_until(
            lambda: all(each in "\n".join(self.whispers(account)[before:]) for each in words),
            what=f"{words} said to {account}, who heard {self.whispers(account)[before:]}",
            timeout=PATIENCE,
        )
        heard += self.whispers(account)[before:]

    def _buttons(self, account: str, label: str, line: str) -> Iterator[tuple[Json, Json]]:
        for card in reversed(self.cards(account)):
            for button in buttons(card):
                about = button.get("accessibility_label", "")
                if button["text"]["text"] == label and line in about:
                    yield card, button
