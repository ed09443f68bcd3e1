"""Where a platform reaches people and channels, where it must have told us before we can speak there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A conversation: `name` is the account or the channel, as an Address has it.

    `service` is the address that takes messages for it, `member` the platform's own id of the person, `team`
    the team of a channel. `refused` says why nothing can be said there any more ("removed Bookend").
    """

    platform: str
    name: str
    conversation: str
    service: str
    member: str = ""
    team: str = ""
    refused: str = ""

    @property
    def is_channel(self) -> bool:
        """Say whether it is a channel, and no person's own conversation with Bookend."""
        return self.name == self.conversation
