"""Handing everything to counting again: what `crm recount` does, some hundred rows a transaction."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

import crm.ledger.operations.handing
import crm.projects.operations.handing
from crm.core.actor import Actor
from crm.counting.queries import stored
from crm.ledger.models import Receipt
from crm.projects.queries.facts import facts_of


def hand_projects(
    session: Session, actor: Actor, numbers: Collection[int], *, now: datetime
) -> int:
    """Hand the facts of some projects over again and decide; how many were not what the rows say."""
    known = {facts.project: facts for facts in stored.projects(session, numbers)}
    differing = [facts for facts in facts_of(session, numbers) if known.get(facts.project) != facts]
    crm.projects.operations.handing.hand(session, actor, numbers, now=now)
    return len(differing)


def hand_receipts(
    session: Session, actor: Actor, numbers: Collection[int], *, now: datetime
) -> int:
    """Hand some receipts over again and decide; how many were not what the rows say."""
    known = {facts.receipt: facts for facts in stored.receipts(session, numbers)}
    rows = session.scalars(select(Receipt).where(Receipt.id.in_(numbers)).order_by(Receipt.id))
    crm.ledger.operations.handing.hand(session, actor, list(rows), now=now)
    return sum(known.get(one.receipt) != one for one in stored.receipts(session, numbers))
