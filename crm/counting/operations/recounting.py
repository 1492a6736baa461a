"""Rebuilding the sums from the rows: `crm recount`."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from sqlalchemy import Table, delete
from sqlalchemy.orm import Session

from crm.audit.operations import record
from crm.core.actor import Actor
from crm.counting.models import CountingHead, DaySum, MonthSum
from crm.counting.operations.holding import HEAD, Hold
from crm.counting.queries.recounting import day_cells, differences, month_cells
from crm.counting.rules.dimensions import Dimension

COLUMNS = ("measure", "dimension", "day", "key", "district_id", "count", "fen")


def recount(session: Session, actor: Actor, *, now: datetime) -> int:
    """Make day and month sums anew from what stands.

    Returns:
        how many sums were wrong before; 0 as long as all is well.
    """
    Hold.take(session)
    wrong = len(differences(session))
    insert = Hold.insert(session)
    for model in (DaySum, MonthSum):
        session.execute(delete(model))
    for dimension in Dimension:
        days = insert(cast(Table, DaySum.__table__)).from_select(COLUMNS, day_cells(dimension))
        session.connection().execute(days)
    months = insert(cast(Table, MonthSum.__table__)).from_select(COLUMNS, month_cells(session))
    session.connection().execute(months)
    head = session.get_one(CountingHead, HEAD)
    head.recounted_at = now
    record(session, actor, "counting.recounted", head, now=now, note=str(wrong) if wrong else "")
    return wrong
