"""Shapes of input: rule sets, targets, reported figures, shares."""
