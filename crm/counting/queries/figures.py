"""Counted figures: one function for the board, the home page, the letter and the export.

Read from month and day sums; `rows_of` are the rows behind them. Nothing here is scoped: counts and sums
of projects and receipts are public, and whoever shows rows folds those that the reader may not see.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    cast,
    extract,
    func,
    literal,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from crm.counting.models import ALWAYS, DaySum, MonthSum, StandingRow
from crm.counting.queries.rules import in_force
from crm.counting.rules.decisions import FLOWS, Measure
from crm.counting.rules.dimensions import Dimension
from crm.counting.rules.goals import Sum
from crm.values.money import Money
from crm.values.period import BookingMonth, Month, Year

BEGINNING = date(1, 1, 1)


@dataclass(frozen=True, order=True)
class Part:
    """A cell of a split: of which measure, of what part ("" is 未定, and the whole city), where."""

    measure: Measure
    key: str
    district_id: int


def figures(
    session: Session,
    measures: Collection[Measure],
    *,
    year: int,
    on: date,
    since: date | None = None,
    dimension: Dimension = Dimension.ALL,
    district_id: int | None = None,
    key: str | None = None,
) -> dict[Part, Sum]:
    """What stands as of a day, as known today, by part and district; parts without a row are left out.

    Args:
        year: of the flows (what counted, is reported and planned in it); stocks know no year.
        since: of money, only what stands from that day on: a booking month's first day, or BEGINNING
            for what all years up to the day make. None: from the year's first day.
        dimension: ALL gives the districts, whose sum is the city.
        district_id, key: only these.
    """
    found: dict[Part, Sum] = {}
    for some in alike(measures):
        first, last = span(year, on, since) if some[0] in FLOWS else (BEGINNING, on)
        found |= _summed(session, some, first, last, dimension, district_id, key)
    return found


def city(parts: Iterable[tuple[Part, Sum]], measure: Measure) -> Sum:
    """The whole city's figure: the sum of its parts."""
    return sum((figure for part, figure in parts if part.measure is measure), Sum())


def by_key(parts: dict[Part, Sum], measure: Measure) -> dict[str, Sum]:
    """The parts of a split, all districts together."""
    found: dict[str, Sum] = defaultdict(Sum)
    for part, figure in parts.items():
        if part.measure is measure:
            found[part.key] += figure
    return dict(found)


def by_district(parts: dict[Part, Sum], measure: Measure) -> dict[int, Sum]:
    """The districts of a figure."""
    found: dict[int, Sum] = defaultdict(Sum)
    for part, figure in parts.items():
        if part.measure is measure:
            found[part.district_id] += figure
    return dict(found)


def by_booking_month(
    session: Session,
    year: int,
    *,
    on: date | None = None,
    measure: Measure = Measure.FUNDS_COUNTED,
    dimension: Dimension = Dimension.ALL,
    district_id: int | None = None,
    key: str | None = None,
) -> list[Sum]:
    """The twelve booking months of a year, up to a day; a receipt stands on a day of its month."""
    kind = in_force(session).rules.of(year).months
    last = min(on or Year(year).last_day, Year(year).last_day)
    query = select(
        DaySum.day,
        cast(func.sum(DaySum.count), BigInteger),
        cast(func.sum(DaySum.fen), BigInteger),
    ).where(
        DaySum.measure == measure.value,
        DaySum.dimension == dimension.value,
        DaySum.day.between(Year(year).first_day, last),
        *_only(DaySum, district_id, key),
    )
    months = [Sum() for _ in range(12)]
    for day, count, fen in session.execute(query.group_by(DaySum.day)):
        months[BookingMonth.of(day, kind).month - 1] += Sum(count, Money(fen))
    return months


def months_by_district(
    session: Session, year: int, measure: Measure = Measure.FUNDS_COUNTED
) -> dict[int, list[Sum]]:
    """The twelve booking months of a year in every district that has any; one read."""
    kind = in_force(session).rules.of(year).months
    query = select(DaySum.district_id, DaySum.day, DaySum.count, DaySum.fen).where(
        DaySum.measure == measure.value,
        DaySum.dimension == Dimension.ALL.value,
        DaySum.day.between(Year(year).first_day, Year(year).last_day),
    )
    found: dict[int, list[Sum]] = defaultdict(lambda: [Sum() for _ in range(12)])
    for district, day, count, fen in session.execute(query):
        found[district][BookingMonth.of(day, kind).month - 1] += Sum(count, Money(fen))
    return dict(found)


def of_projects(
    session: Session,
    measure: Measure,
    project_ids: Collection[int],
    *,
    year: int | None = None,
    on: date | None = None,
    since: date | None = None,
) -> dict[int, Sum]:
    """What stands of some projects, money of their receipts included, as known today.

    Args:
        year: only what began in it; None: in any.
        on, since: only what stands on the day, and began on `since` or later.
    """
    query = select(
        StandingRow.project_id, func.count(), cast(func.sum(StandingRow.amount), BigInteger)
    ).where(
        StandingRow.known_until == ALWAYS,
        StandingRow.measure == measure,
        StandingRow.project_id.in_(project_ids),
    )
    if year is not None:
        query = query.where(StandingRow.day_from.between(Year(year).first_day, Year(year).last_day))
    if on is not None:
        query = query.where(StandingRow.day_from <= on, StandingRow.day_until > on)
    if since is not None:
        query = query.where(StandingRow.day_from >= since)
    rows = session.execute(query.group_by(StandingRow.project_id))
    return {number: Sum(count, Money(fen)) for number, count, fen in rows}


def of_project_by_year(session: Session, project_id: int) -> dict[tuple[Measure, int], Sum]:
    """All that stands of one project today, money of its receipts included, by measure and year."""
    year = extract("year", StandingRow.day_from)
    query = select(
        StandingRow.measure, year, func.count(), cast(func.sum(StandingRow.amount), BigInteger)
    ).where(StandingRow.known_until == ALWAYS, StandingRow.project_id == project_id)
    return {
        (measure, int(first)): Sum(count, Money(fen))
        for measure, first, count, fen in session.execute(query.group_by(StandingRow.measure, year))
    }


# --- the rows behind -----------------------------------------------------------------------------


def rows_of(
    measure: Measure,
    *,
    year: int,
    on: date,
    since: date | None = None,
    dimension: Dimension = Dimension.ALL,
    key: str | None = None,
    district_id: int | None = None,
    known: datetime | None = None,
) -> Select[StandingRow]:
    """The rows whose sum the figure is, for a higher package to join and scope.

    Args:
        since: as of `figures`.
        known: as known at that instant; None: as known today.
    """
    query = select(StandingRow).where(
        StandingRow.measure == measure, *stands(measure, year, on, since), *_known(known)
    )
    if district_id is not None:
        query = query.where(StandingRow.district_id == district_id)
    if key is not None and dimension is not Dimension.ALL:
        query = query.where(column_of(dimension) == key)
    return query


def column_of(dimension: Dimension) -> ColumnElement[str]:
    """The column of the rows that a split goes by; "" for the whole."""
    if dimension is Dimension.ALL:
        return literal("")
    column: InstrumentedAttribute[str] = getattr(StandingRow, dimension.value)
    return column  # type: ignore[return-value]


def alike(measures: Collection[Measure]) -> list[list[Measure]]:
    """Those that stand by the same condition together: flows, stocks."""
    kinds = ([one for one in measures if (one in FLOWS) is flow] for flow in (True, False))
    return [some for some in kinds if some]


def span(year: int, on: date, since: date | None) -> tuple[date, date]:
    """The days whose rows a flow sums, both included."""
    return since or Year(year).first_day, min(on, Year(year).last_day)


def stands(
    measure: Measure, year: int, on: date, since: date | None
) -> tuple[ColumnElement[bool], ...]:
    """`rules.decisions.stands` as a condition."""
    if measure in FLOWS:
        first, last = span(year, on, since)
        return StandingRow.day_from.between(first, last), StandingRow.day_until > last
    return StandingRow.day_from <= on, StandingRow.day_until > on


# --- inside --------------------------------------------------------------------------------------


def _known(known: datetime | None) -> tuple[ColumnElement[bool], ...]:
    if known is None:
        return (StandingRow.known_until == ALWAYS,)
    return StandingRow.known_from <= known, StandingRow.known_until > known


def _summed(
    session: Session,
    measures: Collection[Measure],
    first: date,
    last: date,
    dimension: Dimension,
    district_id: int | None,
    key: str | None,
) -> dict[Part, Sum]:
    """Whole months from the month sums, what is left before and after them from the day sums."""
    over = Month.of(last + timedelta(days=1)).first_day  # the months before it are over by `last`
    whole = first if first.day == 1 else Month.of(first).next().first_day
    spans: list[tuple[type[DaySum | MonthSum], date, date]] = [(DaySum, first, last)]
    if whole < over:
        spans = [(MonthSum, whole, over - timedelta(days=1)), (DaySum, over, last)]
        if first < whole:
            spans.append((DaySum, first, whole - timedelta(days=1)))
    reads = [
        _read(table, measures, start, end, dimension, district_id, key)
        for table, start, end in spans
    ]
    both = union_all(*reads).subquery()
    query = select(
        both.c.measure,
        both.c.key,
        both.c.district_id,
        cast(func.sum(both.c.count), BigInteger),
        cast(func.sum(both.c.fen), BigInteger),
    ).group_by(both.c.measure, both.c.key, both.c.district_id)
    return {
        Part(Measure(measure), part, district): Sum(count, Money(fen))
        for measure, part, district, count, fen in session.execute(query)
        if count or fen
    }


def _read(
    table: type[DaySum | MonthSum],
    measures: Collection[Measure],
    first: date,
    last: date,
    dimension: Dimension,
    district_id: int | None,
    key: str | None,
) -> Select[str, str, int, int, int]:
    return select(table.measure, table.key, table.district_id, table.count, table.fen).where(
        table.measure.in_([measure.value for measure in measures]),
        table.dimension == dimension.value,
        table.day.between(first, last),
        *_only(table, district_id, key),
    )


def _only(
    table: type[DaySum | MonthSum], district_id: int | None, key: str | None
) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if district_id is not None:
        conditions.append(table.district_id == district_id)
    if key is not None:
        conditions.append(table.key == key)
    return conditions
