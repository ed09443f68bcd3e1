"""Tests of bot/chat/slack/hearing."""
