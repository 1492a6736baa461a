"""The child's side of `core.sheets`: a workbook or CSV as JSON. Light to start: it knows no framework."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import IO, Any
from xml.parsers import expat

from crm.core import oldbooks
from crm.core.apart import Unfit
from crm.core.oldbooks import Place


class BadKind(StrEnum):
    """What a sheet has lost."""

    EXCEL_ERROR = "excel_error"
    LOST_DIGITS = "lost_digits"


class Fault(StrEnum):
    """Why a file cannot be read as a sheet."""

    BROKEN = "broken"
    BUSY = "busy"
    ENCODING = "encoding"
    ENDING = "ending"
    PASSWORD = "password"  # noqa: S105
    TOO_LONG = "too_long"
    TOO_MUCH = "too_much"


def answer(content: IO[bytes], arguments: dict[str, Any]) -> bytes:
    """The sheets as JSON; called in the child process."""
    bounds = arguments["most_rows"], arguments["most_columns"]
    read_as = _csv if arguments["ending"] == "csv" else _workbook
    sheets = list(read_as(content, *bounds))
    return json.dumps(sheets, ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )


def _workbook(content: IO[bytes], most_rows: int, most_columns: int) -> Iterator[tuple[str, Any]]:
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_filelike(content)
    except calamine.PasswordError:
        raise Unfit(Fault.PASSWORD) from None
    errors = _errors(content, [of.name for of in book.sheets_metadata])
    for place, of in enumerate(book.sheets_metadata):
        if of.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        if of.visible != calamine.SheetVisibleEnum.Visible:
            continue
        sheet = book.get_sheet_by_index(place)
        last_row, last_column = sheet.end or (-1, -1)
        if last_row >= most_rows or last_column >= most_columns:
            raise Unfit(Fault.TOO_MUCH)
        rows = [[_plain(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
        for row, column, text in errors.get(of.name, ()):
            if row < len(rows) and column < len(rows[row]):
                rows[row][column] = [BadKind.EXCEL_ERROR.value, text]
        yield of.name, [_trimmed(row) for row in rows]


EXACT = 10**15
"""From here on a number has more digits than Excel keeps."""


def _plain(cell: Any) -> Any:
    """A cell as JSON that `_told` reads back."""
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, int | float):
        if cell != cell or abs(cell) >= EXACT:
            return [BadKind.LOST_DIGITS.value, f"{cell:.6G}"]
        return ["number", str(cell) if isinstance(cell, int) else f"{Decimal(f'{cell:.15g}'):f}"]
    if isinstance(cell, datetime):
        midnight = not (cell.hour or cell.minute or cell.second or cell.microsecond)
        return ["day", cell.date().isoformat()] if midnight else ["moment", cell.isoformat()]
    if isinstance(cell, date):
        return ["day", cell.isoformat()]
    return str(cell) or None


def _trimmed(row: list[Any]) -> list[Any]:
    """Without the empty cells at its end."""
    end = len(row)
    while end and row[end - 1] is None:
        end -= 1
    return row[:end]


# Excel errors: calamine hands them out as '', so they are looked for in the file itself.


def _errors(content: IO[bytes], names: list[str]) -> dict[str, list[Place]]:
    """The cells with Excel errors of every sheet that has some.

    Args:
        names: of all sheets, in their order.
    """
    content.seek(0)
    if not zipfile.is_zipfile(content):
        content.seek(0)
        return dict(zip(names, oldbooks.errors(content.read()), strict=False))
    found: dict[str, list[Place]] = {}
    with zipfile.ZipFile(content) as package:
        for name, part in _parts(package):
            with package.open(part) as stream:
                found[name] = _Errors().of(stream)
    return found


def _parts(package: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Each sheet's name and its part in the package."""
    targets = {
        values["Id"]: values["Target"]
        for tag, values in _tags(package.read("xl/_rels/workbook.xml.rels"))
        if tag == "Relationship"
    }
    names = set(package.namelist())
    for tag, values in _tags(package.read("xl/workbook.xml")):
        if tag != "sheet":
            continue
        relation = next(
            (told for key, told in values.items() if key.endswith("id") and key != "sheetId"), ""
        )
        target = targets.get(relation, "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if part in names:
            yield values["name"], part


def _tags(xml: bytes) -> list[tuple[str, dict[str, str]]]:
    """Every element's local name and attributes."""
    found: list[tuple[str, dict[str, str]]] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, values: found.append((tag.rpartition(":")[2], values))
    parser.Parse(xml, True)
    return found


class _Errors:
    """Walks a sheet's XML and keeps the cells of type "e"; cells may leave out where they stand."""

    def __init__(self) -> None:
        self._found: list[Place] = []
        self._row = self._column = -1
        self._text: list[str] | None = None

    def of(self, stream: IO[bytes]) -> list[Place]:
        """The errors of one sheet, in constant memory."""
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._said
        parser.ParseFile(stream)
        return self._found

    def _start(self, tag: str, values: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "row":
            self._row = int(values["r"]) - 1 if "r" in values else self._row + 1
            self._column = -1
        elif tag == "c":
            self._column = _column(values["r"]) if "r" in values else self._column + 1
            self._text = [] if values.get("t") == "e" else None

    def _said(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def _end(self, tag: str) -> None:
        if tag.rpartition(":")[2] == "c" and self._text is not None:
            error = next((one for one in self._text if one.startswith("#")), "#")
            self._found.append((self._row, self._column, error))
            self._text = None


def _column(reference: str) -> int:
    """0 for A7, 27 for AB7."""
    number = 0
    for letter in reference:
        if letter.isalpha():
            number = number * 26 + ord(letter.upper()) - ord("A") + 1
    return number - 1


# CSV


def _csv(content: IO[bytes], most_rows: int, most_columns: int) -> Iterator[tuple[str, Any]]:
    text = _decoded(content.read())
    csv.field_size_limit(len(text) + 1)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    yield "", list(_bounded(lines, most_rows, most_columns))


def _bounded(lines: Iterable[list[str]], most_rows: int, most_columns: int) -> Iterator[list[Any]]:
    for number, line in enumerate(lines):
        if number >= most_rows or len(line) > most_columns:
            raise Unfit(Fault.TOO_MUCH)
        yield _trimmed([cell or None for cell in line])


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unfit(Fault.ENCODING)


def _delimiter(text: str) -> str:
    """What stands most often in the first lines."""
    first = "\n".join(text.splitlines()[:20])
    return max(",;\t", key=first.count)
