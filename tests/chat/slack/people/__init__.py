"""Tests of bot/chat/slack/people."""
