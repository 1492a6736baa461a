"""The administrator's page of units."""

from __future__ import annotations

from flask import Blueprint, Response, flash, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from crm.accounts import operations, queries
from crm.accounts.forms import RenameUnitForm, UnitForm
from crm.accounts.rules import Permission
from crm.core.gate import allow
from crm.core.request import act, here, page, write

bp = Blueprint("units", __name__)


@bp.get("/units")
@allow(Permission.UNIT_MANAGE)
def index() -> Response:
    """The tree, with how many people are in each unit."""
    return page("accounts/units.html", tree=queries.tree(here.session))


@bp.route("/units/new", methods=["GET", "POST"])
@allow(Permission.UNIT_MANAGE)
def new() -> Response:
    """Add a unit below another."""
    form = UnitForm(data={"parent_id": request.args.get("parent", type=int)})
    form.parent_id.offer(queries.unit_options(here.session))
    if form.validate_on_submit():

        def effect(session: Session) -> str:
            operations.add_unit(
                session,
                here.actor,
                form.name.data or "",
                form.kind.data,
                form.parent_id.data,
                now=here.now,
            )
            return url_for(".index")

        if answer := write(form, effect):
            return answer
    return page("accounts/unit_form.html", form=form, unit=None)


@bp.route("/units/<id:unit_id>/edit", methods=["GET", "POST"])
@allow(Permission.UNIT_MANAGE)
def edit(unit_id: int) -> Response:
    """Rename a unit."""
    unit = queries.unit(here.session, unit_id)
    form = RenameUnitForm(obj=unit)
    if form.validate_on_submit():

        def effect(session: Session) -> str:
            name, version = form.name.data or "", form.version_number
            operations.rename_unit(
                session, here.actor, unit_id, name, now=here.now, version=version
            )
            return url_for(".index")

        if answer := write(form, effect, row=("unit", unit_id)):
            return answer
    return page("accounts/unit_form.html", form=form, unit=unit)


@bp.post("/units/<id:unit_id>/close")
@allow(Permission.UNIT_MANAGE)
def close(unit_id: int) -> Response:
    """Close an empty unit."""

    def effect(session: Session) -> str:
        operations.deactivate_unit(session, here.actor, unit_id, now=here.now)
        undo = url_for(".reopen", unit_id=unit_id)
        flash({"text": _("The unit is closed."), "undo_url": undo}, "success")  # type: ignore[arg-type]
        return url_for(".index")

    return act(effect)


@bp.post("/units/<id:unit_id>/reopen")
@allow(Permission.UNIT_MANAGE)
def reopen(unit_id: int) -> Response:
    """Open a closed unit again."""

    def effect(session: Session) -> str:
        operations.reopen_unit(session, here.actor, unit_id, now=here.now)
        return url_for(".index")

    return act(effect)
