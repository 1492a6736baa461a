"""Reads of goals: targets, the board, the rows behind a figure, what was reported."""
