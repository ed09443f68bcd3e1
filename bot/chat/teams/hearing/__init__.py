"""What somebody wrote or pressed: who it was, where, and their words as they were meant."""
