"""Makers of recordings: the port they all have, and the house's own."""
