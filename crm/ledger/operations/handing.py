"""Handing receipts' facts to counting, in the transaction that changes them; and the trail of their steps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

import crm.projects.operations.handing
from crm.audit.operations import Told, record_each
from crm.core.actor import Actor
from crm.core.clock import day_of
from crm.counting.operations.deciding import decide_receipts
from crm.counting.operations.gathering import Gathered
from crm.counting.rules.decisions import Decision
from crm.counting.rules.facts import ReceiptFacts, ReceiptState
from crm.ledger.models import Receipt, ReceiptStep
from crm.ledger.queries.lines import owed, papers_of
from crm.ledger.rules import Step


def hand(
    session: Session, actor: Actor, rows: Sequence[Receipt], *, now: datetime
) -> list[Decision]:
    """Let counting decide on receipts as they are now.

    What papers are owed is the ledger's to say until a receipt is confirmed, when none is. Where they
    are gathered, it decides nothing yet.
    """
    if (gathered := Gathered.of(session)) is not None:
        gathered.receipts.update(row.id for row in rows)
        return []
    confirmed = [row for row in rows if row.state is ReceiptState.CONFIRMED]
    given = papers_of(session, [row.id for row in confirmed]) if confirmed else {}
    lines = [
        ReceiptFacts(
            receipt=row.id,
            project=row.project_id,
            arrived_on=row.arrived_on,
            amount=row.amount,
            origin=row.origin,
            state=row.state,
            reported_on=day_of(row.reported_at),
            fiscal=row.fiscal,
            confirmed_at=row.confirmed_at,
            owed=(row.kind.value,) if row.id in given and owed(row, given[row.id]) else (),
            reverses=row.reverses_id,
        )
        for row in rows
    ]
    return decide_receipts(session, actor, lines, now=now)


def hand_gathered(session: Session, actor: Actor, gathered: Gathered, *, now: datetime) -> None:
    """Let counting decide on what was gathered, projects before their receipts."""
    if gathered.projects:
        crm.projects.operations.handing.hand(session, actor, sorted(gathered.projects), now=now)
    if gathered.receipts:
        query = select(Receipt).where(Receipt.id.in_(gathered.receipts)).order_by(Receipt.id)
        hand(session, actor, session.scalars(query).all(), now=now)


def note(
    session: Session,
    actor: Actor,
    rows: Sequence[Receipt],
    step: Step,
    *,
    now: datetime,
    reason: str = "",
    action: str = "",
    came_with: Sequence[dict[str, Any]] = (),
) -> None:
    """Tell the audit what he did to these rows, changed and not yet flushed, and keep it as a step of each.

    Args:
        action: where it is not the step's own.
        came_with: for each row what the entry names besides, such as its papers.
    """
    reason = reason.strip()
    changes = [
        Told(row, ("project", row.project_id), reason, more)
        for row, more in zip(rows, came_with or [{}] * len(rows), strict=True)
    ]
    record_each(session, actor, action or f"receipt.{step.value}", changes, now=now)
    did = {"step": step, "by_id": actor.id or 0, "at": now, "reason": reason}
    session.execute(insert(ReceiptStep), [did | {"receipt_id": row.id} for row in rows])
