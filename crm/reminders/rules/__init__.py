"""When a letter is due, what stands in it, for how many weeks."""
