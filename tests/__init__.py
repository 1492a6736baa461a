"""Tests say how it behaves."""
