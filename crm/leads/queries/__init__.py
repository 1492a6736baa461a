"""Reads of leads and scenarios, each scoped to what the actor may see."""
