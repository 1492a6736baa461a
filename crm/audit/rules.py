"""How an entry is hashed: canonical JSON, so that both databases and every Python agree."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from crm.values.money import Money

GENESIS = "0" * 64
"""The hash before the first seal."""

SECRET = frozenset({"password_hash", "token_hash", "device_hash"})
"""Columns whose values never enter the audit; that they changed does."""


def plain(value: Any) -> Any:
    """A column's value as JSON: money in fen, days and moments in ISO, enums by value."""
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Money):
        return value.fen
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    raise TypeError(f"no plain form for {type(value).__name__}")


def sealed_form(columns: Mapping[str, Any]) -> dict[str, Any]:
    """All columns of an entry as its seal covers them, the instant in UTC."""
    return dict(columns) | {"at": columns["at"].astimezone(UTC).isoformat()}


def entry_digest(entry: dict[str, Any]) -> str:
    """SHA-256 of everything in one entry, in canonical JSON."""
    return _sha256(entry)


def digest(previous: str, marks: Iterable[tuple[int, str]]) -> str:
    """The seal over one transaction: the seal before, and number and digest of each entry in order."""
    return _sha256([previous, *([number, text] for number, text in marks)])


SHORT = 16
"""How much of an entry's digest its seal keeps: enough to say which entry no longer fits."""


def _sha256(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
