"""What a goal is measured by, and the goals that the house knows by their key."""

from __future__ import annotations

from enum import StrEnum


class Measured(StrEnum):
    """Where a goal's figure comes from: our own rows, or a department that reports it."""

    PROJECTS = "projects"
    RECEIPTS = "receipts"
    TAGS = "tags"
    SITES = "sites"
    REPORTED = "reported"


STARTS = "new_start_100m"
"""Newly started industrial projects of 1亿元 and more, in projects."""

FUNDS = "funds_in_place"
"""Funds in place, in fen."""

GROWTH = "funds_in_place_growth"
"""Growth of the funds over the year before, in %; it and `FUNDS` are one goal with two targets."""

MAIN = (STARTS, FUNDS, GROWTH)
"""The goals of the board's first page; the others stand on its second tab."""

SPLIT_BY_DISTRICT = frozenset({STARTS, FUNDS})
"""Goals whose figure each district has one of its own of."""
