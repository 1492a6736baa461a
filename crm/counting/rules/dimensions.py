"""By what figures are split, and how a row enters the day sums of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from crm.counting.rules.decisions import FOREVER, Measure, Standing
from crm.counting.rules.facts import Place


class Dimension(StrEnum):
    """The city with its districts (all), and what they are split by; district stands in each."""

    ALL = "all"
    CLUSTER = "cluster"
    CHAIN = "chain"
    NODE = "node"
    POSITION = "position"
    MODEL = "model"
    ANCHOR = "anchor"
    ORIGIN = "origin"
    COHORT = "cohort"


OF_MONEY = frozenset({Dimension.ORIGIN, Dimension.COHORT})
"""Splits that only receipts have."""

OF_RECEIPTS = frozenset({Measure.FUNDS_REPORTED, Measure.FUNDS_COUNTED})
"""Measures whose rows are receipts; the others' are projects."""

UNASSIGNED = ""
"""The key of 未定, a row of its own in every split."""


def key_of(dimension: Dimension, place: Place, standing: Standing) -> str:
    """The row's part of the split: a number or a stored value as text, "" for 未定."""
    if dimension is Dimension.ALL:
        return UNASSIGNED
    owner = standing if dimension in OF_MONEY else place
    found = getattr(owner, dimension.value)
    return UNASSIGNED if found is None else str(found)


def splits(measure: Measure) -> Iterator[Dimension]:
    """The dimensions that a measure is split by."""
    return (one for one in Dimension if measure in OF_RECEIPTS or one not in OF_MONEY)


@dataclass(frozen=True, order=True)
class Cell:
    """One day sum: what is summed, of what part, where, on which day."""

    measure: str
    dimension: str
    day: date
    key: str
    district: int


def edges(place: Place, standing: Standing) -> Iterator[tuple[Cell, int, int]]:
    """What a row adds to the day sums: (cell, count, fen) on its first day, and back on its last."""
    ends = [(standing.day_from, 1)]
    if standing.day_until != FOREVER:
        ends.append((standing.day_until, -1))
    for dimension in splits(standing.measure):
        key = key_of(dimension, place, standing)
        for day, sign in ends:
            cell = Cell(standing.measure.value, dimension.value, day, key, place.district)
            yield cell, sign, sign * standing.amount.fen
