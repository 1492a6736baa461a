"""All pages of money on their blueprints: the application registers them from here."""

from __future__ import annotations

from crm.ledger.views import base, books, downloads, statistics

PAGES = (statistics, downloads, base, books)

BLUEPRINTS = (statistics.bp, books.bp)
