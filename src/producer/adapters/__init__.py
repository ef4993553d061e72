"""The outside made real: database, queue, vault, courier, fetcher."""
