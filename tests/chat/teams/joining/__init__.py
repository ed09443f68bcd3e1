"""Tests of bot/chat/teams/joining."""
