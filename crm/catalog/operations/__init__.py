"""Writes to the catalog: loading the plan, what people keep, official working days."""
