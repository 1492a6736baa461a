"""The city's target split over districts and months; parts make the whole, or say by how much not.

A part is of a district's year (month 0), of a month of the city, or of a month of a district. Those of
months are increments, what is to come in that month alone: increments make the whole by plain addition,
and cumulative figures are their running sum. Funds go by booking months, starts by calendar months.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate

from crm.counting.rules.goals import short_of_whole

WHOLE_YEAR = 0
MONTHS = 12


@dataclass(frozen=True)
class Part:
    """So much of the target, in the goal's smallest unit; month 0 is the whole year."""

    district: int
    month: int
    amount: int


@dataclass(frozen=True)
class Miss:
    """Parts that do not make their whole.

    Attributes:
        district: whose months they are; None: the districts of the city, `city` its months.
        short: what is missing; negative: they are more than the whole.
    """

    district: int | None
    short: int


@dataclass(frozen=True)
class Split:
    """A target and its parts. `city`: the number of the row that stands for the whole city."""

    target: int
    city: int
    parts: tuple[Part, ...] = ()

    @property
    def shares(self) -> dict[int, int]:
        """What each district is to reach in the year; empty while the target is not split."""
        return {
            part.district: part.amount
            for part in self.parts
            if part.month == WHOLE_YEAR and part.district != self.city
        }

    def whole(self, district: int) -> int | None:
        """What a district, or the city, is to reach in the year."""
        return self.target if district == self.city else self.shares.get(district)

    def months(self, district: int) -> list[int] | None:
        """The increments of the twelve months; None where the district's (the city's) year is not split."""
        told = {
            part.month: part.amount
            for part in self.parts
            if part.district == district and part.month != WHOLE_YEAR
        }
        return [told.get(month, 0) for month in range(1, MONTHS + 1)] if told else None

    def curve(self, district: int) -> list[Fraction] | None:
        """The share that should be done after each month; a district without months goes by the city's.

        None: elapsed months / 12, also where the months do not make the whole.
        """
        months = self.months(district)
        if months is None and district != self.city:
            months, district = self.months(self.city), self.city
        whole = self.whole(district)
        if months is None or not whole or short_of_whole(whole, months):
            return None
        return [Fraction(done, whole) for done in accumulate(months)]

    def misses(self) -> list[Miss]:
        """Every split that does not make its whole; empty as long as all do."""
        found = []
        if self.shares and (short := _short(self.target, self.shares.values())):
            found.append(Miss(None, short))
        for district in sorted({part.district for part in self.parts}):
            months, whole = self.months(district), self.whole(district)
            if months is not None and (short := _short(whole or 0, months)):
                found.append(Miss(district, short))
        return found


def _short(whole: int, parts: Iterable[int]) -> int:
    return int(short_of_whole(whole, parts))


def evenly(whole: int, weights: Mapping[int, int] | Sequence[int]) -> list[int]:
    """The whole cut by weights into whole parts that make it: the largest remainders get the rest.

    A proposal for an editor; ValueError for weights that come to nothing.
    """
    scale = list(weights.values() if isinstance(weights, Mapping) else weights)
    total = sum(scale)
    if total <= 0:
        raise ValueError("weights that come to nothing")
    parts = [whole * weight // total for weight in scale]
    rest = sorted(range(len(scale)), key=lambda place: -(whole * scale[place] % total))
    for place in rest[: whole - sum(parts)]:
        parts[place] += 1
    return parts
