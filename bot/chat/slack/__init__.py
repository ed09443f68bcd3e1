"""Slack: cards as direct messages, forms as modals, the board in a channel."""
