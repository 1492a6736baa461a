"""The weekly meeting."""
