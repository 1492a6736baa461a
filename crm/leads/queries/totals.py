"""How many leads a filter gives and what they come to: read apart, so that the rows do not wait."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, cast, func, select
from sqlalchemy.orm import Session

from crm.core.actor import Actor
from crm.leads.models import Lead
from crm.leads.queries.filters import LeadFilter, conditions
from crm.leads.rules.clocks import Deadlines
from crm.leads.rules.kinds import Stage
from crm.values.money import Money


@dataclass(frozen=True)
class Total:
    """How many leads a filter gives, and the sum of their lower bounds."""

    count: int
    amount: Money


NOTHING = Total(0, Money(0))


def total(session: Session, actor: Actor, wanted: LeadFilter, *, limits: Deadlines) -> Total:
    """Count and sum of a filter, in one statement."""
    query = select(func.count(), _sum()).select_from(Lead)
    count, fen = session.execute(query.where(*conditions(actor, wanted, limits))).one()
    return Total(count, Money(int(fen)))


def by_stage(
    session: Session, actor: Actor, wanted: LeadFilter, *, limits: Deadlines
) -> dict[Stage, Total]:
    """The same for every stage that the filter shows, in one statement."""
    query = select(Lead.stage, func.count(), _sum()).where(*conditions(actor, wanted, limits))
    rows = session.execute(query.group_by(Lead.stage))
    found = {stage: Total(count, Money(int(fen))) for stage, count, fen in rows}
    return {stage: found.get(stage, NOTHING) for stage in wanted.stages}


def _sum() -> Any:
    """In fen; PostgreSQL's sum of a BIGINT is a NUMERIC."""
    return cast(func.coalesce(func.sum(cast(Lead.amount_low, BigInteger)), 0), BigInteger)
