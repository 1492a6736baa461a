"""Doors: follow-ups, and problems with their list."""
