"""What a backup looks like: one zip of JSON lines and contents, with a manifest that counts and sums them.

    tables/<table>.jsonl    one JSON array a row, in the order of the manifest's columns
    files/<sha256>          the contents of attachments, each named by its own sum
    manifest.json           format, revision, and of every table: columns with their kinds, rows, SHA-256

Values are written by kind, the same from either database: whole numbers (money in fen), text, true and
false, days in ISO, instants in ISO and UTC, JSON as it is.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Date, DateTime, Integer, String, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

from crm.core.columns import Moment

FORMAT = 1
MANIFEST = "manifest.json"
CONTENT = re.compile(r"files/([0-9a-f]{64})\Z")

TYPES: dict[str, TypeEngine[Any]] = {
    "whole": BigInteger(),
    "text": Text(),
    "switch": Boolean(),
    "day": Date(),
    "moment": Moment(),
    "json": JSON(none_as_null=True),
}
"""How a kind is read from and written to a table of either database."""


class Unreadable(Exception):
    """The archive is damaged, cut, or none of ours; the message says where."""


def kind_of(declared: TypeEngine[Any]) -> str:
    """The kind of a column's values."""
    type_ = declared
    if isinstance(type_, Moment):
        return "moment"
    while isinstance(type_, TypeDecorator):
        type_ = type_.impl_instance
    for kind, classes in (
        ("switch", (Boolean,)),
        ("moment", (DateTime,)),
        ("day", (Date,)),
        ("json", (JSON,)),
        ("whole", (Integer,)),
        ("text", (String,)),
    ):
        if isinstance(type_, classes):
            return kind
    raise TypeError(f"a backup knows no kind for {declared!r}")


def pack(kind: str, value: Any) -> Any:
    """A value of this kind as JSON."""
    if value is None:
        return None
    if kind == "moment":
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if kind == "day" else value


def unpack(kind: str, value: Any) -> Any:
    """The value again."""
    if value is None:
        return None
    if kind == "moment":
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if kind == "day" else value


def member_of(table: str) -> str:
    """Where a table's rows lie in the archive."""
    return f"tables/{table}.jsonl"
