"""What people do with leads and scenarios."""
