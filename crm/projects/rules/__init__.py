"""What projects are, what each milestone asks, what their amounts must be."""
