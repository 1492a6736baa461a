"""What the house counts in: money, rates, periods, working days, text. Standard library only."""
