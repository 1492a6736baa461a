"""The columns of the sheets that go out of the ledger and come into it."""
