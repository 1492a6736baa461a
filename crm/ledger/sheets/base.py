"""The sheet of published figures: which columns it may have, and its rows as the page's form takes them.

Two shapes are read: a line a figure (旗县区, 月份, 累计到位资金, 来源), and a line a district with a column
a month (1月 … 12月, 1-6月). Title rows above, notes below, empty cells and "-" are passed over. What a
sheet leaves unsaid (year, month, unit, source) is what the person chose beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask_babel import gettext as _

from crm.core.errors import Refused
from crm.core.sheets import Bad, Cell, Sheet
from crm.values.money import Unit
from crm.values.text import nfkc, search_key

DISTRICT = ("旗县区", "旗县", "区县", "县区", "地区", "区域", "单位", "片区", "district")
AMOUNT = ("累计到位", "累计", "到位资金", "到位", "完成", "金额", "cumulative", "amount")
SOURCE = ("来源", "出处", "文件", "source")
MONTH = ("月份", "月", "month")
YEAR = ("年份", "年度", "年", "year")

MOST_ROWS = 600
"""Eleven places, twelve months, four years."""

LOOKED_AT = 30
"""Rows among which the header is looked for."""

MONTH_TEXT = re.compile(r"(?:1\s*月?\s*[-~至到—–]\s*)?(\d{1,2})\s*(?:月份?)?(?:底|末)?(?:累计)?")
MONTH_IN_WORDS = re.compile(r"(?:^|[-~至到—–年\D])(0?[1-9]|1[0-2])月")
UNIT_TEXT = re.compile(r"亿元|万元|元")
OWN_UNIT = re.compile(r"[元万亿]")


@dataclass(frozen=True)
class Row:
    """A row as it will be typed into the form: texts, none of them judged yet.

    Attributes:
        line: where it stands in the sheet, for finding it again; "3" or "7月!3".
    """

    line: str
    year: str
    month: str
    district: str
    amount: str
    source: str


@dataclass(frozen=True)
class Unsaid:
    """What the person chose for what the sheet does not say."""

    year: int
    month: int | None
    unit: Unit
    source: str


@dataclass(frozen=True)
class _Head:
    """The columns of a sheet by place; months: of the wide shape, by place."""

    row: int
    district: int
    amount: int | None
    month: int | None
    year: int | None
    source: int | None
    months: dict[int, str]
    units: dict[int, Unit]


def rows_of(sheets: Sequence[Sheet], unsaid: Unsaid) -> list[Row]:
    """The figures of every sheet that has a table of them.

    Raises:
        Refused: none has the columns, or there are too many rows.
    """
    found: list[Row] = []
    tables = 0
    for sheet in sheets:
        if (head := _head(sheet)) is None:
            continue
        tables += 1
        named = sheet.name if len(sheets) > 1 else ""
        for row in _rows(sheet, head, unsaid, named):
            found.append(row)
            if len(found) > MOST_ROWS:
                raise Refused(_("At most %(num)s figures at once.", num=MOST_ROWS), "file")
    if not tables:
        raise Refused(
            _(
                "No table is found. It needs a column 旗县区, and 累计到位资金 or a column for "
                "each month (1月, 2月 …)."
            ),
            "file",
        )
    if not found:
        raise Refused(_("The table holds no figure."), "file")
    return found


def _head(sheet: Sheet) -> _Head | None:
    """The first row that names a district column and figures."""
    above: Unit | None = None
    for place, cells in enumerate(sheet.rows[:LOOKED_AT]):
        texts = [search_key(_text(cell)) for cell in cells]
        named = [f for f in texts if "单位" in f and (_unit(f) is not None)]
        above = _unit(named[0]) if named else above
        district = _column(texts, DISTRICT)
        if district is None:
            continue
        months = {
            column: of
            for column, text in enumerate(texts)
            if column != district and (of := _month_of(text)) and "月" in text
        }
        amount = None if len(months) > 1 else _column(texts, AMOUNT, {district})
        if amount is None and not months:
            continue
        units = {
            column: unit
            for column, text in enumerate(texts)
            if (unit := _unit(text) or above) is not None
        }
        return _as_head(place, texts, district, amount, months, units)
    return None


def _as_head(
    place: int,
    texts: list[str],
    district: int,
    amount: int | None,
    months: dict[int, str],
    units: dict[int, Unit],
) -> _Head:
    """Of the long shape where there is one column of amounts, else of the wide one."""
    source = _column(texts, SOURCE, {district})
    if amount is None:
        return _Head(place, district, None, None, None, source, months, units)
    month = _column(texts, MONTH, {district, amount})
    year = _column(texts, YEAR, {district, amount, month})
    named = MONTH_IN_WORDS.search(texts[amount])
    of_column = {amount: str(int(named[1]))} if named and month is None else {}
    return _Head(place, district, amount, month, year, source, of_column, units)


def _column(
    texts: list[str], words: Sequence[str], taken: set[int | None] | None = None
) -> int | None:
    """The column that one of the words names, the earlier word first."""
    for word in words:
        for column, text in enumerate(texts):
            if word in text and column not in (taken or set()):
                return column
    return None


def _rows(sheet: Sheet, head: _Head, unsaid: Unsaid, named: str) -> Iterator[Row]:
    of_sheet = _month_of(search_key(sheet.name)) if "月" in sheet.name else None
    for place, cells in enumerate(sheet.rows[head.row + 1 :], head.row + 2):
        district = _text(_cell(cells, head.district))
        source = _text(_cell(cells, head.source)) or unsaid.source
        line = f"{named}!{place}" if named else str(place)
        year, month = str(unsaid.year), of_sheet or str(unsaid.month or "")
        if head.year is not None:
            year = _digits(_text(_cell(cells, head.year))) or year
        said = _cell(cells, head.month)
        if isinstance(said, date):
            year, month = str(said.year), str(said.month)
        elif _text(said):
            month = _month_of(search_key(_text(said))) or _text(said)
        columns = head.months or {head.amount or 0: month}
        for column, of_month in columns.items():
            amount = _amount(_cell(cells, column), head.units.get(column, unsaid.unit))
            if amount and (district or head.months):
                yield Row(line, year, of_month, district, amount, source)


def _amount(cell: Cell, unit: Unit) -> str:
    """The amount with its unit; "" where there is none."""
    text = nfkc(_text(cell)).strip()
    if not text.strip("-—–/ "):
        return ""
    if isinstance(cell, Bad) or OWN_UNIT.search(text):
        return text
    return f"{text}{unit.value}"


def _cell(cells: Sequence[Cell], column: int | None) -> Cell:
    return cells[column] if column is not None and column < len(cells) else None


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Bad):
        return cell.text
    if isinstance(cell, Decimal):
        return f"{cell.normalize():f}"
    return str(cell).strip()


def _month_of(text: str) -> str | None:
    """ "6" of "6月", "1-6月", "１—６月份", "6"."""
    found = MONTH_TEXT.fullmatch(UNIT_TEXT.sub("", re.sub(r"[()（）\s]", "", nfkc(text))))
    return str(int(found[1])) if found and 1 <= int(found[1]) <= 12 else None


def _digits(text: str) -> str:
    found = re.search(r"\d{4}", nfkc(text))
    return found[0] if found else ""


def _unit(text: str) -> Unit | None:
    found = UNIT_TEXT.search(text)
    return Unit(found[0]) if found else None
