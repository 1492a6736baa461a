"""Reads of the weekly meeting."""
