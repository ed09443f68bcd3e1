"""Tests of bot/chat/slack/calling."""
