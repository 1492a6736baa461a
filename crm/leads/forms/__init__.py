"""What is typed about leads and scenarios."""
