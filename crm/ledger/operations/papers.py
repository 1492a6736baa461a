"""Papers given for a receipt: kept with it, never removed; a voucher list comes to its amount."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from crm.accounts.rules import Permission
from crm.audit.operations import Told, record_each
from crm.core.actor import Actor
from crm.core.errors import Forbidden, Refused
from crm.counting.rules.facts import ReceiptState
from crm.files.operations import Hung, Received, hang
from crm.ledger.models import Receipt, ReceiptPaper
from crm.ledger.queries import scope
from crm.ledger.rules import Paper, ReceiptKind, papers_for
from crm.projects.queries import scope as projects
from crm.values.money import Money, exact_yuan


@dataclass(frozen=True)
class Given:
    """A paper as it is handed over.

    Attributes:
        file: its content, already in the store.
        total: of a voucher list, what its vouchers come to.
    """

    kind: Paper
    file: Received
    total: Money | None = None


class Bundle:
    """The papers of one receipt, looked at together."""

    def __init__(self, given: Sequence[Given]) -> None:
        self._given = given

    def misfit(self, kind: ReceiptKind, amount: Money) -> Refused | None:
        """Why some of them cannot belong to a receipt of that kind and amount; None: they can."""
        for one in self._given:
            if one.kind not in papers_for(kind):
                return Refused(
                    _("This paper does not belong to money of this kind. Take it off."),
                    one.kind.value,
                )
            if one.kind is Paper.VOUCHER_LIST and one.total != amount:
                return Refused(
                    _(
                        "The vouchers come to %(total)s 元, the receipt to %(amount)s 元.",
                        total=exact_yuan(one.total or Money(0)),
                        amount=exact_yuan(amount),
                    ),
                    one.kind.value,
                )
        return None

    def named(self) -> dict[str, Any]:
        """What an entry says of them: how the files are called, and their contents' hashes."""
        if not self._given:
            return {}
        return {
            "papers": [one.file.name for one in self._given],
            "sha256": [one.file.stored.sha256 for one in self._given],
        }


def give(
    session: Session,
    actor: Actor,
    receipt_id: int,
    given: Sequence[Given],
    *,
    now: datetime,
) -> list[ReceiptPaper]:
    """Give papers for a receipt that is not confirmed: all of them or none.

    Raises:
        Refused: it is confirmed, a paper belongs to another kind, or the vouchers come to something
            else than the amount.
    """
    if not actor.may(Permission.FUNDS_REPORT):
        raise Forbidden
    (row,) = scope.locked(session, actor, [receipt_id], projects.writable)
    if row.state in (ReceiptState.CONFIRMED, ReceiptState.WITHDRAWN):
        raise Refused(_("Nothing more can be added to this receipt."))
    if refusal := Bundle(given).misfit(row.kind, row.amount):
        raise refusal
    papers = _papers(session, actor, [(row, one) for one in given], now)
    told = [
        Told(paper, ("project", row.project_id), more=Bundle([one]).named())
        for paper, one in zip(papers, given, strict=True)
    ]
    record_each(session, actor, "receipt.paper_given", told, now=now)
    return papers


def come_with(
    session: Session, actor: Actor, given: Sequence[tuple[Receipt, Given]], *, now: datetime
) -> None:
    """Keep the papers that came with receipts just reported, whose own entries name them."""
    session.add_all(_papers(session, actor, given, now))
    session.flush()


def _papers(
    session: Session, actor: Actor, given: Sequence[tuple[Receipt, Given]], now: datetime
) -> list[ReceiptPaper]:
    files = [Hung(one.file, ("receipt", row.id), one.kind.value) for row, one in given]
    attachments = hang(session, actor, files, now=now)
    return [
        ReceiptPaper(
            receipt_id=row.id,
            kind=one.kind,
            attachment_id=attachment.id,
            total=one.total if one.kind is Paper.VOUCHER_LIST else None,
            given_by=actor.id or 0,
            recorded_at=now,
        )
        for (row, one), attachment in zip(given, attachments, strict=True)
    ]
