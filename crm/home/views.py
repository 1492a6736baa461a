"""The first page."""

from __future__ import annotations

from flask import Blueprint, Response, current_app
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from crm.core import migrations
from crm.core.gate import open_to_all, open_to_signed_in
from crm.core.request import here, page

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


@bp.get("/readyz")
@open_to_all
def ready() -> tuple[str, int]:
    """The database answers and is at this program's revision; 503 until then."""
    try:
        at = here.session.scalar(text("SELECT version_num FROM alembic_version"))
    except SQLAlchemyError as error:
        current_app.logger.error("not ready: %s", error)
        return "the database does not answer", 503
    return ("ready", 200) if at == migrations.head() else ("migrations are missing", 503)
