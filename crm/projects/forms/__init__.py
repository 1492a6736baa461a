"""What is typed about projects: shape only; rules and the database are the operations' affair."""
