"""Environment → one frozen Settings."""
