"""Tests of what happens in a clinic."""
