"""Reads of money, scoped as the projects that it belongs to."""
