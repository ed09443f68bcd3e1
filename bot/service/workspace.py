"""Which workspace of a platform a database belongs to: remembered at the first start, refused if it changes.

Cards of one workspace mean nothing in another, and a token taken from the wrong one would speak to strangers.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.core.errors import BookendError, Conflict
from bot.core.outgoing import Arrangement
from bot.service.practice import Practice

#: The kind of the arrangement that remembers a platform's workspace.
WORKSPACE = "workspace"
#: The settings that name the workspace a clinic means.
_MEANT = {"slack": "BOOKEND_SLACK_TEAM", "teams": "BOOKEND_TEAMS_MOVED_TO"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Team:
    """A workspace: its id on the platform, and what people call it."""

    id: str
    name: str

    def __str__(self) -> str:
        return f"{self.name} ({self.id})"


def enter(practice: Practice, platform: str, team: str, *, name: str, meant: str = "") -> None:
    """Remember the workspace that a token is of; raise BookendError if it is another than before.

    `meant` is the one that the settings name: with it a clinic moves on purpose.
    """
    if meant and meant != team:
        raise BookendError(
            f"The bot is of {name} ({team}), and {_MEANT[platform]} names {meant}: "
            "connect it there, or correct the setting."
        )
    here = Team(id=team, name=name)
    for late in (False, True):
        try:
            return _enter(practice, platform, here, may_move=bool(meant))
        except Conflict:
            # two began at the same moment, and the other one has written it down
            if late:
                raise


def _enter(practice: Practice, platform: str, here: Team, *, may_move: bool) -> None:
    with practice.store.writing() as tx:
        made = tx.arrangement(WORKSPACE, platform)
        before = _team(made) if made else here
        if before.id != here.id and not may_move:
            raise BookendError(
                f"This database belongs to {before}, and the bot is of {here}. Connect it to "
                f"{before.name}; or, to move for good, set {_MEANT[platform]}={here.id}."
            )
        if made is None or before.id != here.id:
            fresh = Arrangement(
                kind=WORKSPACE, key=platform, clinic="", by="bookend", at=practice.clock.now()
            )
            tx.arrange(replace(made or fresh, at=fresh.at, detail={"team": here.id, "name": here.name}))


def _team(made: Arrangement) -> Team:
    return Team(id=str(made.detail["team"]), name=str(made.detail["name"]))


def workspace_before(practice: Practice, platform: str) -> Team | None:
    """Return the workspace that a database belongs to, `None` if it knows none yet."""
    with practice.store.reading() as reading:
        made = reading.arrangement(WORKSPACE, platform)
    return _team(made) if made else None
