"""What is done to many leads at once, and how they are named: id and version of each."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

MOST = 500
"""Leads at once."""

UNDO_HOURS = 24
"""For so long the one who did it may undo it."""


class BulkKind(StrEnum):
    """What is done."""

    ASSIGN = "assign"
    STEP = "step"
    TAG = "tag"
    UNTAG = "untag"


class Left(StrEnum):
    """Why a lead was left as it is."""

    CHANGED = "changed"
    NOT_YOURS = "not_yours"
    SAME = "same"
    REFUSED = "refused"


ROW = re.compile(r"([1-9]\d{0,18})\.([1-9]\d{0,8})", re.ASCII)


def rows(told: Iterable[str]) -> dict[int, int]:
    """id → version of "42.3"; each lead once, the first counts.

    Raises:
        ValueError: one of them is no such pair.
    """
    found: dict[int, int] = {}
    for text in told:
        if (match := ROW.fullmatch(text)) is None or int(match[1]) >= 2**63:
            raise ValueError(text)
        found.setdefault(int(match[1]), int(match[2]))
    return found
