"""Slack's face, against a Web API of our own and against a workspace that we did not write."""
