"""Teams' face, against a connector of our own and in a real client's page."""
