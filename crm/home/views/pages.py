"""All first pages on their blueprint: the application registers `bp` from here."""

from __future__ import annotations

from crm.home.views import desk, leader
from crm.home.views.door import bp

PAGES = (desk, leader)

__all__ = ["PAGES", "bp"]
