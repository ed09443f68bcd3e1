"""The bench: what Bookend costs, measured side by side with what else one could do, as ratios in one run."""
