"""What is told of a version: the story of a row, the difference to another version."""
