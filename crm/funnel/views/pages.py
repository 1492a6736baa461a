"""All pages of the funnel on their blueprint: the application registers `bp` from here."""

from __future__ import annotations

from crm.funnel.views import downloads, now
from crm.funnel.views.door import bp

PAGES = (now, downloads)

__all__ = ["PAGES", "bp"]
