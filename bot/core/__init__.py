"""What Bookend knows: pure and synchronous, without I/O; the time is always an argument."""
