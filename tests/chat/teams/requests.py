"""`python -m tests.chat.teams.requests`: play a day of eighteen procedures and count what Teams is asked."""

from __future__ import annotations

from collections import Counter

from bot.clock import VirtualClock
from bot.service.practice import Practice
from tests.chat.requests import Asked, AskingDay, table
from tests.chat.teams.at_once import teams_of
from tests.chat.teams.fake import BOARD, account


class TeamsDay(AskingDay):
    """The day in Teams."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed, self._beside)

    def _beside(self, practice: Practice, clock: VirtualClock) -> Asked:
        self.teams, chat = teams_of(practice, clock)
        calls = self.teams.calls
        return Asked(
            chat=chat, account=account, board=BOARD, calls=lambda: Counter(each.what for each in calls)
        )


if __name__ == "__main__":
    played = TeamsDay(seed=1)
    played.play()
    print("\n".join(table(played)))
