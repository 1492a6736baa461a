"""What people do with projects, one function an intention."""
