"""What tests start from."""
