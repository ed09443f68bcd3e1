"""Cards and forms as Adaptive Cards, and what comes back of them: pure functions, no decisions."""
