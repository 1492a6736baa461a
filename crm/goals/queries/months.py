"""A measure month by month: increments of the year's twelve, by the months that its track goes by."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, cast, func, select
from sqlalchemy.orm import Session

from crm.counting.models import DaySum
from crm.counting.queries.known import changes_by_day
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
    """The twelve months of a year, up to a day; as known today, or at an instant."""
    last = min(on or Year(year).last_day, Year(year).last_day)
    found = _summed(session, measure, year, last)
    if known is not None:
        found += changes_by_day(session, measure, year=year, on=last, known=known)
    months = [Sum() for _ in range(12)]
    for day, told in found:
        months[BookingMonth.of(day, kind).month - 1] += told
    return months


def _summed(session: Session, measure: Measure, year: int, last: date) -> list[tuple[date, Sum]]:
    query = select(
        DaySum.day,
        cast(func.sum(DaySum.count), BigInteger),
        cast(func.sum(DaySum.fen), BigInteger),
    ).where(
        DaySum.measure == measure.value,
        DaySum.dimension == Dimension.ALL.value,
        DaySum.day.between(Year(year).first_day, last),
    )
    days = session.execute(query.group_by(DaySum.day))
    return [(day, Sum(count, Money(fen))) for day, count, fen in days]
