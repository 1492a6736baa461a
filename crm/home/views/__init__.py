"""The doors: the first page of each role, what is done from its lines."""
