"""The first page."""

from __future__ import annotations

from flask import Blueprint, Response

from crm.core.gate import open_to_all, open_to_signed_in
from crm.core.request import page

bp = Blueprint("home", __name__)


@bp.get("/")
@open_to_signed_in
def index() -> Response:
    """工作台."""
    return page("home/index.html")


@bp.get("/healthz")
@open_to_all
def health() -> tuple[str, int]:
    """The process answers."""
    return "ok", 200
