"""What the filters of a list of leads offer, within what the actor may know of."""

from __future__ import annotations

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from crm.accounts.models import Person, Unit
from crm.accounts.queries import in_scope, units_of
from crm.accounts.rules import GRANTS, Permission
from crm.core.actor import Actor
from crm.core.forms import Option
from crm.leads.models import Lead, lead_collaborator

WORKING = [role for role, grants in GRANTS.items() if Permission.LEAD_WRITE in grants]
"""The roles that own leads."""


def owner_options(session: Session, actor: Actor) -> list[Option]:
    """The people who can own what he reads: those of his units, and the owners he works with."""
    together = (
        select(Lead.owner_id)
        .join(lead_collaborator, lead_collaborator.c.lead_id == Lead.id)
        .where(lead_collaborator.c.person_id == actor.id)
    )
    rows = session.execute(
        select(Person.id, Person.name)
        .where(Person.role.in_(WORKING), or_(in_scope(actor), Person.id.in_(together)))
        .order_by(Person.name_pinyin, Person.id)
    )
    return [(str(number), name) for number, name in rows]


def unit_options(session: Session, actor: Actor) -> list[Option]:
    """The actor's unit and those below it."""
    rows = session.execute(
        select(Unit.id, Unit.name).where(Unit.id.in_(units_of(actor))).order_by(Unit.path)
    )
    return [(str(number), name) for number, name in rows]
