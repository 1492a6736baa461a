"""Firms and their people, recognised chain positions, head firms."""
