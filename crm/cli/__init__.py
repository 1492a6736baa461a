"""The command line: `crm run`, `crm init`, `crm backup` and the others."""
