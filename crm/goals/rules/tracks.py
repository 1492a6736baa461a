"""The two main goals: the whole way to each, how it stands, and the bar that shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from crm.counting.rules.decisions import Measure
from crm.counting.rules.goals import (
    Comparator,
    Goal,
    GoalKind,
    Number,
    Progress,
    Sum,
    evaluate,
)
from crm.goals.rules import kinds
from crm.goals.rules.parts import Split
from crm.values.period import BookingMonth, MonthKind, Year, elapsed_months


class Track(StrEnum):
    """新开工 and 到位资金."""

    STARTS = "starts"
    FUNDS = "funds"


KEY = {Track.STARTS: kinds.STARTS, Track.FUNDS: kinds.FUNDS}
"""By what the goal of a track is known."""

UNIT = {Track.STARTS: "个", Track.FUNDS: "亿元"}

WAY = {
    Track.STARTS: (Measure.STARTS_IN_HAND, Measure.STARTS_REPORTED, Measure.STARTS_COUNTED),
    Track.FUNDS: (
        Measure.FUNDS_AGREED,
        Measure.FUNDS_PLANNED,
        Measure.FUNDS_REPORTED,
        Measure.FUNDS_COUNTED,
    ),
}
"""The steps to each, the last one alone is measured. Those of starts are disjoint; so are money reported

and money counted, while agreed and planned are what they come from.
"""

Way = Mapping[Measure, Sum]
"""The steps of a track with their figures, every one of its measures."""

TRACK_OF = {measure: track for track, way in WAY.items() for measure in way}


def number(track: Track, figure: Sum) -> int:
    """What a track measures of a figure: how many starts, how many fen."""
    return figure.count if track is Track.STARTS else figure.amount.fen


def counted(track: Track) -> Measure:
    """The last step."""
    return WAY[track][-1]


@dataclass(frozen=True)
class Elapsed:
    """How much of a year is over on a day, in the months that a track goes by.

    Attributes:
        months: over by the day, closed or not.
        begun: those that have begun by the day, the last of which is the month under way.
        since: the first day of the month under way; None before the year.
        before: the last day of the month before that; None in the year's first month.
        months_before: over by then.
    """

    months: int
    begun: int = 0
    since: date | None = None
    before: date | None = None
    months_before: int = 0


def elapsed(on: date, year: int, kind: MonthKind) -> Elapsed:
    """Calendar months for starts, booking months for funds."""
    months = elapsed_months(on, year, kind)
    if on < Year(year).first_day:
        return Elapsed(months)
    own = BookingMonth.of(min(on, Year(year).last_day), kind)
    before = own.previous().last_day
    if before.year < year:
        return Elapsed(months, own.month, own.first_day)
    return Elapsed(months, own.month, own.first_day, before, elapsed_months(before, year, kind))


def progress(
    split: Split, district: int, comparator: Comparator, done: int, months: int
) -> Progress | None:
    """How the city (its own number) or a district stands to its part of the target; None without one."""
    whole = split.whole(district)
    if whole is None:
        return None
    curve = split.curve(district)
    share = None if curve is None else (curve[months - 1] if months else Fraction(0))
    return evaluate(Goal(GoalKind.CUMULATIVE, comparator, whole), done, months, share)


@dataclass(frozen=True)
class Bar:
    """A bar in thousandths of its length: three tones from the left, and marks on it.

    Attributes:
        tones: counted, reported, in hand: (start, length).
        tick: where the schedule is; lines: targets. None and () without one.
    """

    tones: tuple[tuple[int, int], ...]
    tick: int | None = None
    lines: tuple[int, ...] = ()


LENGTH = 1000


def bar(
    counted: int,
    reported: int,
    in_hand: int,
    *,
    targets: tuple[int, ...] = (),
    schedule: Fraction | None = None,
    scale: int = 0,
) -> Bar:
    """The bar of a goal. Lengths are cut, never rounded up, so that nothing touches a line it is short of.

    Args:
        targets: lines; the schedule is a share of the largest.
        scale: what the whole length stands for, if more than all that is shown.
    """
    tones = [max(value, 0) for value in (counted, reported, in_hand)]
    whole = max(scale, sum(tones), *targets, 1)
    ends = [sum(tones[: place + 1]) * LENGTH // whole for place in range(len(tones))]
    starts = [0, *ends[:-1]]
    lines = tuple(target * LENGTH // whole for target in targets)
    return Bar(
        tuple((start, end - start) for start, end in zip(starts, ends, strict=True)),
        None if schedule is None or not targets else int(max(targets) * schedule * LENGTH / whole),
        lines,
    )


def in_hand(track: Track, way: Way) -> int:
    """What is on its way beyond what is reported: starts in hand, money planned and not yet reported."""
    if track is Track.STARTS:
        return way[Measure.STARTS_IN_HAND].count
    arrived = way[Measure.FUNDS_REPORTED].amount + way[Measure.FUNDS_COUNTED].amount
    return max(way[Measure.FUNDS_PLANNED].amount.fen - arrived.fen, 0)


def bar_of(track: Track, way: Way, against: Sequence[Progress] = (), scale: int = 0) -> Bar:
    """The bar of the city or a district: what it has counted, reported and in hand, and its targets."""
    reported = WAY[track][-2]
    return bar(
        number(track, way[counted(track)]),
        number(track, way[reported]),
        in_hand(track, way),
        targets=tuple(int(one.target) for one in against),
        schedule=against[-1].schedule if against else None,
        scale=scale,
    )


def extent(track: Track, way: Way, stands: Progress | None) -> int:
    """How much a bar has to show: what is counted and to come, or the target if that is more."""
    has = number(track, way[counted(track)]) + number(track, way[WAY[track][-2]])
    return max(has + in_hand(track, way), int(stands.target) if stands else 0)


def share(part: Number, whole: Number) -> Fraction | None:
    """A part's share of the whole; None of nothing."""
    return Fraction(part) / whole if whole else None
