"""All pages of receipts on their blueprints: the application registers `bp` and `funds_bp` from here."""

from __future__ import annotations

from crm.ledger.views import funds, receipts
from crm.ledger.views.door import bp, funds_bp

PAGES = (funds, receipts)

__all__ = ["PAGES", "bp", "funds_bp"]
