"""Figures as the house knew them at an instant: today's, less what it learnt since, plus what it gave up.

Today's come from the sums; of the rows, only those that differ are read. What stood on a day was mostly
known soon after, so these are few, however long ago the instant is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Select, and_, case, cast, func, not_, or_, select, union_all
from sqlalchemy.orm import Session

from crm.counting.models import ALWAYS, StandingRow
from crm.counting.queries.figures import Part, alike, column_of, figures, span, stands
from crm.counting.rules.decisions import Measure
from crm.counting.rules.dimensions import Dimension
from crm.counting.rules.goals import Sum
from crm.values.money import Money


def figures_as_known(
    session: Session,
    measures: Collection[Measure],
    *,
    year: int,
    on: date,
    known: datetime,
    since: date | None = None,
    dimension: Dimension = Dimension.ALL,
    district_id: int | None = None,
    key: str | None = None,
) -> dict[Part, Sum]:
    """As `figures`, but as the house knew it at an instant."""
    found = defaultdict(
        Sum,
        figures(
            session, measures, year=year, on=on, since=since,
            dimension=dimension, district_id=district_id, key=key,
        ),
    )  # fmt: skip
    part = column_of(dimension)
    columns = (StandingRow.measure, part, StandingRow.district_id)
    only = [] if district_id is None else [StandingRow.district_id == district_id]
    only += [] if key is None else [part == key]
    changes = [
        _changed(known, columns).where(
            StandingRow.measure.in_(some), *stands(some[0], year, on, since), *only
        )
        for some in alike(measures)
    ]
    for measure, key_of, district, change in _summed(session, *changes):
        found[Part(measure, key_of, district)] += change
    return {part: told for part, told in found.items() if told != Sum()}


def changes_by_day(
    session: Session, measure: Measure, *, year: int, on: date, known: datetime
) -> list[tuple[date, Sum]]:
    """What a flow's day sums of a year, up to a day, are to be changed by to be as known at an instant.

    As in day sums, a row is there on the day when it begins and taken off on the day when it ends.
    """
    first, last = span(year, on, None)
    rows = _changed(known, (StandingRow.day_from, StandingRow.day_until)).where(
        StandingRow.measure == measure, StandingRow.day_from.between(first, last)
    )
    found = []
    for begins, ends, change in _summed(session, rows):
        found.append((begins, change))
        if ends <= last:
            found.append((ends, Sum() - change))
    return found


def _changed(known: datetime, columns: tuple[Any, ...]) -> Select[Any]:
    """Rows that today's figures have too much, and those that they lack: in one walk over an index."""
    today = StandingRow.known_until == ALWAYS
    learnt = and_(today, StandingRow.known_from > known)
    given_up = and_(not_(today), StandingRow.known_from <= known, StandingRow.known_until > known)
    sign = case((today, -1), else_=1)
    return select(
        *(column.label(f"c{place}") for place, column in enumerate(columns)),
        sign.label("count"),
        (cast(StandingRow.amount, BigInteger) * sign).label("fen"),
    ).where(or_(learnt, given_up))


def _summed(session: Session, *changes: Select[Any]) -> Iterator[tuple[Any, ...]]:
    """Changes by the columns that they are told by, in one read."""
    *named, counts, amounts = union_all(*changes).subquery().c
    query = select(
        *named, cast(func.sum(counts), BigInteger), cast(func.sum(amounts), BigInteger)
    ).group_by(*named)
    for *told, count, fen in session.execute(query):
        yield *told, Sum(count, Money(fen))
