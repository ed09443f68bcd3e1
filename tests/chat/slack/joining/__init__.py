"""Tests of bot/chat/slack/joining."""
