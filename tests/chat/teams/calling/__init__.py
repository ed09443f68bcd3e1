"""Tests of bot/chat/teams/calling."""
