"""The pipeline's rules: kinds, the table of moves, clocks, the dated history."""
