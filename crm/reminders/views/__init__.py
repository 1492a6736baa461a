"""The doors: one's own letters, and the mail desk of the administrator."""
