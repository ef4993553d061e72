"""Producer makes songs."""
