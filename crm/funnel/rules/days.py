"""Days that figures are compared with, and quartiles from counted days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

ONE_DAY = timedelta(days=1)


def since_monday(day: date) -> date:
    """The day whose evening the change "since Monday" starts from: the Sunday before the last Monday.

    Asked on a Monday it is the Monday a week ago: the weekly meeting looks back over a whole week.
    """
    back = day.weekday() or 7
    return day - timedelta(days=back) - ONE_DAY


@dataclass(frozen=True)
class Quartiles:
    """The median and the quartiles of counted days, and of how many: exact, a half where two share it."""

    count: int
    lower: Fraction
    median: Fraction
    upper: Fraction


def quartiles(days: Mapping[int, int]) -> Quartiles | None:
    """From a histogram (days → how many); None of nothing.

    Linear between neighbours, as a spreadsheet's QUARTILE.INC.
    """
    histogram = sorted((day, number) for day, number in days.items() if number)
    count = sum(number for _, number in histogram)
    if not count:
        return None
    lower, median, upper = (_at(histogram, Fraction(count - 1) * n / 4) for n in (1, 2, 3))
    return Quartiles(count, lower, median, upper)


def _at(histogram: list[tuple[int, int]], place: Fraction) -> Fraction:
    whole = place.numerator // place.denominator
    low = _nth(histogram, whole)
    if place == whole:
        return Fraction(low)
    return low + (_nth(histogram, whole + 1) - low) * (place - whole)


def _nth(histogram: list[tuple[int, int]], number: int) -> int:
    for day, many in histogram:
        if number < many:
            return day
        number -= many
    return histogram[-1][0]
