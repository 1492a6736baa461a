"""Who stands where, and whether he rose or fell since last month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from crm.counting.rules.goals import Number


class RankBy(StrEnum):
    """By what districts are ranked."""

    AMOUNT = "amount"
    RATE = "rate"
    GAP = "gap"


@dataclass(frozen=True)
class Rank:
    """A place from 1; equals share one.

    Attributes:
        rose: places gained since last month, negative for places lost; None: there was no place then.
    """

    place: int
    rose: int | None = None


def places(values: Mapping[int, Number | None]) -> dict[int, int]:
    """Each one's place, the largest first; equals share it, and who has no value has no place."""
    told = {one: value for one, value in values.items() if value is not None}
    return {one: 1 + sum(other > value for other in told.values()) for one, value in told.items()}


def ranked(
    now: Mapping[int, Number | None], before: Mapping[int, Number | None]
) -> dict[int, Rank]:
    """The places of today beside those of last month; `before` is empty in the year's first month."""
    then = places(before)
    return {
        one: Rank(place, then[one] - place if one in then else None)
        for one, place in places(now).items()
    }
