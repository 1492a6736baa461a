"""The pages of leads and scenarios."""
