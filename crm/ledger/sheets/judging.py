"""Rows of a sheet of published figures, judged: through the page's form and its operation's checks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from crm.catalog.models import District
from crm.catalog.queries import name_in
from crm.core.forms import Option
from crm.ledger.forms.base import BaseForm
from crm.ledger.models import PublishedFunds
from crm.ledger.queries import published as queries
from crm.ledger.queries.published_checks import Told, refusals
from crm.ledger.sheets.base import Row
from crm.values.text import search_key

CITY_WORDS = ("全市", "合计", "总计", "包头", "whole city", "total")


@dataclass(frozen=True)
class Judged:
    """A row and what is to be said of it.

    Attributes:
        told: as the form reads it; None where it cannot.
        wrong: why it cannot be entered, in sentences; empty: it can.
        before: what stands there already and is replaced; same: it is the very figure.
    """

    row: Row
    told: Told | None
    wrong: list[Any]
    before: PublishedFunds | None = None

    @property
    def same(self) -> bool:
        """Nothing would change."""
        return (
            self.before is not None
            and self.told is not None
            and (self.before.cumulative, self.before.source)
            == (self.told.cumulative, self.told.source)
        )


def judged(session: Session, rows: list[Row], *, years: list[int], language: str) -> list[Judged]:
    """Each row through the form of the page and the checks of its operation."""
    named, options = _named(session), place_options(session, language)
    read = [_through_form(row, named, options, years) for row in rows]
    right = [place for place, line in enumerate(read) if line.told is not None]
    told = [line.told for line in read if line.told is not None]
    for no in refusals(session, told):
        place = right[no.line or 0]
        read[place] = Judged(read[place].row, read[place].told, [no.message])
    stands = {
        (row.year, row.month, row.district_id): row
        for year in {one.year for one in told}
        for row in queries.published(session, year)
    }
    return [
        Judged(line.row, line.told, line.wrong, stands.get(line.told.place) if line.told else None)
        for line in read
    ]


def _through_form(
    row: Row, named: dict[str, int], options: list[Option], years: list[int]
) -> Judged:
    district = named.get(search_key(row.district))
    form = BaseForm(
        formdata=MultiDict(
            {
                "year": row.year,
                "month": row.month,
                "district_id": str(district or ""),
                "cumulative": row.amount,
                "source": row.source,
            }
        ),
        meta={"csrf": False},
    )
    form.offer(years, options)
    if form.validate():
        return Judged(row, form.told(), [])
    unknown = _("There is no district %(name)s.", name=row.district[:40])
    wrong = [
        unknown if field is form.district_id and row.district else f"{field.label.text}: {message}"
        for field in form
        for message in field.errors
    ]
    return Judged(row, None, wrong)


def places(session: Session) -> list[District]:
    """The city and its districts, the city last: its figure is the sum of theirs or its own."""
    rows = list(session.scalars(select(District).order_by(District.sort)))
    return [*rows[1:], *rows[:1]]


def place_options(session: Session, language: str) -> list[Option]:
    """The places to choose from."""
    return [(str(row.id), name_in(row, language)) for row in places(session)]


def _named(session: Session) -> dict[str, int]:
    """Every name of a place, short and long, in both languages."""
    found: dict[str, int] = {}
    rows = places(session)
    for row in rows:
        for name in (row.name, row.name_en, *row.short_names.split(";")):
            if name:
                found[search_key(name)] = row.id
    return {search_key(word): rows[-1].id for word in CITY_WORDS} | found
