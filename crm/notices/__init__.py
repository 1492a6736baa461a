"""What is to be told to whom: letters on their way out, and the log of how it went."""
