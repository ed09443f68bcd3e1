"""Cards, screens and forms as Block Kit, and what comes back of a form: pure functions, no decisions."""
