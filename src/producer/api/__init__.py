"""The counter: HTTP in, use cases called, JSON out."""
