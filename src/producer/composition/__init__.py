"""Brief → Song: the writing of music; pure and seeded."""
