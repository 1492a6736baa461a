"""Projects: rules, operations, pages."""
