"""What the store promises, on every database that it runs on."""
