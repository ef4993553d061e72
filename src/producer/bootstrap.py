"""The only file that knows every room and joins them."""
