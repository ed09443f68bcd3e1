"""A playbook on screen and on paper."""
