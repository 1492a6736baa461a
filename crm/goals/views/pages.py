"""All pages of the board on their blueprint: the application registers `bp` from here."""

from __future__ import annotations

from crm.goals.views import board, others, rows, wall
from crm.goals.views.door import bp

PAGES = (board, rows, others, wall)

__all__ = ["PAGES", "bp"]
