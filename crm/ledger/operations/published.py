"""Entering last year's published figures, with their source."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.accounts.rules import Permission
from crm.audit.operations import record
from crm.catalog.models import District
from crm.core.actor import Actor
from crm.core.errors import Forbidden, Missing, Refused
from crm.ledger.models import PublishedFunds
from crm.values.money import Money


def enter(
    session: Session,
    actor: Actor,
    *,
    year: int,
    month: int,
    district_id: int,
    cumulative: Money,
    source: str,
    now: datetime,
) -> PublishedFunds:
    """Enter, or replace, what was published of a district (or the city) from January to a month.

    Raises:
        Refused: without a source, below nothing, or less than an earlier month's figure.
    """
    if not actor.may(Permission.FUNDS_BASE):
        raise Forbidden
    if session.get(District, district_id) is None:
        raise Missing
    if not 1 <= month <= 12:
        raise Refused(_("Choose a month."), "month")
    if not source.strip():
        raise Refused(_("Name the source: the bulletin, its number, its day."), "source")
    if cumulative.fen < 0:
        raise Refused(_("A published figure is not below nothing."), "cumulative")
    _check_neighbours(session, year, month, district_id, cumulative)
    row = session.scalar(
        select(PublishedFunds)
        .where(
            PublishedFunds.year == year,
            PublishedFunds.month == month,
            PublishedFunds.district_id == district_id,
        )
        .with_for_update()
    )
    if row is None:
        row = PublishedFunds(year=year, month=month, district_id=district_id)
    else:
        row.version += 1
    row.cumulative, row.source = cumulative, source.strip()
    row.entered_at, row.entered_by = now, actor.id
    record(session, actor, "base.entered", row, now=now)
    return row


def _check_neighbours(
    session: Session, year: int, month: int, district_id: int, cumulative: Money
) -> None:
    others = select(PublishedFunds.month, PublishedFunds.cumulative).where(
        PublishedFunds.year == year, PublishedFunds.district_id == district_id
    )
    for other, amount in session.execute(others):
        falls = (other < month and cumulative < amount) or (other > month and cumulative > amount)
        if falls:
            raise Refused(
                _("Cumulative figures do not fall: see month %(month)s.", month=str(other)),
                "cumulative",
            )
