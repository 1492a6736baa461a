"""Reads of the funnel: sums made by the database, in the scope of whoever asks."""
