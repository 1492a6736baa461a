"""Writes of letters: put out, taken in hand, settled; and what an administrator decides of a doubtful one."""
