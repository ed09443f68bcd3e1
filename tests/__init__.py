"""The proofs. Folders mirror bot/; stories/ plays whole days, bench/ measures ratios."""
