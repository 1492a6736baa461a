"""Pairs of leads with one credit code: what waits for a manager, what was judged, what a lead's page says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session, joinedload

from crm.accounts.queries import units_of
from crm.accounts.rules import Permission
from crm.claims.models import TwinCase
from crm.core.actor import Actor
from crm.core.errors import Missing
from crm.leads.models import Lead
from crm.leads.queries.scope import readable

MOST = 100


@dataclass(frozen=True)
class Pair:
    """A case with its two leads, each with investor, owner and unit."""

    case: TwinCase
    lead: Lead
    other: Lead


def judged_by(actor: Actor) -> ColumnElement[bool]:
    """The cases whose two leads the actor manages: of two districts' leads the bureau's managers alone."""
    if not actor.may(Permission.LEAD_WRITE_UNIT):
        return false()
    managed = select(Lead.id).where(readable(actor), Lead.unit_id.in_(units_of(actor)))
    return and_(TwinCase.lead_id.in_(managed), TwinCase.other_id.in_(managed))


def open_cases(session: Session, actor: Actor) -> list[Pair]:
    """What waits for the actor's judgement, the oldest first."""
    waiting = select(TwinCase).where(TwinCase.judgement.is_(None), judged_by(actor))
    return _pairs(session, waiting.order_by(TwinCase.opened_at, TwinCase.id).limit(MOST))


def judged_cases(session: Session, actor: Actor, limit: int = 20) -> list[Pair]:
    """What was judged last."""
    done = select(TwinCase).where(TwinCase.judgement.is_not(None), judged_by(actor))
    return _pairs(
        session, done.order_by(TwinCase.judged_at.desc(), TwinCase.id.desc()).limit(limit)
    )


def case(session: Session, actor: Actor, case_id: int) -> Pair:
    """One case.

    Raises:
        Missing: there is none for this actor.
    """
    found = _pairs(session, select(TwinCase).where(TwinCase.id == case_id, judged_by(actor)))
    if not found:
        raise Missing
    return found[0]


def of_lead(session: Session, actor: Actor, lead_id: int) -> list[tuple[TwinCase, Lead | None]]:
    """A lead's cases, the latest first, each with the other lead if the actor reads that one too.

    The caller has read the lead as the actor.
    """
    rows = session.scalars(
        select(TwinCase)
        .where(or_(TwinCase.lead_id == lead_id, TwinCase.other_id == lead_id))
        .order_by(TwinCase.id.desc())
        .limit(MOST)
    ).all()
    others = {row.id: row.other_id if row.lead_id == lead_id else row.lead_id for row in rows}
    leads = {
        lead.id: lead
        for lead in session.scalars(
            select(Lead).where(Lead.id.in_(set(others.values())), readable(actor))
        )
    }
    return [(row, leads.get(others[row.id])) for row in rows]


def _pairs(session: Session, query: Any) -> list[Pair]:
    cases = session.scalars(query).all()
    numbers = {number for row in cases for number in (row.lead_id, row.other_id)}
    leads = shown(session, numbers)
    return [Pair(row, leads[row.lead_id], leads[row.other_id]) for row in cases]


def shown(session: Session, numbers: Iterable[int]) -> dict[int, Lead]:
    """Leads by their number with investor, owner and unit. The caller knows that the actor may see them."""
    query = (
        select(Lead)
        .options(joinedload(Lead.company), joinedload(Lead.owner), joinedload(Lead.unit))
        .where(Lead.id.in_(numbers))
    )
    return {lead.id: lead for lead in session.scalars(query)}
