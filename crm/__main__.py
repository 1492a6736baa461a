"""`python -m crm`: the command line."""

from __future__ import annotations

from crm.cli.main import main

if __name__ == "__main__":
    main()
