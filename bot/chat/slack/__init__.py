"""Slack: cards as direct messages, forms as modals, the board in a channel."""

#: How accounts, channels and messages of Slack are told from those of other platforms.
PLATFORM = "slack"
