"""How an exact number is read: half up, and never across a line."""

from collections.abc import Iterable
from fractions import Fraction


def half_up(value: Fraction, places: int) -> int:
    """The value in units of 10^-places, halves away from zero: a reversal mirrors its receipt."""
    scale: int = 10**places
    top, bottom = abs(value.numerator) * scale, value.denominator
    magnitude = (2 * top + bottom) // (2 * bottom)
    return magnitude if value >= 0 else -magnitude


def figure(value: Fraction, places: int = 2, apart_from: Iterable[Fraction] = ()) -> str:
    """The value with thousands separators and `places` decimals, more where it takes more:

    the text never reads like a line of `apart_from`, rounded alike, unless the value is just there.
    """
    lines = [line for line in apart_from if line != value]
    while half_up(value, places) in {half_up(line, places) for line in lines}:
        places += 1
    return decimal(half_up(value, places), places)


def decimal(scaled: int, places: int) -> str:
    """An integer in units of 10^-places as text: decimal(-123450, 2) is "-1,234.50"."""
    whole, rest = divmod(abs(scaled), 10**places)
    sign = "-" if scaled < 0 else ""
    return f"{sign}{whole:,}.{rest:0{places}}" if places else f"{sign}{whole:,}"


def trimmed(text: str) -> str:
    """A decimal without the zeros that say nothing: "1,200.50" is "1,200.5", "20.00" is "20"."""
    return text.rstrip("0").rstrip(".") if "." in text else text
