"""A list of vouchers as a workbook: what its amounts come to, or the row that keeps it from being told.

Real lists have a title above the header, a line of sums below, notes at the end. The header is the first
row that names an amount; 价税合计 goes before 金额, for it is what was paid.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from flask_babel import gettext as _

from crm.core.errors import Refused
from crm.core.sheets import Bad, Cell, Unreadable, read
from crm.values.money import AmountError, Money, MoneyError, Unit, convert, parse_money

NAMES = ("价税合计", "含税金额", "实付金额", "付款金额", "支付金额", "金额", "amount")
"""What the column of amounts is called, the surest first."""

SUMS = re.compile(r"^(本页|以上)?(合计|总计|小计|累计|total|sum)", re.IGNORECASE)
"""How a line begins that is no voucher."""

UNITS = {"元": Unit.YUAN, "万元": Unit.WAN, "亿元": Unit.YI}
UNIT = re.compile(r"\(?(?:单位[:：])?(亿元|万元|元)\)?$")
HEADER_WITHIN = 30
"""Rows in which the header is looked for."""


def voucher_total(content: Path, ending: str) -> Money:
    """What a list of vouchers comes to. Never in a write transaction.

    Raises:
        Refused: it cannot be read, has no column of amounts, or a row without a clear amount.
    """
    try:
        sheets = read(content, ending)
    except Unreadable as unreadable:
        raise Refused(unreadable.sentence) from unreadable
    for sheet in sheets:
        found = _header(sheet.rows)
        if found is not None:
            place, column, unit = found
            return _total(sheet.rows, place, column, unit)
    raise Refused(_("No column of this workbook is called 金额 or 价税合计."))


def _header(rows: Sequence[Sequence[Cell]]) -> tuple[int, int, Unit] | None:
    """The row of the header, the column of amounts and its unit."""
    for place, row in enumerate(rows[:HEADER_WITHIN]):
        titles = [_title(cell) for cell in row]
        if sum(bool(title) for title in titles) < 2:
            continue  # a title over the table may speak of amounts too
        for name in NAMES:
            for column, title in enumerate(titles):
                if title.startswith(name):
                    unit = UNIT.search(title)
                    return place, column, UNITS[unit[1]] if unit else Unit.YUAN
    return None


def _title(cell: Cell) -> str:
    """A heading without its spaces, full-width brackets made plain."""
    if not isinstance(cell, str):
        return ""
    return "".join(unicodedata.normalize("NFKC", cell).split()).lower()


def _total(rows: Sequence[Sequence[Cell]], header: int, column: int, unit: Unit) -> Money:
    """The sum below the header, rows counted as the workbook shows them."""
    amounts = [
        _amount(row[column] if column < len(row) else None, unit, place)
        for place, row in enumerate(rows[header + 1 :], header + 2)
        if _is_voucher(row, column)
    ]
    if not amounts:
        raise Refused(_("There is no voucher in this list."))
    return sum(amounts, Money(0))


def _is_voucher(row: Sequence[Cell], column: int) -> bool:
    """Not empty, no note, no line of sums."""
    filled = [cell for cell in row if cell is not None]
    return len(filled) > 1 and not any(SUMS.match(_title(cell)) for cell in row[: column + 1])


def _amount(cell: Cell, unit: Unit, row: int) -> Money:
    try:
        if isinstance(cell, Decimal):
            return _rounded(cell, unit)
        if isinstance(cell, str):
            return parse_money(cell, unit)
    except (AmountError, MoneyError):
        pass
    if isinstance(cell, Bad):
        raise Refused(_("Row %(row)s: %(text)s is no amount.", row=row, text=cell.text))
    if cell is None:
        raise Refused(_("Row %(row)s has no amount.", row=row))
    raise Refused(_("Row %(row)s: %(text)s is no amount.", row=row, text=str(cell)[:40]))


def _rounded(number: Decimal, unit: Unit) -> Money:
    """Half up to the fen, as Excel shows it: formulas leave more decimals than a voucher has."""
    return convert(number, Decimal(unit.fen) / Unit.YUAN.fen)
