"""A theme → words."""
