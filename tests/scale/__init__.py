"""What several workers gain: `python -m tests.scale` works the same backlog off with one, two and four."""
