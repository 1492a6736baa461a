"""All pages of the funnel on their blueprint: the application registers `bp` from here."""

from __future__ import annotations

from crm.funnel.views import bridge, cohorts, downloads, lost, matrix, now, pace, signed
from crm.funnel.views.door import bp

PAGES = (now, matrix, cohorts, bridge, pace, signed, lost, downloads)

__all__ = ["PAGES", "bp"]
