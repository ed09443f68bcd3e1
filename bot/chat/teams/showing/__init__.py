"""What one person is shown after they said something, and which card must not change under a form."""
