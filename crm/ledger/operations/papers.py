"""Papers given for a receipt: kept with it, never removed; a voucher list comes to its amount."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

import crm.files.operations
from crm.accounts.rules import Permission
from crm.audit.operations import record
from crm.core.actor import Actor
from crm.core.errors import Forbidden, Refused
from crm.counting.rules.facts import ReceiptState
from crm.files.operations import Received
from crm.ledger.models import ReceiptPaper
from crm.ledger.queries import scope
from crm.ledger.rules import PAPERS, Paper
from crm.projects.queries import scope as projects
from crm.values.money import Money, exact_yuan


def give(
    session: Session,
    actor: Actor,
    receipt_id: int,
    kind: Paper,
    file: Received,
    *,
    total: Money | None = None,
    now: datetime,
) -> ReceiptPaper:
    """Give a paper for a receipt that is not confirmed.

    Args:
        total: of a voucher list, what its vouchers come to.

    Raises:
        Refused: it is confirmed, the paper belongs to another kind, or the vouchers come to something
            else than the amount.
    """
    if not actor.may(Permission.FUNDS_REPORT):
        raise Forbidden
    (row,) = scope.locked(session, actor, [receipt_id], projects.writable(actor))
    if row.state in (ReceiptState.CONFIRMED, ReceiptState.WITHDRAWN):
        raise Refused(_("Nothing more can be added to this receipt."))
    asked = frozenset[Paper]().union(*PAPERS[row.kind]) | {Paper.VOUCHER_LIST}
    if kind not in asked:
        raise Refused(_("This paper does not belong to money of this kind."), "kind")
    if kind is Paper.VOUCHER_LIST and total != row.amount:
        raise Refused(
            _(
                "The vouchers come to %(total)s 元, the receipt to %(amount)s 元.",
                total=exact_yuan(total or Money(0)),
                amount=exact_yuan(row.amount),
            ),
            "files",
        )
    attached = crm.files.operations.attach(
        session, actor, file.stored, file.name, on=("receipt", row.id), now=now, kind=kind.value
    )
    paper = ReceiptPaper(
        receipt_id=row.id,
        kind=kind,
        attachment_id=attached.id,
        total=total if kind is Paper.VOUCHER_LIST else None,
        given_by=actor.id or 0,
        recorded_at=now,
    )
    record(session, actor, "receipt.paper_given", paper, now=now, on=("project", row.project_id))
    return paper
