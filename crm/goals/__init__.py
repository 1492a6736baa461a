"""Goals of a year: targets, their split, the board of both main ones, what is reported of the others."""
