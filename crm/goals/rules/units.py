"""Figures of goals: whole numbers of a unit's smallest part, read and shown exactly.

45,000 in 万吨 are 4.5万吨: the smallest part of 万吨 is the ton. 亿元 are held in fen, so that money
of the ledger and money of a goal are the same number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from fractions import Fraction

from crm.counting.rules.goals import Number
from crm.values.figure import decimal, figure, trimmed
from crm.values.text import nfkc

PLACES = {
    "亿元": 10,
    "万元": 6,
    "元": 2,
    "个": 0,
    "家": 0,
    "%": 4,
    "万吨": 4,
    "万千瓦": 4,
    "万千瓦时": 4,
    "万平方米": 4,
    "亩": 2,
}
"""Unit → decimal places of its smallest part: fen, one, a ten-thousandth of a per cent, the ton …"""

OTHERS = 4
"""Decimal places of a unit that is not in the table."""

SHOWN = 2
"""Decimals of a figure, unless it takes more not to read as on a line."""

MONEY = frozenset({"亿元", "万元", "元"})

LARGEST, LONGEST = 2**63 - 1, 40
"""What a BIGINT holds; what a text may be long."""


class ValueFault(StrEnum):
    """Why a text is no figure of a goal; the form says it in words."""

    EMPTY = "empty"
    NOT_A_NUMBER = "not_a_number"
    TOO_FINE = "too_fine"
    TOO_LARGE = "too_large"


class ValueProblem(ValueError):
    """A text refused as a figure, with its fault."""

    def __init__(self, fault: ValueFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


# NFKC would silently read 10² as 102.
_UNFAITHFUL = ("<super>", "<sub>", "<circle>", "<fraction>")
_NUMBER = re.compile(r"-?(?:[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:\.[0-9]+)?")


def places_of(unit: str) -> int:
    """How many decimals a figure in this unit may have."""
    return PLACES.get(unit, OTHERS)


def _smallest(unit: str) -> int:
    parts: int = 10 ** places_of(unit)
    return parts


def read_value(text: str, unit: str) -> int:
    """The figure that a text says, in the unit's smallest part: ("4.5", "万吨") is 45,000.

    Raises:
        ValueProblem: anything but a plain number ("200个以上"), one finer than the smallest part, or one
            that no database holds.
    """
    plain = nfkc(text).strip().removesuffix(unit).strip()
    if not plain:
        raise ValueProblem(ValueFault.EMPTY)
    unfaithful = any(unicodedata.decomposition(one).startswith(_UNFAITHFUL) for one in text)
    if unfaithful or len(plain) > LONGEST or not _NUMBER.fullmatch(plain):
        raise ValueProblem(ValueFault.NOT_A_NUMBER)
    value = Fraction(plain.replace(",", "")) * _smallest(unit)
    if value.denominator != 1:
        raise ValueProblem(ValueFault.TOO_FINE)
    if abs(value) > LARGEST:
        raise ValueProblem(ValueFault.TOO_LARGE)
    return value.numerator


def in_unit(value: Number, unit: str) -> Fraction:
    """The figure in its unit: 45,000 in 万吨 are 9/2."""
    return Fraction(value) / _smallest(unit)


def exact_text(value: int, unit: str) -> str:
    """Every digit, without the zeros that say nothing; a field reads the same value from it."""
    return trimmed(decimal(value, places_of(unit)))


def value_text(value: Number, unit: str, lines: Iterable[Number] = ()) -> str:
    """The figure as a page shows it; never like one of `lines` that it is short of, nor like nothing.

    Money has two decimals, counted things none that say nothing.
    """
    bounds = [in_unit(line, unit) for line in (*lines, 0) if value < line or line == 0]
    text = figure(in_unit(value, unit), min(SHOWN, places_of(unit)), bounds)
    return text if unit in MONEY else trimmed(text)
