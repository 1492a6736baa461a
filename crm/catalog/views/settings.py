"""The limits that people set."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, Response, flash, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from crm.accounts.rules import Permission
from crm.audit.queries import timeline
from crm.catalog import queries
from crm.catalog.forms import ClocksForm
from crm.catalog.operations import keeping as operations
from crm.catalog.rules import Clocks
from crm.core.gate import allow
from crm.core.request import here, page, write

bp = Blueprint("settings", __name__)


@bp.route("/settings", methods=["GET", "POST"])
@allow(Permission.SETTINGS_EDIT)
def index() -> Response:
    """The clocks in force, their defaults, who changed them last."""
    saved = queries.saved_clocks(here.session)
    form = ClocksForm(data={**asdict(saved.clocks), "version": saved.version})
    row_id = queries.clocks_row_id(here.session)
    if form.validate_on_submit():

        def effect(session: Session) -> str:
            operations.set_clocks(
                session, here.actor, form.clocks(), version=form.version_number, now=here.now
            )
            flash(_("The limits are saved."), "success")
            return url_for("settings.index")

        if answer := write(form, effect, row=("setting", row_id) if row_id else None):
            return answer
    return page(
        "catalog/settings.html",
        form=form,
        defaults=asdict(Clocks()),
        entries=timeline(here.session, "setting", row_id, limit=10) if row_id else [],
    )
