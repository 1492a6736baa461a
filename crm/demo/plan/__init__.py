"""What will be told, decided before anything is written: how many of what, when, by whom, how much. Pure."""
