"""How fast Slack may be asked: each method has its allowance.

Slack counts the calls of each method in a workspace, by tiers, and what is posted also by channel. Bursts are
welcome and their size is not written down: a fifth of a minute is taken. The tiers, one message a second in a
channel and "several hundred" a minute in a workspace are from Slack's page on rate limits
(https://docs.slack.dev/apis/web-api/rate-limits), which method has which tier is from the methods' own pages;
a board is edited every three seconds because nobody reads faster, and all others share the same tier.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.chat.pace import Allowance, Counted, Urgency

TIER_2 = Allowance(a_minute=20, burst=4)
TIER_3 = Allowance(a_minute=50, burst=10)
TIER_4 = Allowance(a_minute=100, burst=20)
HUNDREDS = Allowance(a_minute=240, burst=48)
#: One message a second, "short bursts" allowed; and how often the board of a channel is drawn anew.
IN_A_CHANNEL = Allowance(a_minute=60, burst=4)
BOARD_IN_A_CHANNEL = Allowance(a_minute=20, burst=1)

#: What Bookend calls. A method that is not here is taken to be of tier 2.
METHODS: Mapping[str, Allowance] = {
    "auth.test": HUNDREDS,
    "bots.info": TIER_3,
    "chat.getPermalink": HUNDREDS,
    "chat.postEphemeral": TIER_4,
    "chat.postMessage": HUNDREDS,
    "chat.update": TIER_3,
    "conversations.history": TIER_3,
    "conversations.info": TIER_3,
    "conversations.list": TIER_2,
    "conversations.members": TIER_4,
    "conversations.open": TIER_3,
    "conversations.replies": TIER_3,
    "pins.add": TIER_2,
    "pins.remove": TIER_2,
    "team.info": TIER_3,
    "usergroups.list": TIER_2,
    "usergroups.users.list": TIER_2,
    "users.info": TIER_4,
    "users.list": TIER_2,
    "users.lookupByEmail": TIER_3,
    "views.open": TIER_4,
    "views.publish": TIER_4,
    "views.push": TIER_4,
    "views.update": TIER_4,
}
#: The one method that Slack counts in each channel as well: its pauses are the channel's.
POST, EDIT = "chat.postMessage", "chat.update"


class SlackLimits:
    """What Slack allows; a pause of its is that method's, a post's in that channel."""

    platform = "Slack"

    def of(self, kind: str, where: str, urgency: Urgency) -> Sequence[tuple[Counted, Allowance]]:
        """Return the allowances of a method."""
        shared = [((kind, ""), METHODS.get(kind, TIER_2))]
        if kind == POST:
            shared.append(((kind, where), IN_A_CHANNEL))
        if kind == EDIT and urgency is Urgency.BOARD:
            shared.append(((kind, where), BOARD_IN_A_CHANNEL))
        return shared

    def held(self, kind: str, where: str) -> Counted:
        """Return the method, and the channel of a post."""
        return kind, where if kind == POST else ""
