"""The demonstration: the plan's firms and chains, told as a history."""
