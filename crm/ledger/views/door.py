"""The blueprints of receipts, and what several of their pages need."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Blueprint, current_app

from crm.core.errors import Forbidden
from crm.core.request import here
from crm.ledger.models import Receipt
from crm.ledger.queries import lines
from crm.ledger.queries.rights import rights
from crm.ledger.rules import PAPERS, Paper, ReceiptKind

bp = Blueprint("receipts", __name__)

funds_bp = Blueprint("project_funds", __name__)
"""The pages of a project's money; a blueprint of their own, for they stand among the projects."""


def files_folder() -> Path:
    """Where contents lie."""
    return Path(current_app.config["FILES_DIR"])


def pictures_folder() -> Path:
    """Where pictures of contents lie."""
    return Path(current_app.config["PICTURES_DIR"])


def receipt_for(receipt_id: int, right: str) -> Receipt:
    """The receipt, if the reader may do this to it. Missing and Forbidden otherwise."""
    found = lines.receipt(here.session, here.actor, receipt_id)
    if not getattr(rights(here.session, here.actor, found), right):
        raise Forbidden
    return found


def papers_context() -> dict[str, Any]:
    """What the templates know of papers: who asks for them, and what each kind of money needs."""
    asked_by = {
        paper: [kind for kind in ReceiptKind if any(paper in some for some in PAPERS[kind])]
        for paper in Paper
    }
    needs = {
        kind: [[paper for paper in Paper if paper in some] for some in PAPERS[kind]]
        for kind in ReceiptKind
    }
    return {"asked_by": asked_by, "needs": needs}
