"""Reading workbooks and CSV that people send in: plain cells, or a clear word why not.

Cells are what a sheet holds and no float: text, exact decimals (as Excel shows them: 15 digits), days,
moments, truth values, None for nothing. What the sheet itself has lost is `Bad`: an Excel error, which
would else look like an empty cell, and digits beyond the fifteenth of a code typed as a number.

The file is read in a child process (`core.apart`): a few kilobytes can ask for gigabytes.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext as _l

from crm.core import reading
from crm.core.apart import Unfit, look
from crm.core.reading import BadKind, Fault

MOST_ROWS, MOST_COLUMNS = 60_000, 256
SECONDS, MEGABYTES, ANSWER_MEGABYTES = 30, 768, 96

ENDINGS = ("xlsx", "xls", "et", "csv")
"""What can be read; OpenDocument is not among what may be attached."""


@dataclass(frozen=True)
class Bad:
    """A cell whose content is gone; `text` is what is left of it, such as "#REF!" or "1.50202E+17"."""

    kind: BadKind
    text: str


Cell = str | Decimal | date | datetime | bool | Bad | None


@dataclass(frozen=True)
class Sheet:
    """One sheet from its first row and column on: rows[4][2] is C5. Rows may differ in length."""

    name: str
    rows: list[list[Cell]]


SENTENCES: dict[Fault, Any] = {
    Fault.BROKEN: _l("This workbook cannot be read. Open it, save it anew and try again."),
    Fault.BUSY: _l("Too many workbooks are being read just now. Try again in a moment."),
    Fault.ENCODING: _l("The text of this file cannot be read. Save it as UTF-8, or as a workbook."),
    Fault.ENDING: _l("Only .xlsx, .xls and .csv can be read as a table."),
    Fault.PASSWORD: _l("This workbook has a password. Save it without one and try again."),
    Fault.TOO_LONG: _l("Reading this workbook takes too long. Keep only the table in it."),
    Fault.TOO_MUCH: _l(
        "This workbook holds too much to be read. Delete empty rows and columns at its end, "
        "or split it."
    ),
}


class Unreadable(Exception):
    """The file is no sheet that can be read; `sentence` tells the person what to do."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault

    @property
    def sentence(self) -> Any:
        """What to do about it."""
        return SENTENCES[self.fault]


def read(
    content: Path | bytes,
    ending: str,
    *,
    most_rows: int = MOST_ROWS,
    most_columns: int = MOST_COLUMNS,
) -> list[Sheet]:
    """The visible sheets of a workbook, or the one table of a CSV. Never in a write transaction.

    Args:
        content: a file's path, or its bytes.
        ending: of its name, "xlsx", "xls", "et" or "csv"; its content was checked against it before.
        most_rows, most_columns: of a sheet; a larger one is refused, never cut.

    Raises:
        Unreadable: it is damaged, protected or too large.
    """
    if ending not in ENDINGS:
        raise Unreadable(Fault.ENDING)
    try:
        answer = look(
            reading.__name__,
            content,
            {"ending": ending, "most_rows": most_rows, "most_columns": most_columns},
            seconds=SECONDS,
            megabytes=MEGABYTES,
            answer_megabytes=ANSWER_MEGABYTES,
        )
    except Unfit as unfit:
        raise Unreadable(Fault(unfit.reason)) from unfit
    return [
        Sheet(name, [[_told(cell) for cell in row] for row in rows])
        for name, rows in json.loads(answer)
    ]


def _told(cell: Any) -> Cell:
    if not isinstance(cell, list):
        return cell  # type: ignore[no-any-return]  # text, a truth value or nothing
    kind, text = cell
    readers: dict[str, Any] = {
        "number": Decimal,
        "day": date.fromisoformat,
        "moment": datetime.fromisoformat,
    }
    return readers[kind](text) if kind in readers else Bad(BadKind(kind), text)
