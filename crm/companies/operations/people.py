"""The people of a firm: added, edited, gone; never deleted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.audit.operations import record
from crm.companies.models import CompanyPerson
from crm.companies.operations.firms import writable
from crm.companies.queries import found
from crm.core.actor import Actor
from crm.core.versions import take


@dataclass(frozen=True)
class ContactDraft:
    """Somebody at a firm, as typed."""

    name: str
    title: str = ""
    phone: str = ""
    email: str = ""
    note: str = ""


def add_person(
    session: Session, actor: Actor, company_id: int, draft: ContactDraft, *, now: datetime
) -> CompanyPerson:
    """Add somebody at a firm."""
    writable(session, actor, company_id)
    row = CompanyPerson(company_id=company_id, **vars(draft))
    record(session, actor, "company.person_added", row, on=("company", company_id), now=now)
    return row


def edit_person(
    session: Session,
    actor: Actor,
    company_id: int,
    person_id: int,
    draft: ContactDraft,
    *,
    version: int | None,
    now: datetime,
) -> CompanyPerson:
    """Change what is known of somebody at a firm."""
    row = _person(session, actor, company_id, person_id)
    take(row, version)
    for name, value in vars(draft).items():
        setattr(row, name, value)
    record(session, actor, "company.person_edited", row, on=("company", company_id), now=now)
    return row


def switch_person(
    session: Session, actor: Actor, company_id: int, person_id: int, *, active: bool, now: datetime
) -> CompanyPerson:
    """Say that somebody has left a firm, or is there after all."""
    row = _person(session, actor, company_id, person_id)
    if row.active != active:
        take(row, None)
        row.active = active
        record(session, actor, "company.person_switched", row, on=("company", company_id), now=now)
    return row


def _person(session: Session, actor: Actor, company_id: int, person_id: int) -> CompanyPerson:
    writable(session, actor, company_id)
    return found(
        session.scalar(
            select(CompanyPerson)
            .where(CompanyPerson.id == person_id, CompanyPerson.company_id == company_id)
            .with_for_update()
        )
    )
