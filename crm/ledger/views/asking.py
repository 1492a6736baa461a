"""What a page of figures is asked for, read from its address; what cannot be read is left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import request, url_for

import crm.catalog.queries as catalog
from crm.core.forms import row_number
from crm.core.request import here
from crm.counting.queries.figures import BEGINNING
from crm.counting.rules.decisions import Measure
from crm.counting.rules.dimensions import OF_MONEY, OF_RECEIPTS, Dimension
from crm.ledger.queries import books
from crm.ledger.queries.rows import Figure, Order
from crm.ledger.queries.statistics import Frame, frame
from crm.values.period import BookingMonth

PROJECT = "project"

BY: dict[str, Dimension | None] = {
    "district": Dimension.ALL,
    PROJECT: None,
    **{one.value: one for one in Dimension if one is not Dimension.ALL},
}
"""What funds are split by, as the address says it; by project it is a list of its own."""

LONGEST_KEY = 40

ALL_YEARS = "all"


@dataclass(frozen=True)
class Asked:
    """A page's year, day, district and split.

    Attributes:
        years: that there are to choose from. districts: likewise.
    """

    frame: Frame
    by: str
    years: list[int]
    districts: list[Any]

    @property
    def dimension(self) -> Dimension | None:
        """Of the split; None by project."""
        return BY[self.by]

    @property
    def district(self) -> Any:
        """The one asked for; None: the city."""
        found = (row for row in self.districts if row.id == self.frame.district_id)
        return next(found, None)

    def address(self, endpoint: str, **more: Any) -> str:
        """A page of figures with the same year, day and district."""
        asked: dict[str, Any] = {
            "year": self.frame.year,
            "on": self.frame.on.isoformat(),
            "district": self.frame.district_id,
        }
        return url_for(endpoint, **(asked | more))


def asked() -> Asked:
    """What this request asks for: by default this year, up to today, the city, by district."""
    args, session, today = request.args, here.session, here.today
    years = books.years(session, today)
    year = next((one for one in years if str(one) == args.get("year")), years[0])
    districts = catalog.districts(session)
    number = row_number(args.get("district", ""))
    known = number if any(row.id == number for row in districts) else None
    on = min(_day(args.get("on", "")) or today, today)
    by = args.get("by", "")
    return Asked(frame(session, year, on, known), by if by in BY else "district", years, districts)


def figure(look: Asked, args: Mapping[str, str]) -> Figure:
    """The figure that an address names: a measure of money, a month or all years, a part."""
    measure = args.get("measure", "")
    known = [*OF_RECEIPTS, Measure.FUNDS_AGREED]
    of = Measure(measure) if measure in known else Measure.FUNDS_COUNTED
    dimension = look.dimension or Dimension.ALL
    if dimension in OF_MONEY and of not in OF_RECEIPTS:
        dimension = Dimension.ALL
    key = args.get("key", "")[:LONGEST_KEY] if "key" in args else None
    since, on = _span(look, args) if of in OF_RECEIPTS else (None, look.frame.on)
    return Figure(
        of,
        look.frame.year,
        on,
        since=since,
        dimension=dimension,
        key=None if dimension is Dimension.ALL else key,
        district_id=look.frame.district_id,
    )


def order(args: Mapping[str, str]) -> Order:
    """The order of the rows: latest first by default."""
    text = args.get("order", "")
    return Order(text) if text in list(Order) else Order.DAY


def month_of(look: Asked, args: Mapping[str, str]) -> BookingMonth | None:
    """The single month that is asked for; None: the year up to the day, or all years."""
    month = row_number(args.get("month", ""))
    if month is None or not 1 <= month <= 12:
        return None
    return BookingMonth(look.frame.year, month, look.frame.month.kind)


def _span(look: Asked, args: Mapping[str, str]) -> tuple[date | None, date]:
    """From when on (None: the year's first day), and up to which day."""
    if args.get("years") == ALL_YEARS:
        return BEGINNING, look.frame.on
    month = month_of(look, args)
    if month is None:
        return None, look.frame.on
    return month.first_day, min(month.last_day, look.frame.on)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
