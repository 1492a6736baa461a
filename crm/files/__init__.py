"""Attachments by content hash; no routes of its own."""
