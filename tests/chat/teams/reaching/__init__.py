"""Tests of bot/chat/teams/reaching."""
