"""Which dated states an actor's figures count, and which of their leads he may open today.

A past day counts a lead under that day's unit. Who may not read it today, because it was handed to
another district since, sees it in counts and sums and not by name; a confidential one not at all.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, false, not_, or_, select

from crm.accounts.queries import units_of
from crm.accounts.rules import Permission
from crm.core.actor import Actor
from crm.leads.models import Lead, LeadState, lead_collaborator
from crm.leads.queries.scope import readable


def counted(actor: Actor, state: Any = LeadState) -> list[ColumnElement[bool]]:
    """What a state must fulfil to be counted for the actor; of today's states, exactly what he reads.

    Args:
        state: `LeadState` or an alias of it.
    """
    return [seen(actor, state), state.lead_id.not_in(_hidden(actor))]


def seen(actor: Actor, state: Any = LeadState) -> ColumnElement[bool]:
    """The part of the scope that a lead can leave or enter: its unit's, its owner's, the helpers'."""
    if not actor.may(Permission.LEAD_READ):
        return false()
    together = select(lead_collaborator.c.lead_id).where(lead_collaborator.c.person_id == actor.id)
    return or_(
        state.unit_id.in_(units_of(actor)),
        state.owner_id == actor.id,
        state.lead_id.in_(together),
    )


def unhidden(actor: Actor, state: Any = LeadState) -> ColumnElement[bool]:
    """Not of a confidential lead that he may not read: such a one is in no figure of his."""
    return state.lead_id.not_in(_hidden(actor))  # type: ignore[no-any-return]


def opened(actor: Actor, state: Any = LeadState) -> ColumnElement[bool]:
    """Of a lead that he may open today."""
    return state.lead_id.in_(select(Lead.id).where(readable(actor)).correlate(None))  # type: ignore[no-any-return]


def _hidden(actor: Actor) -> Any:
    return select(Lead.id).where(Lead.confidential, not_(readable(actor))).correlate(None)
