"""All pages of letters on their blueprint: the application registers `bp` from here."""

from __future__ import annotations

from crm.reminders.views import desk, mine
from crm.reminders.views.door import bp

PAGES = (desk, mine)

__all__ = ["PAGES", "bp"]
