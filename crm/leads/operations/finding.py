"""Keeping the index of what is to be built, in which similar leads of a chain are found."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.orm import Session

from crm.leads.models import Lead, LeadGram
from crm.leads.rules.duplicates import content_key
from crm.values.names import grams


def index_content(session: Session, lead: Lead) -> None:
    """Write the bigrams of a lead's content under its chain; a lead without a chain is not compared."""
    session.execute(delete(LeadGram).where(LeadGram.lead_id == lead.id))
    if lead.chain_id is None:
        return
    found = grams(content_key(lead.content))
    session.add_all(LeadGram(chain_id=lead.chain_id, gram=one, lead_id=lead.id) for one in found)
    session.flush()
