"""A playbook on screen and on paper: its timeline, every step in words, the checklist for an outage."""
