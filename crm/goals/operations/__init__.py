"""Writes of goals, one per intention, audited."""
