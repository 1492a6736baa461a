"""What a content really is, whatever its name says: first bytes, the parts of a package, plain text."""

from __future__ import annotations

import codecs
import zipfile
from typing import IO

import filetype

PACKAGES = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/presentation.xml": (
        "application/vnd.openxmlformats-officedocument.presentationml.presentation"
    ),
    "OFD.xml": "application/ofd",
}
"""The one part by which a zip package is known."""

MACROS = "application/x-macros"
"""A package that carries programs, whatever else it is."""

STREAMS = {
    "WordDocument": "application/msword",
    "Workbook": "application/vnd.ms-excel",
    "Book": "application/vnd.ms-excel",
    "PowerPoint Document": "application/vnd.ms-powerpoint",
}
"""The stream by which an old compound file is known; an installer (.msi) is one too and has none of them."""

_COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")
_HEAD = 8192
_CHUNK = 1024 * 1024


def sniff(stream: IO[bytes]) -> str:
    """The media type of a seekable content by its bytes; "" where nobody can tell. Leaves it rewound."""
    stream.seek(0)
    head = stream.read(_HEAD)
    try:
        if head.startswith(b"PK"):
            return _package(stream)
        if head.startswith(_COMPOUND):
            return _compound(stream)
        kind = filetype.guess(head)
        if kind is not None:
            return str(kind.mime)
        return "text/plain" if _is_text(stream) else ""
    finally:
        stream.seek(0)


def size_of(stream: IO[bytes]) -> int:
    """How many bytes a seekable stream holds. Leaves it rewound."""
    stream.seek(0, 2)
    size = stream.tell()
    stream.seek(0)
    return size


def _package(stream: IO[bytes]) -> str:
    """By the directory of the package alone: nothing is unpacked."""
    try:
        with zipfile.ZipFile(stream) as package:
            names = set(package.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return ""
    if any(name.rsplit("/", 1)[-1].lower() == "vbaproject.bin" for name in names):
        return MACROS
    return next((kind for part, kind in PACKAGES.items() if part in names), "application/zip")


def _compound(stream: IO[bytes]) -> str:
    marks = {name.encode("utf-16-le") + b"\0\0": kind for name, kind in STREAMS.items()}
    longest = max(map(len, marks))
    stream.seek(0)
    tail = b""
    while chunk := stream.read(_CHUNK):
        window = tail + chunk
        for mark, kind in marks.items():
            if mark in window:
                return kind
        tail = window[-longest:]
    return ""


def _is_text(stream: IO[bytes]) -> bool:
    """UTF-8 (with or without its mark) or GB18030, without a control byte that no text has."""
    return any(_decodes(stream, encoding) for encoding in ("utf-8", "gb18030"))


def _decodes(stream: IO[bytes], encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    stream.seek(0)
    try:
        while chunk := stream.read(_CHUNK):
            if any(
                ord(letter) < 32 and letter not in "\t\n\r\f" for letter in decoder.decode(chunk)
            ):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
