"""Who is there in Slack: asked of Slack, told to the office, and let in to the desk."""
