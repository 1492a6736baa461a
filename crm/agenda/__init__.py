"""What each person has to do: one set of questions for the work page and for the letter."""
