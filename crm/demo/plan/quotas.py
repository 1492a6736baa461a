"""How many of what in which month: the demo's checkpoints hold by construction, not by trying again.

`data/rhythm.csv` has the shape of a year: its column of starts is 2025's to the piece (133 to the end of
June, 212 in all), other years have the same shape. `data/years.csv` has the years' totals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from crm.demo.plan.days import FIRST_YEAR, Days
from crm.demo.plan.sizes import Size
from crm.demo.tables import rows
from crm.values.period import Month

PLAN_YEAR = 2025
FULL_BETWEEN = 1.3
"""Years between the plan's and this one come to so many full years together, however many they are."""


@dataclass(frozen=True)
class YearQuota:
    """What a year is to come to.

    Attributes:
        starts: counted, by month. funds: counted, in 万元, by booking month. share: of a full year's size.
    """

    year: int
    starts: tuple[int, ...]
    funds: tuple[int, ...]
    share: float


def split(total: int, weights: Sequence[float]) -> list[int]:
    """Whole parts in proportion to the weights that make exactly the total (largest remainders)."""
    whole = sum(weights)
    exact = [total * weight / whole for weight in weights]
    parts = [int(one) for one in exact]
    by_remainder = sorted(range(len(exact)), key=lambda n: (parts[n] - exact[n], n))
    for place in by_remainder[: total - sum(parts)]:
        parts[place] += 1
    return parts


def years(days: Days, size: Size) -> list[YearQuota]:
    """The quotas of every year from the base year to this one, this year's up to the last day told."""
    known = {row["year"]: row for row in rows("years")}
    between = range(PLAN_YEAR + 1, days.today.year)
    found = []
    for year in range(min(FIRST_YEAR, days.today.year - 1), days.today.year + 1):
        row = known.get(str(year), known["later"])
        share = min(1.0, FULL_BETWEEN / len(between)) if year in between else 1.0
        starts = round(int(row["starts"]) * share * size.quota * (year == PLAN_YEAR or size.others))
        funds = round(int(row["funds_yi"]) * 10_000 * share * size.quota)
        found.append(_quota(year, starts, funds, share, days))
    return found


def _quota(year: int, starts: int, funds: int, share: float, days: Days) -> YearQuota:
    shape = rows("rhythm")
    elapsed = [_elapsed(days, Month(year, month)) for month in range(1, 13)]
    of_starts = split(starts, [float(row["starts"]) for row in shape])
    of_funds = split(funds, [float(row["funds"]) for row in shape])
    return YearQuota(
        year,
        tuple(int(count * part) for count, part in zip(of_starts, elapsed, strict=True)),
        tuple(int(count * part) for count, part in zip(of_funds, elapsed, strict=True)),
        share,
    )


def _elapsed(days: Days, month: Month) -> float:
    """How much of a month is told: 1 of a past one, 0 of one to come."""
    if month.last_day <= days.last:
        return 1.0
    total = days.count(month.first_day, month.last_day)
    return days.count(month.first_day, days.last) / total if total else 0.0


def months_told(days: Days) -> list[tuple[date, float]]:
    """The first day of each month with its weight for leads, this one in part."""
    weights = [float(row["leads"]) for row in rows("rhythm")]
    found = []
    month = Month.of(days.first)
    while month.first_day <= days.last:
        found.append((month.first_day, weights[month.month - 1] * _elapsed(days, month)))
        month = month.next()
    return found
