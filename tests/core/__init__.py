"""What the core promises, judged from outside: by the rules of time and state, not by its own code."""
