"""Recordings: reading them, and what their containers promise."""
