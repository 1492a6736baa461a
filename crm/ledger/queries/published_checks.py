"""What keeps a published figure from being entered: its shape, its twin, another month's figure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.catalog.models import District
from crm.core.errors import Missing, Refused
from crm.ledger.models import PublishedFunds
from crm.ledger.rules import falling
from crm.values.money import Money

Place = tuple[int, int, int]
"""Year, month, district: where a published figure stands, once."""


@dataclass(frozen=True)
class Told:
    """What was published of a district (or the city) from January to a month.

    Attributes:
        version: of the row that it was read from; None: whatever stands there is replaced.
    """

    year: int
    month: int
    district_id: int
    cumulative: Money
    source: str
    version: int | None = None

    @property
    def place(self) -> Place:
        """Where it stands."""
        return self.year, self.month, self.district_id


def refusals(session: Session, figures: Sequence[Told]) -> list[Refused]:
    """Every line that cannot be entered, and why; nothing is written."""
    districts = set(session.scalars(select(District.id)))
    found = {place: no for place, told in enumerate(figures) if (no := _shape(told, districts))}
    right = {place: told for place, told in enumerate(figures) if place not in found}
    for place, no in _clashes(session, right).items():
        found[place] = no
    return [Refused(no.message, no.field, place) for place, no in sorted(found.items())]


def _shape(told: Told, districts: set[int]) -> Refused | None:
    if told.district_id not in districts:
        raise Missing
    if not 1 <= told.month <= 12:
        return Refused(_("Choose a month."), "month")
    if not told.source.strip():
        return Refused(_("Name the source: the bulletin, its number, its day."), "source")
    if told.cumulative.fen < 0:
        return Refused(_("A published figure is not below nothing."), "cumulative")
    return None


def _clashes(session: Session, figures: dict[int, Told]) -> dict[int, Refused]:
    """Lines that stand twice, or fall behind another month."""
    found: dict[int, Refused] = {}
    first: dict[Place, int] = {}
    for place, told in figures.items():
        if told.place in first:
            found[place] = Refused(_("This month of the district stands here twice."), "month")
        first.setdefault(told.place, place)
    series: dict[tuple[int, int], dict[int, Money]] = defaultdict(dict)
    for told_place in first:
        told = figures[first[told_place]]
        series[told.year, told.district_id][told.month] = told.cumulative
    rows = by_place(session, {told.year for told in figures.values()})
    for (year, district), told_months in series.items():
        known = {
            month: row.cumulative
            for (of, month, where), row in rows.items()
            if (of, where) == (year, district)
        }
        for month, other in falling(known, told_months).items():
            found[first[year, month, district]] = Refused(
                _("Cumulative figures do not fall: see month %(month)s.", month=str(other)),
                "cumulative",
            )
    return found


def by_place(session: Session, years: set[int], lock: bool = False) -> dict[Place, PublishedFunds]:
    """What stands of some years, by its place; locked for the operation that goes on to write."""
    query = select(PublishedFunds).where(PublishedFunds.year.in_(years)).order_by(PublishedFunds.id)
    rows = session.scalars(query.with_for_update() if lock else query)
    return {(row.year, row.month, row.district_id): row for row in rows}
