"""The base of growth: the ledger's where its months are closed there, else what was published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from crm.catalog.models import District
from crm.catalog.rules import DistrictKind
from crm.counting.queries import figures
from crm.counting.queries.rules import closed_months
from crm.counting.rules.goals import Base, Sum, base_of
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


def cumulative(
    session: Session, year: int, district_id: int | None = None, known: datetime | None = None
) -> dict[int, Money]:
    """Published cumulative funds by month: of a district; None: of the city.

    The city's are its own where published, else the sum of its districts where none is missing.

    Args:
        known: only what stood entered by that instant; a figure replaced since is not known then.
    """
    rows = [row for row in published(session, year) if known is None or row.entered_at <= known]
    return _cumulative(rows, _kinds(session), district_id)


def _kinds(session: Session) -> dict[int, DistrictKind]:
    return dict(session.execute(select(District.id, District.kind)).all())


def _cumulative(
    published: list[PublishedFunds], kinds: dict[int, DistrictKind], district_id: int | None
) -> dict[int, Money]:
    parts = {number for number, kind in kinds.items() if kind is not DistrictKind.CITY}
    rows: dict[int, dict[int, Money]] = {}
    for row in published:
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


@dataclass(frozen=True)
class YearBefore:
    """What growth is measured against, read once for any number of months.

    Attributes:
        ledger: counted in each of its twelve months. closed: how many from January on are closed.
        published: cumulative by month, as published.
    """

    ledger: list[Money]
    closed: int
    published: dict[int, Money]

    def base(self, months: int) -> Base:
        """The base of growth in the first `months` booking months."""
        return base_of(self.ledger, self.closed, self.published, months)


def year_before(
    session: Session, year: int, *, at: datetime, district_id: int | None = None
) -> YearBefore:
    """The year before `year`, as known today; `at`: by when its months count as closed."""
    ledger = figures.by_booking_month(session, year - 1, district_id=district_id)
    return YearBefore(
        [month.amount for month in ledger],
        closed_months(session, year - 1, at),
        cumulative(session, year - 1, district_id),
    )


def years_before(session: Session, year: int, *, at: datetime) -> dict[int | None, YearBefore]:
    """`year_before` of the city (None) and of every district, in the reads that one takes."""
    months = figures.months_by_district(session, year - 1)
    closed = closed_months(session, year - 1, at)
    told, kinds = published(session, year - 1), _kinds(session)
    city = [sum((one[place].amount for one in months.values()), Money(0)) for place in range(12)]
    found: dict[int | None, YearBefore] = {
        None: YearBefore(city, closed, _cumulative(told, kinds, None))
    }
    for number, kind in kinds.items():
        if kind is not DistrictKind.CITY:
            own = [month.amount for month in months.get(number, [Sum()] * 12)]
            found[number] = YearBefore(own, closed, _cumulative(told, kinds, number))
    return found


def base(
    session: Session, year: int, months: int, *, at: datetime, district_id: int | None = None
) -> Base:
    """What growth in the first `months` booking months of `year` is measured against."""
    return year_before(session, year, at=at, district_id=district_id).base(months)
