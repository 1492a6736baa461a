"""Entering last year's published figures, with their source: one, or many of a workbook together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from crm.accounts.queries import at_bureau
from crm.accounts.rules import Permission
from crm.audit.operations import record
from crm.core.actor import Actor
from crm.core.errors import Forbidden, RefusedTogether
from crm.core.versions import take
from crm.ledger.models import PublishedFunds
from crm.ledger.queries.published_checks import Place, Told, by_place, refusals
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
    version: int | None = None,
    now: datetime,
) -> PublishedFunds:
    """Enter, or replace, one figure.

    Raises:
        Forbidden: it is the bureau's to enter them.
        Refused: without a source, below nothing, or out of line with another month's figure.
    """
    told = Told(year, month, district_id, cumulative, source, version)
    return enter_several(session, actor, [told], now=now)[0]


def enter_several(
    session: Session, actor: Actor, figures: Sequence[Told], *, now: datetime
) -> list[PublishedFunds]:
    """Enter, or replace, figures that were told together: all of them or none.

    Each line that is wrong is refused with its number; months are held against each other as they
    will stand in the end. A figure that stands there already, with its source, is left as it is.
    """
    if not (actor.may(Permission.FUNDS_BASE) and at_bureau(session, actor)):
        raise Forbidden
    rows = by_place(session, {told.year for told in figures}, lock=True)
    if wrong := refusals(session, figures):
        raise RefusedTogether(wrong) if len(wrong) > 1 else wrong[0]
    return [_put(session, actor, told, rows, now) for told in figures]


def _put(
    session: Session,
    actor: Actor,
    told: Told,
    rows: dict[Place, PublishedFunds],
    now: datetime,
) -> PublishedFunds:
    source = told.source.strip()
    row = rows.get(told.place)
    if row is None:
        row = PublishedFunds(year=told.year, month=told.month, district_id=told.district_id)
        rows[told.place] = row
    elif told.version is not None:
        take(row, told.version)
    elif (row.cumulative, row.source) == (told.cumulative, source):
        return row
    else:
        row.version += 1
    row.cumulative, row.source = told.cumulative, source
    row.entered_at, row.entered_by = now, actor.id
    record(session, actor, "base.entered", row, now=now)
    return row
