"""All pages of leads on their blueprint: the application registers `bp` from here."""

from __future__ import annotations

from crm.leads.views import detail, duplicates, entry, listing, quick, steps
from crm.leads.views.door import bp

PAGES = (listing, detail, entry, quick, duplicates, steps)

__all__ = ["PAGES", "bp"]
