"""Tests of bot/chat/teams/showing."""
