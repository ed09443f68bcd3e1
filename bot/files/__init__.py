"""What people write in YAML or JSON, turned into core objects; every mistake at once, each with its place."""
