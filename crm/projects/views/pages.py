"""All pages of projects on their blueprint: the application registers `bp` from here."""

from __future__ import annotations

from crm.projects.views import changes, detail, handover, listing, milestones, permits, signing, why
from crm.projects.views.door import bp

PAGES = (listing, detail, signing, milestones, changes, permits, handover, why)

__all__ = ["PAGES", "bp"]
