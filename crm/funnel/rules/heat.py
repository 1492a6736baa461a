"""A crossing of two dimensions: its cells, and how warm each is beside the warmest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from crm.counting.rules.goals import Sum
from crm.funnel.rules.dimensions import Key
from crm.values.rate import ratio

STEPS = 6
"""Shades of the heat table; 0 is none."""


class Show(StrEnum):
    """What the heat table shows in its cells."""

    COUNT = "count"
    AMOUNT = "amount"
    CONVERSION = "conversion"
    DAYS = "days"
    COUNTED = "counted"
    FUNDS = "funds"


@dataclass(frozen=True)
class Cell:
    """What is told of a cell, a row, a column or the whole.

    Attributes:
        in_hand: the open pipeline of the day.
        entered, signed: leads that entered in the period, and those of them signed by the day.
        days: of the leads signed in the period, days from entering to signing → how many.
        counted: starts that count in the year. funds: confirmed money of the year.
    """

    in_hand: Sum = field(default_factory=Sum)
    entered: int = 0
    signed: int = 0
    days: Mapping[int, int] = field(default_factory=dict)
    counted: Sum = field(default_factory=Sum)
    funds: Sum = field(default_factory=Sum)

    def __add__(self, other: Cell) -> Cell:
        days = dict(self.days)
        for day, number in other.days.items():
            days[day] = days.get(day, 0) + number
        return Cell(
            self.in_hand + other.in_hand,
            self.entered + other.entered,
            self.signed + other.signed,
            days,
            self.counted + other.counted,
            self.funds + other.funds,
        )

    @property
    def conversion(self) -> Fraction | None:
        """Signed of entered; None where nothing entered."""
        return ratio(self.signed, self.entered)

    @property
    def nothing(self) -> bool:
        """Nothing is to be told of it."""
        return self == Cell()


Cells = Mapping[tuple[Key, Key], Cell]


def rows_of(cells: Cells) -> dict[Key, Cell]:
    """The whole of each row."""
    return _added(cells, lambda place: place[0])


def columns_of(cells: Cells) -> dict[Key, Cell]:
    """The whole of each column."""
    return _added(cells, lambda place: place[1])


def whole_of(cells: Cells) -> Cell:
    """All cells together."""
    return sum(cells.values(), Cell())


def _added(cells: Cells, of: Callable[[tuple[Key, Key]], Key]) -> dict[Key, Cell]:
    found: dict[Key, Cell] = {}
    for place, cell in cells.items():
        found[of(place)] = found.get(of(place), Cell()) + cell
    return found


def weight(cell: Cell, show: Show) -> Fraction:
    """By what a cell is shaded; what is better or more is warmer."""
    return Fraction(
        {
            Show.COUNT: cell.in_hand.count,
            Show.AMOUNT: cell.in_hand.amount.fen,
            Show.CONVERSION: cell.conversion or 0,
            Show.DAYS: sum(cell.days.values()),
            Show.COUNTED: cell.counted.count,
            Show.FUNDS: cell.funds.amount.fen,
        }[show]
    )


def shades(cells: Cells, show: Show) -> dict[tuple[Key, Key], int]:
    """0 to `STEPS` for each cell: 0 for nothing, the warmest at the top."""
    most = max((weight(cell, show) for cell in cells.values()), default=Fraction(0))
    return {
        place: _step(weight(cell, show), most) if most > 0 else 0 for place, cell in cells.items()
    }


def _step(value: Fraction, most: Fraction) -> int:
    if value <= 0:
        return 0
    share = value / most * STEPS
    return max(1, -((-share.numerator) // share.denominator))
