"""What one person is shown after they said something: answers, forms, screens and Home."""
