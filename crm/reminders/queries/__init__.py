"""To whom letters go, and everything they tell: read once for all, a query a section."""
