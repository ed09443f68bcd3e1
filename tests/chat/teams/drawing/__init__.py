"""Tests of bot/chat/teams/drawing."""
