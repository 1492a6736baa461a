"""All pages of the meeting on their blueprint: the application registers `bp` from here."""

from __future__ import annotations

from crm.meeting.views import downloads, past, week
from crm.meeting.views.door import bp

PAGES = (week, past, downloads)

__all__ = ["PAGES", "bp"]
