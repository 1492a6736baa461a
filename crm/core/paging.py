"""Keyset pages: page 1,000 costs what page 1 costs, on both databases in the same order."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Date, Integer, Select, literal, tuple_
from sqlalchemy.orm import Session

from crm.core.columns import Fen, Moment
from crm.values.money import Money

Row = TypeVar("Row")

PAGE = 50


@dataclass(frozen=True)
class Sort:
    """One sortable column, never NULL, with the row's id as the tie-break in the same direction."""

    key: ColumnElement[Any]
    id: ColumnElement[Any]
    descending: bool = False


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows and the marks that lead on and back; None where there is nothing more."""

    rows: list[Row]
    after: str | None
    before: str | None


def turn(
    session: Session,
    query: Select[Any],
    sort: Sort,
    *,
    after: str | None = None,
    before: str | None = None,
    size: int = PAGE,
) -> Page[Any]:
    """One page of a query: one statement, whatever page it is.

    Args:
        query: selects one entity; filters set, no order, no limit.
        after, before: a mark from an earlier page; a mark that cannot be read means the first page.
    """
    mark = read_mark(before or after, mark_kind(sort.key))
    backward = bool(before) and mark is not None
    query = query.add_columns(sort.key.label("_key"), sort.id.label("_id"))
    if mark is not None:
        query = query.where(beyond(sort, mark, backward))
    found = session.execute(query.order_by(*in_order(sort, backward)).limit(size + 1)).all()
    return fold([(row[0], row[-2], row[-1]) for row in found], size, mark is not None, backward)


def beyond(sort: Sort, mark: tuple[Any, int], backward: bool = False) -> ColumnElement[bool]:
    """What lies after a mark in the order of a sort, or before it."""
    here, there = tuple_(sort.key, sort.id), tuple_(*_bound(sort, mark))
    return here < there if sort.descending != backward else here > there


def in_order(sort: Sort, backward: bool = False) -> list[ColumnElement[Any]]:
    """The ORDER BY of a sort, or of the way back."""
    down = sort.descending != backward
    return [column.desc() if down else column.asc() for column in (sort.key, sort.id)]


def fold(found: list[tuple[Any, Any, int]], size: int, marked: bool, backward: bool) -> Page[Any]:
    """The page that (row, key, id) make, read in order and one more than asked for.

    Args:
        marked: they were read from a mark on.
    """
    more, found = len(found) > size, found[:size]
    if backward:
        found = found[::-1]
    marks = [write_mark(key, row_id) for _row, key, row_id in found]
    has_next = bool(marks) and (more or backward)
    has_previous = bool(marks) and (more if backward else marked)
    return Page(
        [row for row, _key, _id in found],
        marks[-1] if has_next else None,
        marks[0] if has_previous else None,
    )


def _bound(sort: Sort, mark: tuple[Any, int]) -> list[Any]:
    return [literal(mark[0], sort.key.type), literal(mark[1], sort.id.type)]


def mark_kind(column: ColumnElement[Any]) -> str:
    """What a mark of this column holds; a mark of another column is no mark."""
    for name, kind in (("money", Fen), ("moment", Moment), ("day", Date), ("number", Integer)):
        if isinstance(column.type, kind):
            return name
    return "text"


def write_mark(key: Any, row_id: int) -> str:
    """A place in a list, as an address carries it."""
    kind, value = "text", key
    if isinstance(key, Money):
        kind, value = "money", key.fen
    elif isinstance(key, datetime):
        kind, value = "moment", key.isoformat()
    elif isinstance(key, date):
        kind, value = "day", key.isoformat()
    elif isinstance(key, int):
        kind = "number"
    text = json.dumps([kind, value, row_id], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _number(value: Any) -> int:
    """A whole number that the database can hold."""
    if isinstance(value, bool) or not isinstance(value, int) or not -(2**63) <= value < 2**63:
        raise ValueError(value)
    return value


def _text(value: Any) -> str:
    """Text that both databases take: no NUL, no lone surrogate."""
    if not isinstance(value, str) or "\x00" in value:
        raise ValueError(value)
    value.encode()
    return value


def _moment(value: str) -> datetime:
    """An aware instant that is one in UTC too; the year 1 in Baotou is none."""
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError(value)
    moment.astimezone(UTC)
    return moment


_READERS: dict[str, Any] = {
    "text": _text,
    "number": _number,
    "money": lambda value: Money(_number(value)),
    "moment": _moment,
    "day": date.fromisoformat,
}


def read_mark(text: str | None, expected: str) -> tuple[Any, int] | None:
    """The place that a mark of this kind of column says; None for anything else."""
    if not text or len(text) > 2000:
        return None
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        kind, value, row_id = json.loads(raw)
        if kind != expected:
            return None
        return _READERS[kind](value), _number(row_id)
    except (ValueError, KeyError, TypeError, binascii.Error, OverflowError, RecursionError):
        return None
