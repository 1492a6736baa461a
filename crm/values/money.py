"""Money in whole fen: arithmetic, reading what officers type, and showing it by magnitude."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import (
    ROUND_HALF_UP,
    Context,
    Decimal,
    Inexact,
    InvalidOperation,
    Overflow,
)
from enum import StrEnum
from fractions import Fraction
from functools import reduce
from typing import NamedTuple

from crm.values.figure import decimal, figure, trimmed

LARGEST_FEN = 2**63 - 1  # what a BIGINT holds, both ways
LONGEST_TEXT = 64

_EXACT = Context(prec=80, traps=[Inexact, InvalidOperation, Overflow])
_HALF_UP = Context(prec=80, rounding=ROUND_HALF_UP, traps=[InvalidOperation, Overflow])


class MoneyError(ValueError):
    """A value that is no amount of money: finer than a fen, not finite, or out of range."""


class Unit(StrEnum):
    """A unit that amounts are typed and shown in; its value is the word officers write."""

    YUAN = "元"
    WAN = "万元"
    YI = "亿元"

    @property
    def fen(self) -> int:
        """Fen in one of this unit."""
        return _FEN[self]


_FEN = {Unit.YUAN: 10**2, Unit.WAN: 10**6, Unit.YI: 10**10}


@dataclass(frozen=True, order=True)
class Money:
    """An exact amount of yuan, held in fen; negative for a reversal. MoneyError beyond a BIGINT."""

    fen: int

    def __post_init__(self) -> None:
        if type(self.fen) is not int:
            raise TypeError(f"fen must be an int, not {type(self.fen).__name__}")
        if abs(self.fen) > LARGEST_FEN:
            raise MoneyError("out of range")

    @classmethod
    def zero(cls) -> "Money":
        """No money: the start of a sum."""
        return cls(0)

    @classmethod
    def yuan(cls, amount: int | Decimal) -> "Money":
        """Exactly so many 元, or MoneyError."""
        return cls._of(amount, Unit.YUAN)

    @classmethod
    def wan(cls, amount: int | Decimal) -> "Money":
        """Exactly so many 万元, or MoneyError."""
        return cls._of(amount, Unit.WAN)

    @classmethod
    def yi(cls, amount: int | Decimal) -> "Money":
        """Exactly so many 亿元, or MoneyError."""
        return cls._of(amount, Unit.YI)

    @classmethod
    def _of(cls, amount: int | Decimal, unit: Unit) -> "Money":
        if type(amount) is int:
            return cls(amount * unit.fen)
        return cls(_whole(_decimal(amount), Decimal(unit.fen), context=_EXACT))

    def __add__(self, other: "Money") -> "Money":
        return Money(self.fen + other.fen) if type(other) is Money else NotImplemented

    def __radd__(self, other: int) -> "Money":
        return self if type(other) is int and other == 0 else NotImplemented

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.fen - other.fen) if type(other) is Money else NotImplemented

    def __neg__(self) -> "Money":
        return Money(-self.fen)

    def __mul__(self, times: int) -> "Money":
        return Money(self.fen * times) if type(times) is int else NotImplemented

    __rmul__ = __mul__

    def __bool__(self) -> bool:
        return self.fen != 0


def convert(amount: Decimal, rate: Decimal) -> Money:
    """An amount of foreign currency at `rate` yuan for one of it, half up to the fen.

    MoneyError when either is not finite, the rate is not positive, or the result is out of range.
    """
    foreign, price = _decimal(amount), _decimal(rate)
    if price <= 0:
        raise MoneyError("a rate is positive")
    return Money(_whole(foreign, price, Decimal(Unit.YUAN.fen), context=_HALF_UP))


def _decimal(value: Decimal | int) -> Decimal:
    if not isinstance(value, Decimal):
        raise TypeError(f"money is made of int or Decimal, not {type(value).__name__}")
    if not value.is_finite():
        raise MoneyError("not a number")
    return value


def _whole(*factors: Decimal, context: Context) -> int:
    """Their exact product, made a whole number as the context allows."""
    try:
        return int(context.quantize(reduce(_EXACT.multiply, factors), Decimal(1)))
    except (InvalidOperation, Overflow) as error:
        raise MoneyError("out of range") from error
    except Inexact as error:
        raise MoneyError("finer than a fen") from error


# Reading


class AmountFault(StrEnum):
    """Why a text is no amount; the form says it in words."""

    EMPTY = "empty"
    FINER_THAN_FEN = "finer_than_fen"
    NEGATIVE = "negative"
    NOT_A_NUMBER = "not_a_number"
    NOT_EXACT = "not_exact"
    RANGE_REVERSED = "range_reversed"
    SEPARATORS = "separators"
    TOO_LARGE = "too_large"
    UNKNOWN_UNIT = "unknown_unit"


class AmountError(ValueError):
    """A text refused as an amount, with its fault."""

    def __init__(self, fault: AmountFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True)
class Amount:
    """What a text says: one value (low == high) or a range, and whether it is but an estimate."""

    low: Money
    high: Money
    estimate: bool = False

    @property
    def exact(self) -> bool:
        """One value, not marked as an estimate."""
        return self.low == self.high and not self.estimate


_UNITS = {"元": Unit.YUAN, "万": Unit.WAN, "万元": Unit.WAN, "亿": Unit.YI, "亿元": Unit.YI}
_UNIT = "亿元|亿|万元|万|元"
_BEFORE = r"(?:(?P<before>大约|约|近|逾|超)\s*)?"
_DIGITS = r"(?P<number>[0-9][0-9,.]*)\s*"
_VALUE = re.compile(
    _BEFORE
    + _DIGITS
    + r"(?P<more>[余多])?\s*(?:个\s*(?=[亿万]))?"
    + rf"(?:(?P<unit>{_UNIT})|\(\s*(?P<bracketed>{_UNIT})\s*\))?"
    + r"\s*(?P<after>[余多]元?|左右|上下)?"
)
_VALUE_IN_ANOTHER_UNIT = re.compile(_BEFORE + _DIGITS + r"[^0-9]+")
_NEGATIVE = re.compile(_BEFORE + r"[-负]\s*[0-9]")
_EXPONENT = re.compile(r"[0-9.]\s*[eE]\s*[-+]?\s*[0-9]")
_PLAIN = re.compile(r"[0-9]+(\.[0-9]+)?")
_GROUPED = re.compile(r"[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?")
_RANGE = re.compile(r"\s*[-~至到]\s*")
_DASHES = re.compile(r"[—‐–−─〜]+")  # NFKC has made - of － and ~ of ～
# NFKC would silently read 10⁸ as 108 and 1½ as 11⁄2.
_UNFAITHFUL = ("<super>", "<sub>", "<circle>", "<fraction>")


def parse_amount(text: str, unit: Unit = Unit.WAN) -> Amount:
    """Read an amount as officers write it: "1,200.5", "3.5亿", "约2亿", "2-3亿".

    Without a unit it is in the field's. Exact to the fen, or refused with AmountError. A lone dash
    is how the ledgers write nothing: EMPTY.
    """
    parts = _RANGE.split(_readable(text), maxsplit=1)
    low, low_unit, low_estimate = _value(parts[0])
    high, high_unit, high_estimate = _value(parts[-1])
    amount = Amount(
        low=_money(low, low_unit or high_unit or unit),
        high=_money(high, high_unit or low_unit or unit),
        estimate=low_estimate or high_estimate,
    )
    if amount.low > amount.high:
        raise AmountError(AmountFault.RANGE_REVERSED)
    return amount


def parse_money(text: str, unit: Unit = Unit.WAN) -> Money:
    """Read one exact amount; a range or an estimate is refused as NOT_EXACT."""
    amount = parse_amount(text, unit)
    if not amount.exact:
        raise AmountError(AmountFault.NOT_EXACT)
    return amount.low


def _readable(text: str) -> str:
    text = text.strip()
    if len(text) > LONGEST_TEXT:
        raise AmountError(AmountFault.TOO_LARGE if text.isdecimal() else AmountFault.NOT_A_NUMBER)
    if any(unicodedata.decomposition(char).startswith(_UNFAITHFUL) for char in text):
        raise AmountError(AmountFault.NOT_A_NUMBER)
    text = _DASHES.sub("-", unicodedata.normalize("NFKC", text)).strip()
    if not text.strip("-"):
        raise AmountError(AmountFault.EMPTY)
    if _EXPONENT.search(text):
        raise AmountError(AmountFault.NOT_A_NUMBER)
    if _NEGATIVE.match(text):
        raise AmountError(AmountFault.NEGATIVE)
    return text


def _value(text: str) -> tuple[str, Unit | None, bool]:
    found = _VALUE.fullmatch(text)
    if found:
        unit = _UNITS.get(found["unit"] or found["bracketed"] or "")
        return found["number"], unit, bool(found["before"] or found["more"] or found["after"])
    if _NEGATIVE.match(text):
        raise AmountError(AmountFault.NEGATIVE)
    if _VALUE_IN_ANOTHER_UNIT.fullmatch(text):
        raise AmountError(AmountFault.UNKNOWN_UNIT)
    raise AmountError(AmountFault.NOT_A_NUMBER)


def _money(number: str, unit: Unit) -> Money:
    if not _PLAIN.fullmatch(number) and not _GROUPED.fullmatch(number):
        misplaced = "," in number and number.count(".") <= 1
        raise AmountError(AmountFault.SEPARATORS if misplaced else AmountFault.NOT_A_NUMBER)
    fen = Fraction(number.replace(",", "")) * unit.fen
    if fen > LARGEST_FEN:
        raise AmountError(AmountFault.TOO_LARGE)
    if fen.denominator != 1:
        raise AmountError(AmountFault.FINER_THAN_FEN)
    return Money(fen.numerator)


# Showing


class Shown(NamedTuple):
    """A figure and the unit it is in; the page puts the unit in the reader's language."""

    text: str
    unit: Unit

    def __str__(self) -> str:
        return f"{self.text}{self.unit}"


def show(money: Money, lines: Iterable[Money] = ()) -> Shown:
    """By magnitude: below 1亿 in 万元, decimals as needed; from 1亿 in 亿元 with two.

    Takes the decimals needed for a value short of 1亿, or of one of `lines`, not to read as having
    reached it, and for something not to read as nothing.
    """
    if abs(money.fen) >= Unit.YI.fen:
        return Shown(decimal_text(money, Unit.YI, lines), Unit.YI)
    next_unit = Unit.YI.fen if money.fen > 0 else -Unit.YI.fen
    bounds = [Money(0), Money(next_unit), *_short_of(money, lines)]
    return Shown(trimmed(_figure(money, Unit.WAN, 2, bounds)), Unit.WAN)


def decimal_text(money: Money, unit: Unit, lines: Iterable[Money] = (), places: int = 2) -> str:
    """The amount in that unit, half up; never read as on a line of `lines` that it is short of."""
    return _figure(money, unit, places, _short_of(money, lines))


def exact_yuan(money: Money) -> str:
    """The exact amount in 元, for the hover and the export: "1,234,567.89"."""
    return decimal(money.fen, 2)


def input_text(low: Money, high: Money, estimate: bool, unit: Unit = Unit.WAN) -> str:
    """What to put back into a field of that unit: parse_amount reads the same amount from it."""
    ends = [trimmed(decimal(end.fen, len(str(unit.fen)) - 1)) for end in (low, high)]
    return ("约" if estimate else "") + (ends[0] if low == high else "-".join(ends))


def _short_of(money: Money, lines: Iterable[Money]) -> list[Money]:
    return [line for line in lines if money < line]


def _figure(money: Money, unit: Unit, places: int, bounds: Iterable[Money]) -> str:
    apart_from = [Fraction(bound.fen, unit.fen) for bound in bounds]
    return figure(Fraction(money.fen, unit.fen), places, apart_from)
