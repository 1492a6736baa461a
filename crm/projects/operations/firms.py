"""Editing a firm, as far as its projects are concerned: its credit code is a paper they may owe."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

import crm.companies.operations.firms
from crm.companies.models import Company
from crm.companies.operations.firms import CompanyDraft
from crm.core.actor import Actor
from crm.projects.operations.evidence import settle_codes
from crm.projects.operations.handing import hand


def edit_firm(
    session: Session,
    actor: Actor,
    company_id: int,
    draft: CompanyDraft,
    *,
    version: int | None,
    now: datetime,
) -> Company:
    """Change what is known of a firm; a code that its projects owed is settled by it on that day."""
    row = crm.companies.operations.firms.edit(
        session, actor, company_id, draft, version=version, now=now
    )
    if settled := settle_codes(session, actor, company_id, now=now):
        hand(session, actor, settled, now=now)
    return row
