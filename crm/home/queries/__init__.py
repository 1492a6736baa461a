"""What each role sees first."""
