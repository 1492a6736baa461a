"""Day and month sums: moved in the transaction that changes what stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any, cast

from sqlalchemy import Table
from sqlalchemy.orm import Session

from crm.counting.models import DaySum, MonthSum
from crm.counting.operations.holding import Hold
from crm.counting.rules.decisions import Standing
from crm.counting.rules.dimensions import Cell, edges
from crm.counting.rules.facts import Place


class Moves:
    """What a write adds to the sums and takes from them, written at once and in one order for all."""

    def __init__(self) -> None:
        self._count: Counter[Cell] = Counter()
        self._fen: Counter[Cell] = Counter()

    def add(self, place: Place, standing: Standing, sign: int = 1) -> None:
        """A row that stands from now on; with sign -1 one that no longer does."""
        for cell, count, fen in edges(place, standing):
            self._count[cell] += sign * count
            self._fen[cell] += sign * fen

    def write(self, session: Session) -> None:
        """Move both tables by what is not nothing."""
        days = list(self._rows())
        months: dict[tuple[Any, ...], dict[str, Any]] = {}
        for row in days:
            first = row | {"day": cast(date, row["day"]).replace(day=1), "count": 0, "fen": 0}
            name = tuple(
                first[column] for column in ("measure", "dimension", "day", "key", "district_id")
            )
            month = months.setdefault(name, first)
            month["count"] += row["count"]
            month["fen"] += row["fen"]
        for model, rows in ((DaySum, days), (MonthSum, list(months.values()))):
            if rows:
                table = cast(Table, model.__table__)
                session.connection().execute(_upsert(Hold.insert(session), table), rows)

    def _rows(self) -> Iterator[dict[str, Any]]:
        for cell in sorted({*self._count, *self._fen}):
            count, fen = self._count[cell], self._fen[cell]
            if count or fen:
                yield {
                    "measure": cell.measure,
                    "dimension": cell.dimension,
                    "day": cell.day,
                    "key": cell.key,
                    "district_id": cell.district,
                    "count": count,
                    "fen": fen,
                }


@cache
def _upsert(insert: Any, table: Table) -> Any:
    """Made once for each dialect and table: writing it anew costs as much as running it."""
    statement = insert(table)
    return statement.on_conflict_do_update(
        index_elements=list(table.primary_key),
        set_={
            "count": table.c.count + statement.excluded.count,
            "fen": table.c.fen + statement.excluded.fen,
        },
    )
