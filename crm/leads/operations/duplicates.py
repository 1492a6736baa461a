"""Telling a person that a lead hidden from him exists: written down, and no more than so often."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.accounts.models import Person
from crm.audit.operations import record_values
from crm.core.actor import Actor
from crm.leads.models import Lead
from crm.leads.queries.duplicates import MOST_AN_HOUR, TOLD, Found, told_lately


def tell(session: Session, actor: Actor, found: Found, *, now: datetime) -> Found:
    """What may be said of what was found, each hidden lead told written into its own trail.

    Past the limit nothing hidden is said, whether there was something or not.
    """
    session.execute(select(Person.id).where(Person.id == actor.id).with_for_update())
    before = told_lately(session, actor, now)
    if len(before) >= MOST_AN_HOUR:
        return found.silenced()
    new = sorted({*(one.lead_id for one in found.hidden), *found.secret} - before)
    for lead in session.scalars(select(Lead).where(Lead.id.in_(new)).order_by(Lead.id)):
        record_values(session, actor, TOLD, lead, now=now)
    return found
