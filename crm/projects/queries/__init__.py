"""Reading projects: whose, which, and what is still owed."""
