"""Changes in playbooks, told in sentences."""
