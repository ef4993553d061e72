"""THE DESK: use cases of the service."""
