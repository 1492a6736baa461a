"""Real workbooks, made here, and hostile ones."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Sequence
from typing import Any

import xlsxwriter


def xlsx(rows: Sequence[Sequence[Any]], name: str = "凭证", hidden: str = "") -> bytes:
    """A workbook with these rows; text that begins with = is a formula."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        book.formats[0].set_font_size(11)
        sheet = book.add_worksheet(name)
        for place, row in enumerate(rows):
            for column, cell in enumerate(row):
                if hasattr(cell, "year"):
                    sheet.write_datetime(place, column, cell, day)
                elif isinstance(cell, tuple):  # a formula and what it came to
                    sheet.write_formula(place, column, cell[0], None, cell[1])
                else:
                    sheet.write(place, column, cell)
        if hidden:
            book.add_worksheet(hidden).hide()
    return out.getvalue()


SHEET = '<?xml version="1.0"?><worksheet xmlns="{ns}"><sheetData>{rows}</sheetData></worksheet>'
NS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def raw_xlsx(rows: str) -> bytes:
    """A workbook whose one sheet has this XML inside its data."""
    return with_sheet(SHEET.format(ns=NS, rows=rows).encode())


def with_sheet(sheet: bytes) -> bytes:
    """A real workbook with another sheet's XML put in."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx([["x"]]))) as real,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package,
    ):
        for part in real.namelist():
            package.writestr(part, sheet if part.endswith("sheet1.xml") else real.read(part))
    return out.getvalue()


def far_cells() -> bytes:
    """A few hundred bytes that ask for 17 thousand million cells."""
    return raw_xlsx(
        '<row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    )


def zip_bomb(megabytes: int) -> bytes:
    """One text of so many megabytes, packed to a thousandth."""
    cell = b'<row r="1"><c r="A1" t="inlineStr"><is><t>' + b"a" * megabytes * 1_000_000
    return with_sheet(
        SHEET.split("{rows}")[0].format(ns=NS).encode()
        + cell
        + b"</t></is></c></row></sheetData></worksheet>"
    )


def entity_bomb() -> bytes:
    """Entities in entities."""
    entities = '<!ENTITY a "aaaaaaaaaa">' + "".join(
        f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12)
    )
    cell = '<row r="1"><c r="A1" t="inlineStr"><is><t>&m;</t></is></c></row>'
    return with_sheet(
        f'<?xml version="1.0"?><!DOCTYPE x [{entities}]>'.encode()
        + SHEET.format(ns=NS, rows=cell).split("?>", 1)[1].encode()
    )


def xls(rows: Sequence[Sequence[Any]]) -> bytes:
    """An Excel 97 workbook: records in a stream of a compound file.

    A tuple is a formula that came to an error, a whole number in a list an error typed as such.
    """

    def record(number: int, data: bytes) -> bytes:
        return struct.pack("<HH", number, len(data)) + data

    cells = b""
    for place, row in enumerate(rows):
        for column, cell in enumerate(row):
            where = struct.pack("<HHH", place, column, 15)
            if isinstance(cell, tuple):
                result = struct.pack("<BBBBBBH", 2, 0, cell[0], 0, 0, 0, 0xFFFF)
                formula = struct.pack("<H", 3) + b"\x1e\x01\x00"  # the number 1
                cells += record(0x0006, where + result + b"\0" * 6 + formula)
            elif isinstance(cell, list):
                cells += record(0x0205, where + bytes([cell[0], 1]))
            elif isinstance(cell, str):
                text = cell.encode("utf-16-le")
                told = where + struct.pack("<HB", len(cell), 1) + text
                cells += record(0x0204, told)
            else:
                cells += record(0x0203, where + struct.pack("<d", cell))
    begin = record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0x0DBB, 1996, 0, 6))
    sheet_begin = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0x0DBB, 1996, 0, 6))
    end = record(0x000A, b"")
    place_of_sheet = len(begin) + (4 + 6 + 1 + 2) + len(end)
    sheets = record(0x0085, struct.pack("<IBB", place_of_sheet, 0, 0) + b"\x01\x00S")
    stream = begin + sheets + end + sheet_begin + cells + end
    return _compound(stream)


def _compound(stream: bytes) -> bytes:
    """One stream, called Workbook, in a compound file of 512-byte sectors."""
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
    sectors = len(stream) // 512
    free, end = 0xFFFFFFFF, 0xFFFFFFFE
    chain = [*range(1, sectors), end, end, 0xFFFFFFFD]  # the stream, the directory, this table
    table = struct.pack("<128I", *(chain + [free] * (128 - len(chain))))

    def entry(name: str, kind: int, child: int, first: int, size: int) -> bytes:
        text = name.encode("utf-16-le") + b"\0\0"
        return (
            text.ljust(64, b"\0")
            + struct.pack("<HBBIII", len(text), kind, 1, free, free, child)
            + b"\0" * 36
            + struct.pack("<IQ", first, size)
        )

    directory = entry("Root Entry", 5, 1, end, 0) + entry("Workbook", 2, free, 0, len(stream))
    head = (
        bytes.fromhex("d0cf11e0a1b11ae1")
        + b"\0" * 16
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + b"\0" * 6
        + struct.pack("<IIIIIIIII", 0, 1, sectors, 0, 4096, end, 0, end, 0)
        + struct.pack("<109I", sectors + 1, *([free] * 108))
    )
    return head + stream + directory.ljust(512, b"\0") + table
