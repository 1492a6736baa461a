"""Writes of what counts."""
