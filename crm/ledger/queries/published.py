"""The base of growth: the ledger's where its months are closed there, else what was published."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from crm.catalog.models import District
from crm.catalog.rules import DistrictKind
from crm.counting.queries import figures
from crm.counting.queries.rules import closed_months
from crm.counting.rules.goals import Base, base_of
from crm.ledger.models import PublishedFunds
from crm.values.money import Money


def published(session: Session, year: int) -> list[PublishedFunds]:
    """What was published of a year, by month and district, with its source."""
    query = select(PublishedFunds).options(joinedload(PublishedFunds.district))
    return list(
        session.scalars(
            query.join(PublishedFunds.district)
            .where(PublishedFunds.year == year)
            .order_by(PublishedFunds.month, District.sort)
        )
    )


def cumulative(session: Session, year: int, district_id: int | None = None) -> dict[int, Money]:
    """Published cumulative funds by month: of a district; None: of the city.

    The city's are its own where published, else the sum of its districts where none is missing.
    """
    kinds = dict(session.execute(select(District.id, District.kind)).all())
    parts = {number for number, kind in kinds.items() if kind is not DistrictKind.CITY}
    rows: dict[int, dict[int, Money]] = {}
    for row in published(session, year):
        rows.setdefault(row.month, {})[row.district_id] = row.cumulative
    found: dict[int, Money] = {}
    for month, told in rows.items():
        own = [
            money
            for number, money in told.items()
            if (number == district_id if district_id else number not in parts)
        ]
        if own:
            found[month] = own[0]
        elif district_id is None and parts <= told.keys():
            found[month] = sum((told[number] for number in parts), Money(0))
    return found


def base(
    session: Session, year: int, months: int, *, at: datetime, district_id: int | None = None
) -> Base:
    """What growth in the first `months` booking months of `year` is measured against."""
    before = year - 1
    ledger = figures.by_booking_month(session, before, district_id=district_id)
    return base_of(
        [month.amount for month in ledger],
        closed_months(session, before, at),
        cumulative(session, before, district_id),
        months,
    )
