"""The doors of the goals: the board, the rows behind a figure, the other goals, the wall."""
