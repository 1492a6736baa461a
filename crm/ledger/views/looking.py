"""Looking at one receipt among those that wait: what a page shows of it, and where its acts lead."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from crm.core.request import here
from crm.files.queries import Shown
from crm.ledger.models import Receipt
from crm.ledger.queries import funds, lines
from crm.ledger.queries.funds import Line
from crm.ledger.queries.lines import Queue
from crm.ledger.queries.rights import Rights, rights
from crm.ledger.views.evidence import evidence_of


@dataclass(frozen=True)
class Look:
    """A receipt of a queue, its evidence beside it.

    Attributes:
        following: the receipt to look at once this one is done; None: no other waits.
    """

    receipt: Receipt
    line: Line
    rights: Rights
    evidence: dict[int, Shown]
    queue: Queue
    following: int | None


def looked_at(receipt: Receipt, queue: Queue) -> Look:
    """Everything that stands beside the list."""
    session, actor = here.session, here.actor
    return Look(
        receipt,
        funds.line(receipt, None, here.today),
        rights(session, actor, receipt),
        evidence_of(receipt),
        queue,
        lines.following(session, actor, queue, receipt),
    )


def queue_asked() -> Queue | None:
    """The queue that the address names."""
    wanted = request.args.get("queue", "")
    return Queue(wanted) if wanted in set(Queue) else None
