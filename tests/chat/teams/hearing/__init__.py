"""Tests of bot/chat/teams/hearing."""
