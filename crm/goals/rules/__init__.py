"""What a goal is measured by and in, how its target is split, who stands where; pure."""
