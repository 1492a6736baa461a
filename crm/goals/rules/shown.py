"""Figures of the board as texts: exact, half up, never across a line."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import ceil
from typing import NamedTuple

from crm.counting.rules.goals import Number, Progress, Sum
from crm.goals.rules.tracks import UNIT, Track, number
from crm.goals.rules.units import value_text
from crm.values.figure import figure, half_up, trimmed
from crm.values.money import Money, exact_yuan, show
from crm.values.rate import NONE, percent, points

PIECE = UNIT[Track.STARTS]
"""The unit of what is counted one by one."""


class Figure(NamedTuple):
    """A text and the unit that it is in: 个, 万元 or 亿元."""

    text: str
    unit: str


def amount(track: Track, value: Number, lines: Iterable[Number] = ()) -> Figure:
    """Starts or fen; never read like one of `lines` that it is short of.

    A fraction of a start has two decimals, a fraction of a fen is half up.
    """
    if track is Track.STARTS:
        short_of = [Fraction(line) for line in lines if value < line]
        places = 0 if isinstance(value, int) else 2
        return Figure(trimmed(figure(Fraction(value), places, short_of)), PIECE)
    bounds = [Money(half_up(Fraction(line), 0)) for line in lines]
    told = show(Money(half_up(Fraction(value), 0)), bounds)
    return Figure(told.text, str(told.unit))


def of_sum(track: Track, value: Sum) -> Figure:
    """What a track measures of a figure."""
    return amount(track, number(track, value))


def completion(told: Progress | None) -> str:
    """完成率: "66.50%", "112.00%"; "—" without a target."""
    if told is None or not told.target:
        return NONE
    lines = [] if told.schedule is None else [told.schedule]
    return percent(told.done, told.target, *lines)


def schedule(told: Progress | None) -> str:
    """序时进度: "50.00%"."""
    return NONE if told is None or told.schedule is None else rate(told.schedule)


def gap(told: Progress | None) -> str:
    """Completion less schedule in points: "+16.50"; "—" without a schedule."""
    if told is None or told.completion is None or told.schedule is None:
        return NONE
    return points(told.completion, told.schedule)


def rate(value: Fraction | None, line: Fraction | None = None, sign: bool = False) -> str:
    """A rate as "21.30%", never read like a line that it is short of; "—" for none."""
    if value is None:
        return NONE
    short_of = [line * 100] if line is not None and value < line else []
    return f"{'+' if sign and value > 0 else ''}{figure(value * 100, apart_from=short_of)}%"


WHOLE = Fraction(1)
"""The share of the whole, 100 %."""


def money(value: Money) -> Figure:
    """An amount by magnitude."""
    told = show(value)
    return Figure(told.text, str(told.unit))


def exact(track: Track, value: Number) -> str:
    """The exact amount in yuan, for the hover; nothing for what is counted."""
    whole = track is Track.FUNDS and Fraction(value).denominator == 1
    return f"{exact_yuan(Money(int(value)))} 元" if whole else ""


def factor(asked: Fraction) -> str:
    """What the year before is multiplied by: 20 % more is "1.2"."""
    return trimmed(figure(1 + asked, 4))


def grown(base: Money, asked: Fraction) -> int:
    """The year before with the growth that is asked for, in fen, rounded up."""
    return ceil(base.fen * (1 + asked))


def less(whole: Sum, part: Sum) -> Money:
    """The amount of a figure beside a part of it."""
    return whole.amount - part.amount


def value(amount: Number, unit: str, lines: Iterable[Number] = ()) -> str:
    """A figure of another goal, in its unit."""
    return value_text(amount, unit, lines)


def nearest(value: Number) -> int:
    """The nearest whole start or fen, for a place on an axis."""
    return half_up(Fraction(value), 0)
