"""What may be attached: the table of types, what a name may hold, how much."""

from __future__ import annotations

import unicodedata
from enum import StrEnum

from crm.values.text import tidy

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"

TYPES: dict[str, str] = {
    "pdf": "application/pdf",
    "ofd": "application/ofd",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "heic": "image/heic",
    "docx": _WORD,
    "xlsx": _SHEET,
    "pptx": _SLIDES,
    "doc": "application/msword",
    "wps": "application/msword",
    "xls": "application/vnd.ms-excel",
    "et": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "txt": "text/plain",
    "csv": "text/plain",
}
"""Ending → what the content must be. OFD is the state's own page format (invoices, licences); WPS's old
files are the same compound files as Office's."""

LONGEST_NAME = 200
MOST_AT_ONCE = 5
"""Files in one post; the request's hard limit follows from it."""


DRAW = "files.draw"
"""The background run that draws a content as pictures; its key is the content's hash."""


class Fault(StrEnum):
    """Why a file is refused."""

    ENDING = "ending"
    CONTENT = "content"
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"


# Marks that turn the direction of what follows: with them a name can show an ending it does not have.
_TURNING = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}


def file_name(name: str) -> str:
    """A name that is only a name: no folders, no control characters or turning marks, at most 200 characters.

    The ending survives the cut. Never empty.
    """
    last = tidy(name).replace("\\", "/").rsplit("/", 1)[-1]
    clean = "".join(
        letter
        for letter in unicodedata.normalize("NFC", last)
        if letter not in _TURNING and letter not in '<>:"|?*\n'
    )
    clean = clean.strip(" .") or "file"
    stem, dot, end = clean.rpartition(".")
    if len(clean) <= LONGEST_NAME or not stem or len(end) > 10:
        return clean[:LONGEST_NAME]
    return stem[: LONGEST_NAME - len(end) - 1] + dot + end


def ending(name: str) -> str:
    """What stands after the last dot, in small letters; "" without one."""
    stem, _, end = file_name(name).rpartition(".")
    return end.lower() if stem else ""


def fault_of(name: str, found: str, size: int, limit: int) -> Fault | None:
    """Why a file may not be attached, or None.

    Args:
        found: what the content was found to be (a media type); it must be what the ending promises.
        size, limit: in bytes; the limit itself is allowed.
    """
    if size == 0:
        return Fault.EMPTY
    if size > limit:
        return Fault.TOO_LARGE
    if ending(name) not in TYPES:
        return Fault.ENDING
    return None if TYPES[ending(name)] == found else Fault.CONTENT


ACCEPT = ",".join(f".{end}" for end in TYPES)
"""For the browser's file chooser."""
