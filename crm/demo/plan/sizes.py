"""How large a city the demo tells: `data/sizes.csv`.

`whole` has what a city of this kind has in two years and takes some minutes; `city`, the usual one, has
the same year 2025 and less around it, and is told within about a minute; `small` is for tests.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from crm.demo.tables import rows


class SizeName(StrEnum):
    """What a size is called."""

    WHOLE = "whole"
    CITY = "city"
    SMALL = "small"


@dataclass(frozen=True)
class Size:
    """Parts of the whole, or plain numbers.

    Attributes:
        quota: part of the years' money and of the plan year's starts; below 1 the checkpoints shrink too.
        others: part of the other years' starts, beside `quota`.
        open, held, in_hand, continuing, named: how many leads are worked on and on hold today; how many
            projects are signed and not started, go on from before the base year, are named by the plan.
        odd: part of the projects that do not count; 0: one of each kind in the plan year.
        direct: part of the projects that come from no lead.
        reports, talks: how often money is reported, and how often somebody is spoken to.
    """

    quota: float
    others: float
    open: int
    held: int
    in_hand: int
    continuing: int
    named: int
    odd: float
    direct: float
    reports: float
    talks: float


def size_of(name: SizeName) -> Size:
    """The size by its name."""
    row = next(row for row in rows("sizes") if row["name"] == name)
    told: dict[str, Any] = {
        one.name: (int if one.type == "int" else float)(row[one.name]) for one in fields(Size)
    }
    return Size(**told)
