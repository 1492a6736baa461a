"""All pages of money on their blueprints: the application registers them from here."""

from __future__ import annotations

from crm.ledger.views import (
    base,
    books,
    door,
    downloads,
    evidence,
    funds,
    queue,
    receipts,
    statistics,
)

PAGES = (statistics, downloads, base, books, funds, receipts, evidence, queue)

BLUEPRINTS = (statistics.bp, books.bp, door.bp, door.funds_bp)
