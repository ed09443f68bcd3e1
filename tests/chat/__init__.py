"""The platforms, held to one contract; each has its own folder for what is its own."""
