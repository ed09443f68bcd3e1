"""A simulated clinic under faults: the real core, service and store, all around them drawn by lot."""
