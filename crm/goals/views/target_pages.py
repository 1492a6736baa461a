"""All pages of targets on their blueprint: the application registers `bp` from here."""

from __future__ import annotations

from crm.goals.views import figures, parts, targets
from crm.goals.views.targets import bp

PAGES = (targets, parts, figures)

__all__ = ["PAGES", "bp"]
