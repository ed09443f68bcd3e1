"""What people write in files: read, and refused with places."""
