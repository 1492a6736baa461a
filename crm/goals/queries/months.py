"""A measure month by month: increments of the year's twelve, by the months that its track goes by."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import BigInteger, cast, func, select
from sqlalchemy.orm import Session

from crm.counting.models import DaySum
from crm.counting.queries import figures
from crm.counting.rules.decisions import Measure
from crm.counting.rules.dimensions import Dimension
from crm.counting.rules.goals import Sum
from crm.values.money import Money
from crm.values.period import BookingMonth, MonthKind, Year


def by_month(
    session: Session,
    measure: Measure,
    year: int,
    kind: MonthKind,
    *,
    on: date | None = None,
    known: datetime | None = None,
) -> list[Sum]:
    """The twelve months of a year, up to a day; as known at an instant, or today. One read."""
    last = min(on or Year(year).last_day, Year(year).last_day)
    rows = (
        _summed(session, measure, year, last)
        if known is None
        else _as_known(session, measure, year, last, known)
    )
    months = [Sum() for _ in range(12)]
    for day, count, fen in rows:
        months[BookingMonth.of(day, kind).month - 1] += Sum(count, Money(fen))
    return months


Rows = Iterable[tuple[date, int, int]]


def _summed(session: Session, measure: Measure, year: int, last: date) -> Rows:
    query = select(
        DaySum.day,
        cast(func.sum(DaySum.count), BigInteger),
        cast(func.sum(DaySum.fen), BigInteger),
    ).where(
        DaySum.measure == measure.value,
        DaySum.dimension == Dimension.ALL.value,
        DaySum.day.between(Year(year).first_day, last),
    )
    return [(day, count, fen) for day, count, fen in session.execute(query.group_by(DaySum.day))]


def _as_known(session: Session, measure: Measure, year: int, last: date, known: datetime) -> Rows:
    rows = figures.rows_of(measure, year=year, on=last, known=known).subquery()
    query = select(rows.c.day_from, func.count(), cast(func.sum(rows.c.amount), BigInteger))
    found = session.execute(query.group_by(rows.c.day_from))
    return [(day, count, fen) for day, count, fen in found]
