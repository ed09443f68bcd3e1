"""Tests of bot/chat/slack/showing."""
