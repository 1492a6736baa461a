"""The columns of the list of leads: which order each stands for, which are shown unless chosen otherwise."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class ListColumn(StrEnum):
    """A column beside the lead itself, which always stands first; in the order in which they stand."""

    NUMBER = "number"
    STAGE = "stage"
    POSITION = "position"
    MODEL = "model"
    CHAIN = "chain"
    AMOUNT = "amount"
    DISTRICT = "district"
    OWNER = "owner"
    UNIT = "unit"
    SOURCE = "source"
    ENTERED = "entered"
    MOVED = "moved"
    CONTACT = "contact"
    NEXT = "next"


USUAL = (
    ListColumn.STAGE,
    ListColumn.POSITION,
    ListColumn.MODEL,
    ListColumn.CHAIN,
    ListColumn.AMOUNT,
    ListColumn.DISTRICT,
    ListColumn.OWNER,
    ListColumn.CONTACT,
    ListColumn.NEXT,
)
"""What is shown to who chose nothing."""


def shown(chosen: Iterable[str]) -> tuple[ListColumn, ...]:
    """The columns of a choice, in their own order; an unknown name is none, no choice the usual ones."""
    wanted = set(chosen)
    return tuple(one for one in ListColumn if one.value in wanted) or USUAL
