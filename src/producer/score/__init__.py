"""WHAT is played: frozen values of the standard library only."""
