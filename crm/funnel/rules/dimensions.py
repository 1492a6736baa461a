"""By what the funnel is split and narrowed: one table of dimensions, 未定 a part of each."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from crm.catalog.rules import Region
from crm.companies.rules import Position
from crm.leads.rules.kinds import Stage
from crm.values.money import Money


class Dimension(StrEnum):
    """What a lead is counted under. Source and region are today's, all others those of the day."""

    POSITION = "position"
    MODEL = "model"
    CLUSTER = "cluster"
    CHAIN = "chain"
    NODE = "node"
    DISTRICT = "district"
    UNIT = "unit"
    OWNER = "owner"
    SOURCE = "source"
    REGION = "region"
    SIZE = "size"
    STAGE = "stage"


class Size(StrEnum):
    """Classes of a lead's estimated investment, by its lower bound; a lead without one is 未定."""

    BELOW_1 = "below_1"
    FROM_1 = "from_1"
    FROM_5 = "from_5"
    FROM_10 = "from_10"
    FROM_50 = "from_50"


SIZES: tuple[tuple[Size, Money], ...] = (
    (Size.FROM_50, Money.yi(50)),
    (Size.FROM_10, Money.yi(10)),
    (Size.FROM_5, Money.yi(5)),
    (Size.FROM_1, Money.yi(1)),
    (Size.BELOW_1, Money(1)),
)
"""The largest first, each with the least amount that is in it (以上: the number itself included)."""

MEMBERS: dict[Dimension, type[StrEnum]] = {
    Dimension.POSITION: Position,
    Dimension.REGION: Region,
    Dimension.SIZE: Size,
    Dimension.STAGE: Stage,
}
"""Dimensions whose parts are words; the parts of the others are rows, known by their numbers."""

Key = str | int | None
"""A part of a dimension: a member's value or a row's number; None is 未定."""

UNDECIDED = "none"
"""How an address says 未定."""

LARGEST = 2**63 - 1

Narrowed = Mapping[Dimension, Key]
"""What a figure is narrowed to; a dimension that is not in it is not asked about."""


def size_of(amount: Money) -> Size | None:
    """The class of an amount; None for none."""
    return next((size for size, least in SIZES if amount >= least), None)


def read_key(dimension: Dimension, text: str) -> tuple[Key] | None:
    """The part that an address names, in a tuple, for None is one; None where it names nothing."""
    if dimension in MEMBERS and text != UNDECIDED:
        return (text,) if text in list(MEMBERS[dimension]) else None
    return read_number(text)


def read_number(text: str) -> tuple[int | None] | None:
    """A row's number that an address names, or 未定, in a tuple; None where it names nothing."""
    if text == UNDECIDED:
        return (None,)
    plain = text.isascii() and text.isdecimal() and len(text) < 20
    return (int(text),) if plain and int(text) <= LARGEST else None


def key_text(key: Key) -> str:
    """How an address says a part."""
    return UNDECIDED if key is None else str(key)


def narrowed(args: Mapping[str, str]) -> dict[Dimension, Key]:
    """What an address narrows to; what cannot be read is left out."""
    found: dict[Dimension, Key] = {}
    for dimension in Dimension:
        if (text := args.get(dimension.value)) and (key := read_key(dimension, text)):
            found[dimension] = key[0]
    return found


def dimension_of(text: str | None, default: Dimension) -> Dimension:
    """The dimension that an address names."""
    return Dimension(text) if text in list(Dimension) else default
