"""The whole table of who may do what, tried both ways at every face: service, page, Slack and Teams."""
