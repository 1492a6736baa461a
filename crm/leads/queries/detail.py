"""One lead with everything its page shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from crm.accounts.models import Person, Unit
from crm.accounts.rules import GRANTS, Permission
from crm.catalog.models import Chain
from crm.companies.models import Company, HeadFirm
from crm.core.actor import Actor
from crm.core.errors import Missing
from crm.core.forms import Option
from crm.leads.models import Agreement, Appraisal, Lead, lead_tag
from crm.leads.queries.scope import readable


def brief(session: Session, actor: Actor, lead_id: int) -> Lead:
    """One lead with investor, unit, owner and collaborators: enough to name it and to say who may what.

    Raises:
        Missing: there is none for this actor.
    """
    return _one(session, actor, lead_id, joinedload(Lead.company))


def lead(session: Session, actor: Actor, lead_id: int) -> Lead:
    """One lead with all that its page shows of it.

    Raises:
        Missing: there is none for this actor.
    """
    return _one(
        session,
        actor,
        lead_id,
        joinedload(Lead.company).joinedload(Company.division),
        joinedload(Lead.brought_by),
        joinedload(Lead.chain).joinedload(Chain.cluster),
        joinedload(Lead.node),
        joinedload(Lead.model),
        joinedload(Lead.head_firm).joinedload(HeadFirm.company),
        joinedload(Lead.scenario),
        joinedload(Lead.source),
        joinedload(Lead.standing_reason),
        joinedload(Lead.district),
        joinedload(Lead.park),
        selectinload(Lead.further_models),
        selectinload(Lead.tags),
    )


def _one(session: Session, actor: Actor, lead_id: int, *more: Any) -> Lead:
    found = session.scalar(
        select(Lead)
        .join(Lead.unit)
        .options(
            contains_eager(Lead.unit),
            joinedload(Lead.owner),
            selectinload(Lead.collaborators),
            *more,
        )
        .where(Lead.id == lead_id, readable(actor))
    )
    if found is None:
        raise Missing
    return found


@dataclass(frozen=True)
class Decisions:
    """What was decided on a lead and agreed with its investor, the latest first."""

    appraisals: list[Appraisal]
    agreements: list[Agreement]


def decisions(session: Session, lead_id: int) -> Decisions:
    """Appraisals and agreements of a lead that the caller has read as the actor."""
    appraisals = session.scalars(
        select(Appraisal)
        .options(joinedload(Appraisal.person))
        .where(Appraisal.lead_id == lead_id)
        .order_by(Appraisal.decided_on.desc(), Appraisal.id.desc())
    )
    agreements = session.scalars(
        select(Agreement)
        .where(Agreement.lead_id == lead_id)
        .order_by(Agreement.signed_on.desc(), Agreement.id.desc())
    )
    return Decisions(list(appraisals), list(agreements))


def tags(session: Session, lead_id: int) -> list[int]:
    """The tags of a lead that the caller has read as the actor."""
    return list(session.scalars(select(lead_tag.c.term_id).where(lead_tag.c.lead_id == lead_id)))


def related(session: Session, actor: Actor, lead: Lead, limit: int = 10) -> list[Lead]:
    """Other leads of the same investor or head firm that the actor reads, the latest first."""
    same = []
    if lead.company_id is not None:
        same.append(Lead.company_id == lead.company_id)
    if lead.head_firm_id is not None:
        same.append(Lead.head_firm_id == lead.head_firm_id)
    if not same:
        return []
    condition = same[0] if len(same) == 1 else same[0] | same[1]
    return list(
        session.scalars(
            select(Lead)
            .options(joinedload(Lead.company), joinedload(Lead.owner))
            .where(condition, Lead.id != lead.id, readable(actor))
            .order_by(Lead.id.desc())
            .limit(limit)
        )
    )


def partners(session: Session) -> list[Option]:
    """Everybody who works on leads, "name · unit": whom a lead can be shared with."""
    working = [role for role, grants in GRANTS.items() if Permission.LEAD_WRITE in grants]
    rows = session.execute(
        select(Person.id, Person.name, Unit.name)
        .join(Person.unit)
        .where(Person.active, Person.role.in_(working))
        .order_by(Unit.path, Person.name_pinyin, Person.id)
    )
    return [(str(number), f"{name} · {unit}") for number, name, unit in rows]
