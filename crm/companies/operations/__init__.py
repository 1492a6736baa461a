"""Writes to firms, one file a meaning."""
