"""Tests of bot/chat/teams/people."""
