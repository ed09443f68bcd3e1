"""Slack: cards as direct messages, forms as modals, the board in a channel."""

import logging

#: How accounts, channels and messages of Slack are told from those of other platforms.
PLATFORM = "slack"

log = logging.getLogger("bookend.slack")
