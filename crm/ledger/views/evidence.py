"""The papers of a receipt: each as pictures beside the figures, and as a download."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response
from sqlalchemy.orm import Session

from crm.accounts.rules import Permission
from crm.core import pictures
from crm.core.downloads import send, send_picture
from crm.core.errors import Missing
from crm.core.gate import allow
from crm.core.request import beside, here, page
from crm.files import operations, queries
from crm.files.models import Attachment
from crm.files.queries import Shown
from crm.ledger.models import Receipt
from crm.ledger.queries import lines
from crm.ledger.views.door import bp, pictures_folder


def evidence_of(receipt: Receipt) -> dict[int, Shown]:
    """How the papers of a receipt are shown, by their files; what is missing its part asks for."""
    return _shown([paper.attachment for paper in receipt.papers])


@bp.get("/receipts/<id:receipt_id>/files/<id:file_id>")
@allow(Permission.PROJECT_READ)
def file(receipt_id: int, file_id: int) -> Response:
    """A paper of a receipt, as a download that is noted in the trail."""
    found = _paper(receipt_id, file_id)

    def note(session: Session) -> None:
        operations.note_download(
            session, here.actor, file_id, on=("receipt", receipt_id), now=here.now
        )

    return send(found, note)


@bp.get("/receipts/<id:receipt_id>/files/<id:file_id>/pages")
@allow(Permission.PROJECT_READ)
def pages(receipt_id: int, file_id: int) -> Response:
    """The part of a page that shows one paper; what was never drawn is asked for here, in the background."""
    found = _paper(receipt_id, file_id)
    shown = _shown([found])[file_id]
    if not shown.asked:
        beside(
            lambda session: operations.ask_for_pictures(session, here.actor, [found], now=here.now)
        )
    return page("ledger/paper.html", receipt_id=receipt_id, shown=shown)


@bp.get("/receipts/<id:receipt_id>/files/<id:file_id>/pages/<id:number>.png")
@allow(Permission.PROJECT_READ)
def picture(receipt_id: int, file_id: int, number: int) -> Response:
    """One page of a paper, for whoever reads the receipt."""
    found = _paper(receipt_id, file_id)
    drawn = pictures.file(pictures_folder(), found.sha256, number)
    if drawn is None:
        raise Missing
    return send_picture(drawn, f"{found.sha256}-{number}")


def _paper(receipt_id: int, file_id: int) -> Attachment:
    lines.reads(here.session, here.actor, receipt_id)
    return queries.attachment(here.session, "receipt", receipt_id, file_id)


def _shown(files: Sequence[Attachment]) -> dict[int, Shown]:
    found = queries.shown(here.session, pictures_folder(), files, here.now)
    return {one.file.id: one for one in found}
