"""Districts and parks, dictionaries, settings."""
