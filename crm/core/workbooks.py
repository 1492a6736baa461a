"""Tables as workbooks: numbers as numbers, money as shown and exact beside it, nothing that calculates.

Text is always written as text, so a name that begins with "=" stays a name. XlsxWriter writes 16 digits,
which hold every amount below 100,000 亿元 to the fen.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from crm.core.clock import SHANGHAI
from crm.values.figure import half_up
from crm.values.money import Money, Unit

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

LONGEST_CELL = 32_767
"""Characters that Excel takes in a cell."""


class Kind(StrEnum):
    """What a column holds; money takes two columns, as shown and exact."""

    TEXT = "text"
    COUNT = "count"
    MONEY = "money"
    RATE = "rate"
    DAY = "day"
    MOMENT = "moment"


@dataclass(frozen=True)
class Column:
    """A column: its title in the reader's language, what it holds, its width in characters."""

    title: Any
    kind: Kind = Kind.TEXT
    width: int = 16


@dataclass(frozen=True)
class Made:
    """A finished file and what the reader's machine calls it."""

    name: str
    content: bytes
    media_type: str = MEDIA_TYPE


@dataclass(frozen=True)
class Sheet:
    """A table to be written.

    Attributes:
        title: stands above the table and names the file.
        notes: lines under the title: the filter, when it was made.
        unit: that money is shown in. unit_words, exact_words: of the titles of the two columns.
        rows: of each column's value; None leaves the cell empty.
        last: rows at the end that stand out, such as the sum.
    """

    title: str
    notes: Sequence[str]
    columns: Sequence[Column]
    rows: Iterable[Sequence[Any]]
    unit: Unit
    unit_words: str
    exact_words: str
    last: Sequence[Sequence[Any]] = ()


def made(sheet: Sheet, name: str) -> Made:
    """The workbook. Never call it in a write transaction."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    _Writer(book, sheet).write()
    book.close()
    return Made(f"{name}.xlsx", buffer.getvalue())


class _Writer:
    """Writes one sheet from top to bottom."""

    def __init__(self, book: xlsxwriter.Workbook, sheet: Sheet) -> None:
        self._sheet = sheet
        self._page: Worksheet = book.add_worksheet()
        self._strong = book.add_format({"bold": True})
        self._title = book.add_format({"bold": True, "font_size": 14})
        self._head = book.add_format(
            {"bold": True, "bg_color": "#E7EEF8", "border": 1, "text_wrap": True, "valign": "top"}
        )
        self._formats: dict[Kind, Format] = {
            Kind.COUNT: book.add_format({"num_format": "#,##0"}),
            Kind.MONEY: book.add_format({"num_format": "#,##0.00"}),
            Kind.RATE: book.add_format({"num_format": "0.00%"}),
            Kind.DAY: book.add_format({"num_format": "yyyy-mm-dd"}),
            Kind.MOMENT: book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        }

    def write(self) -> None:
        """Title, notes, head, rows."""
        sheet, page = self._sheet, self._page
        page.write_string(0, 0, sheet.title, self._title)
        for line, note in enumerate(sheet.notes, 1):
            page.write_string(line, 0, str(note))
        head = len(sheet.notes) + 1
        titles = list(self._titles())
        for place, (title, width) in enumerate(titles):
            page.write_string(head, place, title, self._head)
            page.set_column(place, place, width)
        row = head
        for told in sheet.rows:
            row += 1
            self._row(row, told)
        if row > head:
            page.autofilter(head, 0, row, len(titles) - 1)
        for told in sheet.last:
            row += 1
            page.set_row(row, None, self._strong)
            self._row(row, told)
        page.freeze_panes(head + 1, 0)

    def _titles(self) -> Iterable[tuple[str, int]]:
        for column in self._sheet.columns:
            if column.kind is Kind.MONEY:
                yield f"{column.title} ({self._sheet.unit_words})", column.width
                yield f"{column.title} ({self._sheet.exact_words})", column.width + 4
            else:
                yield str(column.title), column.width

    def _row(self, row: int, told: Sequence[Any]) -> None:
        place = 0
        for column, value in zip(self._sheet.columns, told, strict=True):
            if column.kind is Kind.MONEY:
                self._money(row, place, value)
                place += 1
            elif value is not None:
                self._cell(row, place, column.kind, value)
            place += 1

    def _money(self, row: int, place: int, value: Money | None) -> None:
        if value is None:
            return
        shown = half_up(Fraction(value.fen, self._sheet.unit.fen), 2)
        look = self._formats[Kind.MONEY]
        self._page.write_number(row, place, Decimal(shown).scaleb(-2), look)
        self._page.write_number(row, place + 1, Decimal(value.fen).scaleb(-2), look)

    def _cell(self, row: int, place: int, kind: Kind, value: Any) -> None:
        page = self._page
        if kind is Kind.TEXT:
            page.write_string(row, place, str(value)[:LONGEST_CELL])
        elif kind is Kind.COUNT:
            page.write_number(row, place, value, self._formats[kind])
        elif kind is Kind.RATE:
            exact = Decimal(half_up(value, 6)).scaleb(-6)
            page.write_number(row, place, exact, self._formats[kind])
        else:
            page.write_datetime(row, place, _plain(value), self._formats[kind])


def _plain(value: date | datetime) -> date | datetime:
    """Excel knows no zones: Shanghai's clock."""
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).replace(tzinfo=None)
    return value
