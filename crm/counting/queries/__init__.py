"""Reads of what counts."""
