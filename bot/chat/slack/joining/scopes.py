"""The rights that Bookend asks of Slack, each with its reason, and the events it hears.

The manifest, the checks at start, `bookend doctor` and the README's table are all made from here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.chat.slack import PLATFORM
from bot.core.people import Clinic


class Use(StrEnum):
    """What a clinic must do for a right to be asked of it."""

    #: Every clinic needs it.
    ALWAYS = "always"
    #: A person of the clinic's file is named by their e-mail address.
    EMAILS = "people whom your clinic's file names by e-mail"
    #: A role of the clinic's file is a user group.
    USER_GROUPS = "roles that are user groups of Slack"

    @property
    def words(self) -> str:
        """Return what the README's table says of whom a right is asked of, "" for everybody."""
        return "" if self is Use.ALWAYS else f" Only for {self.value}."


@dataclass(frozen=True, kw_only=True, slots=True)
class Scope:
    """A right: why it is asked for, what does not work without it, and who needs it at all."""

    why: str
    lost: str
    use: Use = Use.ALWAYS


#: Slack's name of a right -> why Bookend asks for it. What is not here is not asked for.
SCOPES: Mapping[str, Scope] = {
    "app_mentions:read": Scope(
        why="Hears what is said to `@Bookend` in a channel, and nothing else there.",
        lost="nobody can speak to it in a channel",
    ),
    "channels:history": Scope(
        why="When the answer to a message was lost, looks whether that message stands in a public channel it "
        "was invited to, so that nothing is posted twice. It looks for its own messages only.",
        lost="a board whose posting was interrupted may stand there twice",
    ),
    "channels:read": Scope(
        why="Sees whether a public channel is archived, or shared with another company, so that no case goes "
        "there; `bookend doctor` also looks for guests in it.",
        lost="no public channel can be used",
    ),
    "chat:write": Scope(
        why="Writes to people and to the channels it was invited to, and edits what it wrote.",
        lost="it cannot say anything",
    ),
    "commands": Scope(
        why="Answers `/bookend`, and *Report a problem* on a message.",
        lost="`/bookend` does not exist",
    ),
    "groups:history": Scope(
        why="The same look for a lost message of its own, in a private channel it was invited to.",
        lost="a board in a private channel may stand there twice",
    ),
    "groups:read": Scope(
        why="Sees the same of a private channel it was invited to.",
        lost="no private channel can be used",
    ),
    "im:history": Scope(
        why="Reads what people write to it in direct messages: `done`, `2 na no medicines`.",
        lost="typed answers are not heard",
    ),
    "im:write": Scope(
        why="Opens a direct message with each of your staff.",
        lost="nobody can be asked",
    ),
    "pins:write": Scope(
        why="Pins the day's board, and takes the pin away at closing.",
        lost="the board is not pinned",
    ),
    "usergroups:read": Scope(
        why="Reads who is in a user group.",
        lost="roles from user groups stay empty",
        use=Use.USER_GROUPS,
    ),
    "users:read": Scope(
        why="Sees who is a full member of your workspace: guests and people who left are not heard.",
        lost="nobody can be told from a guest",
    ),
    "users:read.email": Scope(
        why="Finds a member of your workspace by their e-mail.",
        lost="people named by e-mail are not found",
        use=Use.EMAILS,
    ),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """Something that Slack tells us of: why we listen, and for which use."""

    why: str
    use: Use = Use.ALWAYS


#: Slack's name of a bot event -> why Bookend listens to it; the right it needs is in `SCOPES`.
EVENTS: Mapping[str, Event] = {
    "app_home_opened": Event(why="draws the Home tab when somebody opens it"),
    "app_mention": Event(why="is spoken to in a channel"),
    "channel_archive": Event(why="a channel of the clinic cannot be used any more"),
    "channel_deleted": Event(why="a channel of the clinic is gone"),
    "channel_id_changed": Event(why="a channel got another id when it was shared"),
    "channel_left": Event(why="was removed from a channel"),
    "channel_shared": Event(why="a channel is shared with another company from now on"),
    "channel_unarchive": Event(why="a channel can be used again"),
    "channel_unshared": Event(why="a channel is the clinic's own again"),
    "group_archive": Event(why="the same of a private channel"),
    "group_deleted": Event(why="the same of a private channel"),
    "group_left": Event(why="the same of a private channel"),
    "group_unarchive": Event(why="the same of a private channel"),
    "member_joined_channel": Event(why="was invited to a channel again"),
    "message.im": Event(why="is written to in a direct message"),
    "subteam_created": Event(why="a user group of the clinic's file is there now", use=Use.USER_GROUPS),
    "subteam_members_changed": Event(why="somebody joined or left a user group", use=Use.USER_GROUPS),
    "subteam_updated": Event(why="a user group was switched on or off", use=Use.USER_GROUPS),
    "team_join": Event(why="somebody of the clinic's file is there now"),
    "user_change": Event(why="somebody left, or became a guest"),
}


def asked_for(uses: Collection[Use] = ()) -> tuple[str, ...]:
    """Return the rights that a clinic with these uses needs, sorted."""
    return tuple(name for name, scope in SCOPES.items() if scope.use in {Use.ALWAYS, *uses})


def heard(uses: Collection[Use] = ()) -> tuple[str, ...]:
    """Return the bot events that a clinic with these uses needs, sorted."""
    return tuple(name for name, event in EVENTS.items() if event.use in {Use.ALWAYS, *uses})


def lacking(granted: Collection[str], uses: Collection[Use] = ()) -> tuple[str, ...]:
    """Return the rights that a clinic with these uses needs and was not granted."""
    return tuple(name for name in asked_for(uses) if name not in granted)


def uses_of(clinics: Iterable[Clinic]) -> set[Use]:
    """Return what these clinics' files use that not every clinic does."""
    known = list(clinics)
    accounts = [each.accounts.get(PLATFORM, "") for clinic in known for each in clinic.people.values()]
    found = {
        Use.EMAILS: any("@" in account for account in accounts),
        Use.USER_GROUPS: any(clinic.groups.get(PLATFORM) for clinic in known),
    }
    return {use for use, so in found.items() if so}
