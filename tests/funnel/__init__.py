"""The funnel."""
