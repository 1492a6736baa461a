"""Leads chosen for a bulk action, and actions that were done."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from crm.core.actor import Actor
from crm.core.errors import Missing
from crm.leads.models import BulkAction, Lead
from crm.leads.queries.scope import readable


def chosen(session: Session, actor: Actor, ids: Iterable[int]) -> dict[int, Lead]:
    """Those of some leads that the actor reads, by id, with what a preview shows and asks."""
    query = (
        select(Lead)
        .join(Lead.unit)
        .options(
            contains_eager(Lead.unit),
            joinedload(Lead.owner),
            joinedload(Lead.company),
            selectinload(Lead.collaborators),
            selectinload(Lead.tags),
        )
        .where(Lead.id.in_(list(ids)), readable(actor))
    )
    return {lead.id: lead for lead in session.scalars(query)}


def action(session: Session, actor: Actor, action_id: int, *, lock: bool = False) -> BulkAction:
    """A bulk action of one's own.

    Raises:
        Missing: it is not one's own.
    """
    query = select(BulkAction).where(BulkAction.id == action_id, BulkAction.person_id == actor.id)
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise Missing
    return found


def undone(session: Session, action_id: int) -> bool:
    """Whether an action was taken back."""
    return bool(session.scalar(select(exists().where(BulkAction.undoes_id == action_id))))
