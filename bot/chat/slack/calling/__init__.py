"""Slack's Web API, as we call it: how fast, what its errors mean, and what it need not be asked again."""
