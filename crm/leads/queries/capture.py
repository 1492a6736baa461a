"""What helps a person to log a lead quickly: his last entry, the firm he means."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.catalog.models import ChainNode
from crm.companies.models import Company, HeadFirm
from crm.companies.queries import visible
from crm.core.actor import Actor
from crm.leads.models import Lead, Scenario


def last_entry(session: Session, actor: Actor) -> dict[str, Any]:
    """Chain, position, model, source and district of the lead he logged last; {} before his first."""
    names = ("chain_id", "position", "model_id", "source_id", "district_id")
    row = session.execute(
        select(*(getattr(Lead, name) for name in names))
        .where(Lead.owner_id == actor.id, Lead.created_by == actor.id)
        .order_by(Lead.id.desc())
        .limit(1)
    ).one_or_none()
    return dict(zip(names, row, strict=True)) if row is not None else {}


def firm_by(session: Session, actor: Actor, company_id: int | None) -> tuple[int, str] | None:
    """A firm (id, name) that the actor reads."""
    row = session.execute(
        select(Company.id, Company.name).where(Company.id == company_id, visible(actor))
    ).one_or_none()
    return (row[0], row[1]) if row is not None else None


def anchor_name(
    session: Session, *, node_id: int | None, head_firm_id: int | None, scenario_id: int | None
) -> str:
    """What a new lead hangs on, by name; "" for nothing that there is. Anchors are read by everybody."""
    queries = (
        select(Company.name).join(HeadFirm).where(HeadFirm.id == head_firm_id),
        select(Scenario.title).where(Scenario.id == scenario_id),
        select(ChainNode.name).where(ChainNode.id == node_id),
    )
    asked = (head_firm_id, scenario_id, node_id)
    names = (session.scalar(query) for query, number in zip(queries, asked, strict=True) if number)
    return next((name for name in names if name), "")


def firm_meant(session: Session, actor: Actor, name: str, code: str) -> tuple[int, str] | None:
    """The firm (id, name) that the actor reads under this code, or else under exactly this name."""
    for column, value in ((Company.credit_code, code), (Company.name, name)):
        if not value:
            continue
        row = session.execute(
            select(Company.id, Company.name)
            .where(visible(actor), column == value)
            .order_by(Company.id)
            .limit(1)
        ).one_or_none()
        if row is not None:
            return row[0], row[1]
    return None
