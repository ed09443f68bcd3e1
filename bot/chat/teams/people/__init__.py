"""Who is there in Teams, and in which conversation they are reached: learned, and told to the office."""
