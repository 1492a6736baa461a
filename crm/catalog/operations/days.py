"""Official working days that the program does not know yet, as an administrator enters them."""

from __future__ import annotations

from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.accounts.rules import Permission
from crm.audit.operations import record, record_values
from crm.catalog.models import OfficialDay
from crm.catalog.queries import CALENDAR
from crm.core.actor import Actor
from crm.core.errors import Forbidden, Missing, Refused

LONGEST_RUN = 16
"""Days that are entered at once; no holiday of the State Council is longer."""


def set_days(
    session: Session,
    actor: Actor,
    days: list[date],
    *,
    works: bool,
    name: str,
    now: datetime,
) -> list[OfficialDay]:
    """Say of each day whether it is worked; what was said of it before is replaced.

    Raises:
        Refused: no day, or more than a holiday has.
    """
    if not actor.may(Permission.SETTINGS_EDIT):
        raise Forbidden
    if not 0 < len(days) <= LONGEST_RUN:
        raise Refused(
            _("Enter at most %(n)s days at once, the first before the last.", n=LONGEST_RUN)
        )
    session.info.pop(CALENDAR, None)
    known = {
        row.day: row
        for row in session.scalars(
            select(OfficialDay).where(OfficialDay.day.in_(days)).with_for_update()
        )
    }
    rows = []
    for day in days:
        row = known.get(day) or OfficialDay(day=day, works=works, name=name)
        row.works, row.name = works, name
        record(session, actor, "official_day.set", row, now=now)
        rows.append(row)
    return rows


def forget_day(session: Session, actor: Actor, day_id: int, *, now: datetime) -> None:
    """Take a day back: the program's own calendar holds for it again."""
    if not actor.may(Permission.SETTINGS_EDIT):
        raise Forbidden
    row = session.get(OfficialDay, day_id, with_for_update=True)
    if row is None:
        raise Missing
    before = {"day": row.day.isoformat(), "works": row.works, "name": row.name}
    record_values(session, actor, "official_day.forgotten", row, now=now, before=before)
    session.info.pop(CALENDAR, None)
    session.delete(row)
    session.flush()
