"""The sums as the rows make them: what a recount writes, and what a nightly job compares."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Select,
    cast,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from crm.counting.models import ALWAYS, DaySum, MonthSum, StandingRow
from crm.counting.rules.decisions import FOREVER, Measure
from crm.counting.rules.dimensions import Dimension, splits

Cells = Select[str, str, date, str, int, int, int]
"""measure, dimension, day, key, district_id, count, fen."""


@dataclass(frozen=True)
class Difference:
    """A day or month sum that its rows do not make; count and fen: how much it has too much."""

    table: str
    measure: str
    dimension: str
    day: date
    key: str
    district_id: int
    count: int
    fen: int


def day_cells(dimension: Dimension) -> Cells:
    """The day sums of a dimension, made from what stands today."""
    measures = [measure for measure in Measure if dimension in set(splits(measure))]
    key: ColumnElement[str] = (
        literal("") if dimension is Dimension.ALL else getattr(StandingRow, dimension.value)
    )
    edges = [
        select(
            StandingRow.measure.label("measure"),
            day.label("day"),
            key.label("key"),
            StandingRow.district_id.label("district_id"),
            literal(sign).label("count"),
            (cast(StandingRow.amount, BigInteger) * sign).label("fen"),
        ).where(
            StandingRow.known_until == ALWAYS,
            StandingRow.measure.in_(measures),
            day != FOREVER,
        )
        for day, sign in ((StandingRow.day_from, 1), (StandingRow.day_until, -1))
    ]
    rows = union_all(*edges).subquery()
    return select(
        rows.c.measure,
        literal(dimension.value),
        rows.c.day,
        rows.c.key,
        rows.c.district_id,
        cast(func.sum(rows.c.count), BigInteger),
        cast(func.sum(rows.c.fen), BigInteger),
    ).group_by(rows.c.measure, rows.c.day, rows.c.key, rows.c.district_id)


def month_cells(session: Session) -> Cells:
    """The month sums, made from the day sums."""
    month: ColumnElement[date]
    if session.get_bind().dialect.name == "sqlite":
        month = func.date(DaySum.day, "start of month", type_=Date())
    else:
        month = cast(func.date_trunc("month", DaySum.day), Date())
    return select(
        DaySum.measure,
        DaySum.dimension,
        month,
        DaySum.key,
        DaySum.district_id,
        cast(func.sum(DaySum.count), BigInteger),
        cast(func.sum(DaySum.fen), BigInteger),
    ).group_by(DaySum.measure, DaySum.dimension, month, DaySum.key, DaySum.district_id)


def differences(session: Session) -> list[Difference]:
    """Where sums and rows disagree; empty as long as all is well."""
    found: list[Difference] = []
    for dimension in Dimension:
        kept = _kept(DaySum).where(DaySum.dimension == dimension.value)
        found += _compared(session, "day_sum", kept, day_cells(dimension))
    return found + _compared(session, "month_sum", _kept(MonthSum), month_cells(session))


def _kept(table: type[DaySum | MonthSum]) -> Cells:
    return select(
        table.measure,
        table.dimension,
        table.day,
        table.key,
        table.district_id,
        table.count,
        table.fen,
    )


def _compared(session: Session, table: str, kept: Cells, made: Cells) -> list[Difference]:
    """Kept less made, where that is not nothing: a sum, since SQLite is slow at full joins."""
    sides = []
    for query, sign in ((kept, 1), (made, -1)):
        measure, dimension, day, key, district, count, fen = query.subquery().c
        sides.append(
            select(
                cast(measure, DaySum.measure.type).label("measure"),
                dimension.label("dimension"),
                day.label("day"),
                key.label("key"),
                district.label("district_id"),
                (count * sign).label("count"),
                (fen * sign).label("fen"),
            )
        )
    rows = union_all(*sides).subquery()
    names = [rows.c[name] for name in ("measure", "dimension", "day", "key", "district_id")]
    counts = cast(func.sum(rows.c.count), BigInteger)
    amounts = cast(func.sum(rows.c.fen), BigInteger)
    query = select(*names, counts, amounts).group_by(*names).having((counts != 0) | (amounts != 0))
    return [Difference(table, *row) for row in session.execute(query)]
