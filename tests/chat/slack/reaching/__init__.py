"""Tests of bot/chat/slack/reaching."""
