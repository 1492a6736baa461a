"""All pages of leads on their blueprint: the application registers `bp` from here."""

from __future__ import annotations

from crm.leads.views import (
    board,
    bulk,
    detail,
    drafts,
    duplicates,
    entry,
    listing,
    protection,
    quick,
    steps,
)
from crm.leads.views.door import bp

PAGES = (listing, board, bulk, detail, entry, quick, drafts, duplicates, protection, steps)

__all__ = ["PAGES", "bp"]
