"""Who reads the investor because of a lead: kept in step with its unit, owner, collaborators and mark."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy.orm import Session

import crm.companies.operations.sharing
from crm.leads.models import Lead


def share(
    session: Session,
    lead: Lead,
    *,
    before: int | None = None,
    people: Iterable[int] | None = None,
) -> None:
    """Tell the companies who reads the investor through this lead.

    Args:
        before: the investor it had until now, if that changed.
        people: owner and collaborators, where the lead comes without its collaborators.
    """
    via = ("lead", lead.id)
    if before is not None and before != lead.company_id:
        crm.companies.operations.sharing.share(
            session, company_id=before, via=via, units=[], people=[]
        )
    if lead.company_id is None:
        return
    if people is None:
        people = [lead.owner_id, *(one.id for one in lead.collaborators)]
    crm.companies.operations.sharing.share(
        session,
        company_id=lead.company_id,
        via=via,
        units=[(lead.unit_id, lead.confidential)],
        people=sorted(set(people)),
    )
