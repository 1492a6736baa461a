"""The weekly meeting: what changed, what is stuck, what was decided; a closed one stays as it was."""
