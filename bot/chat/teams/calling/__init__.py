"""The Bot Connector of Teams, as we call it: whom we trust, how fast, and what its errors mean."""
