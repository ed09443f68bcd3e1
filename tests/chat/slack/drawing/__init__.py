"""Tests of bot/chat/slack/drawing."""
