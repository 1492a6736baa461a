"""What is typed about money: shape only."""
