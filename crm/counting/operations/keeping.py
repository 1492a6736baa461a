"""Keeping the facts that were handed over: read by number, written where they changed, in few statements."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import Column, Select, Table, Update, bindparam, insert, select, update
from sqlalchemy.orm import Session

from crm.counting.models import CountedProject, CountedReceipt
from crm.counting.rules.plain import fingerprint

Model = type[CountedProject] | type[CountedReceipt]


class Kept:
    """The stored facts of some projects or receipts, and what of them is new.

    Attributes:
        facts: as they were stored, by number. fresh: the numbers of those that were not.
    """

    def __init__(self, model: Model, rows: Collection[Any]) -> None:
        self._model = model
        self._marks = {number: mark for number, _, mark in rows}
        self.facts: dict[int, Any] = {number: facts for number, facts, _ in rows}
        self.fresh: set[int] = set()
        self._added: list[dict[str, Any]] = []
        self._changed: list[dict[str, Any]] = []

    @staticmethod
    def of(session: Session, model: Model, numbers: Collection[int]) -> Kept:
        """What is stored of them."""
        rows = session.connection().execute(_reading(model), {"numbers": list(numbers)})
        return Kept(model, rows.all())

    def compare(self, number: int, told: Any, **numbers: int) -> None:
        """Take the facts of one, told as JSON, and see whether they are new; `numbers`: its key columns."""
        mark = fingerprint(told)
        if number not in self._marks:
            self.fresh.add(number)
            self._added.append({**numbers, "facts": told, "fingerprint": mark})
        elif self._marks[number] != mark:
            self._changed.append({"number": number, "facts": told, "fingerprint": mark})

    def write(self, session: Session, now: datetime) -> None:
        """Write what is new or changed."""
        connection, handed = session.connection(), {"handed_at": now}
        if self._added:
            table = cast(Table, self._model.__table__)
            connection.execute(insert(table), [row | handed for row in self._added])
        if self._changed:
            connection.execute(_changing(self._model), [row | handed for row in self._changed])


@cache
def _reading(model: Model) -> Select[Any]:
    table = cast(Table, model.__table__)
    key = _key(table)
    return select(key, table.c.facts, table.c.fingerprint).where(
        key.in_(bindparam("numbers", expanding=True))
    )


@cache
def _changing(model: Model) -> Update:
    table = cast(Table, model.__table__)
    values: dict[str, Any] = {
        name: bindparam(name) for name in ("facts", "fingerprint", "handed_at")
    }
    return update(table).where(_key(table) == bindparam("number")).values(values)


def _key(table: Table) -> Column[Any]:
    (key,) = table.primary_key.columns
    return key
