"""`python -m tests.chat.slack.requests`: play a day of eighteen procedures and count what Slack is asked."""

from __future__ import annotations

from collections import Counter

from bot.clock import VirtualClock
from bot.service.practice import Practice
from tests.chat.requests import Asked, AskingDay, table
from tests.chat.slack.at_once import account, slack_of
from tests.chat.slack.fake import BOARD


class SlackDay(AskingDay):
    """The day in Slack."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed, self._beside)

    def _beside(self, practice: Practice, clock: VirtualClock) -> Asked:
        self.slack, chat = slack_of(practice, clock)
        calls = self.slack.calls
        return Asked(
            chat=chat, account=account, board=BOARD, calls=lambda: Counter(method for method, _ in calls)
        )


if __name__ == "__main__":
    played = SlackDay(seed=1)
    played.play()
    print("\n".join(table(played)))
