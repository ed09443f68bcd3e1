"""What people hand in, spoilt: files, and words to the desk. Refused in a sentence, or taken whole."""
