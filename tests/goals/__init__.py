"""Goals: targets, parts, the board."""
