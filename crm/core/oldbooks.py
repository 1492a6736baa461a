"""Errors in the cells of an Excel 97 workbook (.xls), which calamine hands out as ''. Knows no framework.

Such a file is a compound file (sectors in chains, [MS-CFB]) with a stream of records in it ([MS-XLS]). Two
kinds of record tell of an error: BOOLERR, a cell that holds one, and FORMULA, whose last result may be one.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

Place = tuple[int, int, str]
"""Row and column from 0, and the error's text."""

ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BEGIN, END, SHEET, BOOLERR, FORMULA = 0x0809, 0x000A, 0x0085, 0x0205, 0x0006
HEADER = 512
"""Bytes before the first sector of the usual size."""

LAST_SECTOR = 0xFFFFFFFA
"""Numbers from here on are no sectors but marks: end of a chain, free."""


def errors(content: bytes) -> list[list[Place]]:
    """The cells with errors of each sheet, in the order in which the workbook names its sheets."""
    if not content.startswith(MAGIC) or len(content) < HEADER:
        return []
    stream = _Compound(content).stream("Workbook", "Book")
    begins = [
        struct.unpack_from("<I", data)[0]
        for kind, data in _records(stream, 0)
        if kind == SHEET and len(data) >= 4
    ]
    return [list(_of_sheet(stream, begin)) for begin in begins]


def _of_sheet(stream: bytes, begin: int) -> Iterator[Place]:
    for kind, data in _records(stream, begin):
        if kind == BOOLERR and len(data) >= 8 and data[7]:
            yield _place(data, data[6])
        # A result that is no number says so by its last two bytes; 2 says that it is an error.
        elif kind == FORMULA and len(data) >= 14 and data[12:14] == b"\xff\xff" and data[6] == 2:
            yield _place(data, data[8])


def _place(data: bytes, code: int) -> Place:
    row, column = struct.unpack_from("<HH", data)
    return row, column, ERRORS.get(code, "#")


def _records(stream: bytes, place: int) -> Iterator[tuple[int, bytes]]:
    """The records from one BEGIN to its END; what begins within (a chart) is passed over."""
    depth = 0
    while place + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, place)
        if kind == BEGIN:
            depth += 1
        elif kind == END:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield kind, stream[place + 4 : place + 4 + size]
        place += 4 + size


class _Compound:
    """A compound file: a header, sectors, a table that chains them, a directory of streams."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._size = 1 << struct.unpack_from("<H", content, 30)[0]
        self._small = 1 << struct.unpack_from("<H", content, 32)[0]
        directory, self._least, small_table = (
            struct.unpack_from("<I", content, place)[0] for place in (48, 56, 60)
        )
        self._table = self._numbers(b"".join(map(self._sector, self._table_sectors())))
        self._small_table = self._numbers(self._chained(small_table))
        self._directory = self._chained(directory)

    def stream(self, *names: str) -> bytes:
        """The stream of one of these names; small ones lie in the root's own stream. b"" for none."""
        root = b""
        for place in range(0, len(self._directory) - 127, 128):
            entry = self._directory[place : place + 128]
            length = struct.unpack_from("<H", entry, 64)[0]
            name = entry[: max(0, length - 2)].decode("utf-16-le", "replace")
            first, size = struct.unpack_from("<II", entry, 116)
            if entry[66] == 5:
                root = self._chained(first)
            elif name in names and size >= self._least:
                return self._chained(first)[:size]
            elif name in names:
                return self._joined(root, first)[:size]
        return b""

    def _table_sectors(self) -> list[int]:
        """Where the table itself lies: the first 109 in the header, further ones in a chain."""
        found = list(struct.unpack_from("<109I", self._content, 76))
        following = struct.unpack_from("<I", self._content, 68)[0]
        while following < LAST_SECTOR and len(found) * self._size < len(self._content):
            more = self._numbers(self._sector(following))
            if not more:
                break
            found += more[:-1]
            following = more[-1]
        return [one for one in found if one < LAST_SECTOR]

    def _sector(self, number: int) -> bytes:
        begin = (number + 1) * self._size
        return self._content[begin : begin + self._size]

    def _chained(self, first: int) -> bytes:
        return b"".join(map(self._sector, _chain(self._table, first)))

    def _joined(self, stream: bytes, first: int) -> bytes:
        size = self._small
        chain = _chain(self._small_table, first)
        return b"".join(stream[one * size : (one + 1) * size] for one in chain)

    @staticmethod
    def _numbers(data: bytes) -> Sequence[int]:
        return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])


def _chain(table: Sequence[int], first: int) -> Iterator[int]:
    """The sectors of a chain; one that bites its tail ends once it is longer than the table."""
    left = len(table)
    while first < len(table) and left:
        yield first
        first, left = table[first], left - 1
