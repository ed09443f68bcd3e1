"""Whole days as transcripts: what the clinic saw, line by line."""
