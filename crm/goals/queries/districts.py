"""The districts on a track: what each has done, how it stands to its part, its place and the change of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from crm.catalog.models import District
from crm.counting.queries import figures
from crm.counting.queries.figures import Part
from crm.counting.rules.decisions import Measure
from crm.counting.rules.goals import Number, Progress, Sum
from crm.goals.queries.frame import Frame
from crm.goals.rules.ranking import Rank, RankBy, ranked
from crm.goals.rules.tracks import (
    WAY,
    Bar,
    Elapsed,
    Track,
    bar_of,
    counted,
    extent,
    number,
    progress,
    share,
)


@dataclass(frozen=True)
class DistrictState:
    """A district on a track.

    Attributes:
        way: the figure of every step; done: what is measured of the last one, starts or fen.
        progress: against its part of the target; None while the target is not split.
        share: of what the city has; None while that is nothing.
        ranks: its places, by each order in which it has a value.
    """

    district: District
    way: dict[Measure, Sum]
    done: int
    progress: Progress | None
    share: Fraction | None
    ranks: dict[RankBy, Rank]
    bar: Bar


def states(
    frame: Frame, track: Track, over: Elapsed, found: dict[Part, Sum]
) -> list[DistrictState]:
    """Every district of the city, also one that has nothing, in the order officers list them.

    Args:
        found: the figures of the day by district.
    """
    by_measure = {measure: figures.by_district(found, measure) for measure in WAY[track]}
    ways = {
        one.id: {measure: told.get(one.id, Sum()) for measure, told in by_measure.items()}
        for one in frame.districts
    }
    done = {one: number(track, way[counted(track)]) for one, way in ways.items()}
    stand = _standing(frame, track, done, over.months)
    now, before = _values(done, stand), _before(frame, track, over)
    ranks = {by: ranked(values, before.get(by, {})) for by, values in now.items()}
    longest = max((extent(track, way, stand[one]) for one, way in ways.items()), default=0)
    city = sum(done.values())
    return [
        DistrictState(
            district=row,
            way=ways[row.id],
            done=done[row.id],
            progress=(told := stand[row.id]),
            share=share(done[row.id], city),
            ranks={by: places[row.id] for by, places in ranks.items() if row.id in places},
            bar=bar_of(track, ways[row.id], [told] if told else [], longest),
        )
        for row in frame.districts
    ]


def in_order(found: list[DistrictState], by: RankBy) -> list[DistrictState]:
    """The districts by their place; those without one last, equals in the order officers list them."""
    last = len(found) + 1
    return sorted(found, key=lambda one: one.ranks[by].place if by in one.ranks else last)


Values = dict[RankBy, dict[int, Number | None]]


def _standing(
    frame: Frame, track: Track, done: Mapping[int, int], months: int
) -> dict[int, Progress | None]:
    split, comparator = frame.split(track), frame.comparator(track)
    return {
        one: None if split is None else progress(split, one, comparator, amount, months)
        for one, amount in done.items()
    }


def _values(done: Mapping[int, int], stand: Mapping[int, Progress | None]) -> Values:
    """By what districts are ranked."""
    return {
        RankBy.AMOUNT: dict(done),
        RankBy.RATE: {one: told.completion if told else None for one, told in stand.items()},
        RankBy.GAP: {one: told.gap if told else None for one, told in stand.items()},
    }


def _before(frame: Frame, track: Track, over: Elapsed) -> Values:
    """The same at the end of last month; nothing in the year's first month."""
    if over.before is None:
        return {}
    parts = figures.by_district(frame.figures([counted(track)], over.before), counted(track))
    done = {one.id: number(track, parts.get(one.id, Sum())) for one in frame.districts}
    return _values(done, _standing(frame, track, done, over.months_before))
