"""Microsoft Teams: cards in the personal chat, forms in their place, the board in a channel."""

import logging

#: How accounts, channels and messages of Teams are told from those of other platforms.
PLATFORM = "teams"

log = logging.getLogger("bookend.teams")
