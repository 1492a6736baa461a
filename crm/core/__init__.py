"""Plumbing, one concern a file; knows nothing of the field."""
