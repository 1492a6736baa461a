"""How long leads have been in their stage: the ages that the distribution is told by."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Age(StrEnum):
    """Calendar days in the stage, holds taken out."""

    WEEK = "week"
    MONTH = "month"
    TWO_MONTHS = "two_months"
    FOUR_MONTHS = "four_months"
    LONGER = "longer"


@dataclass(frozen=True)
class Bounds:
    """From so many days up to so many, both included; None: without end."""

    least: int
    most: int | None


BOUNDS: dict[Age, Bounds] = {
    Age.WEEK: Bounds(0, 7),
    Age.MONTH: Bounds(8, 30),
    Age.TWO_MONTHS: Bounds(31, 60),
    Age.FOUR_MONTHS: Bounds(61, 120),
    Age.LONGER: Bounds(121, None),
}
"""Disjoint, and together all days there are."""
