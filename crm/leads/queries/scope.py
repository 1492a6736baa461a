"""Whose leads an actor reads and writes: every other query starts from here."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, false, or_, select, true, union_all
from sqlalchemy.orm import Session, contains_eager, joinedload

from crm.accounts.models import Unit
from crm.accounts.queries import below, units_of
from crm.accounts.rules import Permission, is_root
from crm.core.actor import Actor
from crm.core.errors import Forbidden, Missing
from crm.leads.models import Lead, lead_collaborator


def readable(actor: Actor) -> ColumnElement[bool]:
    """What he may know of (`domain.md` section 6): his own, those he collaborates on, his units' and below.

    Of the confidential ones among his units' only managers read more than their own.
    """
    if not actor.may(Permission.LEAD_READ):
        return false()
    if reads_all(actor):
        return true()
    if is_root(actor.unit_path):  # every unit is his or below
        return or_(~Lead.confidential, _mine(actor))
    in_scope: ColumnElement[bool] = Lead.unit_id.in_(units_of(actor))
    if not actor.sees_confidential:
        in_scope = and_(in_scope, ~Lead.confidential)
    return or_(_mine(actor), in_scope)


def reads_all(actor: Actor) -> bool:
    """Whether there is no lead that he may not know of: a manager of the bureau."""
    return actor.may(Permission.LEAD_READ) and actor.sees_confidential and is_root(actor.unit_path)


def reading(actor: Actor) -> list[ColumnElement[bool]]:
    """The same as `readable`, for gathering few leads: each way to read one is looked up by its index.

    Empty where nothing is narrowed by it. A database that meets an OR of such ways reads all rows.
    """
    if is_root(actor.unit_path) or not actor.may(Permission.LEAD_READ):
        return [] if reads_all(actor) else [readable(actor)]
    of_units = select(Lead.id).join(Lead.unit).where(below(actor.unit_path))
    if not actor.sees_confidential:
        of_units = of_units.where(~Lead.confidential)
    own = select(Lead.id).where(Lead.owner_id == actor.id)
    ways = union_all(own, _together(actor), of_units).subquery()
    return [Lead.id.in_(select(ways.c.id))]


def may_write(actor: Actor, lead: Lead) -> bool:
    """Whether he may change a lead that he reads: his own and those he collaborates on, a manager his units'.

    The lead comes with its unit and collaborators.
    """
    mine = lead.owner_id == actor.id or any(one.id == actor.id for one in lead.collaborators)
    if mine and actor.may(Permission.LEAD_WRITE):
        return True
    return actor.may(Permission.LEAD_WRITE_UNIT) and manages(actor, lead)


def may_mark(actor: Actor, lead: Lead) -> bool:
    """Whether he may set or lift the confidential mark: the owner, or a manager of his unit."""
    if lead.owner_id == actor.id:
        return actor.may(Permission.LEAD_WRITE)
    return actor.sees_confidential and manages(actor, lead)


def manages(actor: Actor, lead: Lead) -> bool:
    """Whether the lead's unit is the actor's or below it."""
    return bool(actor.unit_path) and lead.unit.path.startswith(actor.unit_path)


def locked(session: Session, actor: Actor, lead_id: int) -> Lead:
    """A lead about to be changed, its row locked, with unit and collaborators.

    Raises:
        Missing: it does not exist for this actor.
        Forbidden: he reads it and may not write it.
    """
    lead = _found(session, lead_id, _readable_for_change(actor))
    if lead is None:
        raise Missing
    if not may_write(actor, lead):
        raise Forbidden
    return lead


def locked_for_anyone(session: Session, lead_id: int) -> Lead:
    """The same without a scope, for what happens to a lead through its projects or its owner's departure."""
    lead = _found(session, lead_id, _FOR_CHANGE)
    if lead is None:
        raise Missing
    return lead


def _found(session: Session, lead_id: int, query: Select[Lead]) -> Lead | None:
    return session.scalars(query, {"lead_id": lead_id}).unique().one_or_none()


_FOR_CHANGE = (
    select(Lead)
    .join(Unit, Unit.id == Lead.unit_id)
    .options(contains_eager(Lead.unit), joinedload(Lead.collaborators))
    .where(Lead.id == bindparam("lead_id"))
    .with_for_update(of=Lead)
    .execution_options(populate_existing=True)
)


@lru_cache(maxsize=512)
def _readable_for_change(actor: Actor) -> Select[Lead]:
    """Made once for each actor: writing the statement anew costs as much as running it."""
    return _FOR_CHANGE.where(readable(actor))


def _mine(actor: Actor) -> ColumnElement[bool]:
    return or_(Lead.owner_id == actor.id, Lead.id.in_(_together(actor)))


def _together(actor: Actor) -> Select[Any]:
    """The leads he collaborates on."""
    query = select(lead_collaborator.c.lead_id.label("id"))
    return query.where(lead_collaborator.c.person_id == actor.id)
