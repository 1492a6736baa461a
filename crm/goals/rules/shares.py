"""Shares of a project between districts, 5:5 or 3:7: for assessment alone, totals give 100 % to one.

A share is kept in hundredths of a per cent; the shares of a project make exactly 100 %.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from crm.counting.rules.goals import Number
from crm.goals.rules.parts import evenly
from crm.values.figure import decimal, trimmed

WHOLE = 10_000
"""100 %."""

MOST = 4
"""Districts that share one project, at most."""


@dataclass(frozen=True)
class Credited:
    """What a shared project adds to a figure in the district where it lands."""

    project: int
    district: int
    amount: int


def short_of_all(shares: Iterable[int]) -> int:
    """What is missing to 100 %; negative where they are more."""
    return WHOLE - sum(shares)


def percent(share: int) -> str:
    """3,333 is "33.33"."""
    return trimmed(decimal(share, 2))


def cut(amount: int, shares: Mapping[int, int]) -> dict[int, int]:
    """An amount by district in whole fen that make it; the largest remainders get the rest.

    A negative amount is cut as the positive one is, so that a reversal takes back what was given.
    """
    parts = evenly(abs(amount), shares)
    sign = -1 if amount < 0 else 1
    return {district: sign * part for district, part in zip(shares, parts, strict=True)}


def assessed(
    done: Mapping[int, int],
    credited: Iterable[Credited],
    shares: Mapping[int, Mapping[int, int]],
    *,
    whole: bool,
) -> dict[int, Number]:
    """What each district has for assessment: the city's sum stays what it is.

    Args:
        done: by district, 100 % where a project lands.
        shares: project → district → share.
        whole: the amount is fen and cut into whole ones; starts are shared as fractions.
    """
    found: dict[int, Number] = dict(done)
    for one in credited:
        of = shares[one.project]
        parts: Mapping[int, Number] = (
            cut(one.amount, of)
            if whole
            else {district: one.amount * Fraction(share, WHOLE) for district, share in of.items()}
        )
        found[one.district] = found.get(one.district, 0) - one.amount
        for district, part in parts.items():
            found[district] = found.get(district, 0) + part
    return found
