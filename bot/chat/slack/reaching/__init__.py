"""How Slack reaches us: over a socket or by signed requests, each thing taken once and in time."""
