"""Rates and gaps, computed from unrounded values and never typed."""

from fractions import Fraction

from crm.values.figure import figure

NONE = "—"  # a rate of nothing: neither 0 nor ∞


def ratio(numerator: int | Fraction, denominator: int | Fraction) -> Fraction | None:
    """The unrounded rate, for comparing; None when the denominator is zero."""
    return Fraction(numerator) / Fraction(denominator) if denominator else None


def percent(numerator: int | Fraction, denominator: int | Fraction, *lines: Fraction) -> str:
    """The rate as "37.22%", half up to two decimals; "—" when the denominator is zero.

    A rate short of the whole, or of one of `lines` (a target, the schedule: Fraction(8, 12)), takes
    as many decimals as it needs not to read as on it. Over-achievement shows: "112.00%".
    """
    rate = ratio(numerator, denominator)
    if rate is None:
        return NONE
    short_of = [line * 100 for line in (Fraction(1), *lines) if rate < line]
    return f"{figure(rate * 100, apart_from=short_of)}%"


def points(a: Fraction, b: Fraction) -> str:
    """How far rate `a` is ahead of `b` (+) or behind (-), in points, half up to two decimals.

    Only rates that are equal have a gap of "0.00"; the caller adds 个百分点.
    """
    gap = (a - b) * 100
    return ("+" if gap > 0 else "") + figure(gap, apart_from=[Fraction(0)])


def shown(rate: Fraction | None, *lines: Fraction, sign: bool = False) -> str:
    """A rate that is there already, as `percent` writes it; "—" for none.

    Args:
        sign: growth, which is +21.30% or -3.00%; it may be short of the whole and read "100.00%".
    """
    if rate is None:
        return NONE
    whole = () if sign else (Fraction(1),)
    short_of = [line * 100 for line in (*whole, *lines) if rate < line]
    return f"{'+' if sign and rate > 0 else ''}{figure(rate * 100, apart_from=short_of)}%"
