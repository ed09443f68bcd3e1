"""The embedded platform: a page on this machine, for the demo, for trying a playbook, and for the tests."""
