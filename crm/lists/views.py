"""Saving, changing and removing views; one's columns. All of it one's own, so that whoever signs in may."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Answer

from crm.accounts.rules import Permission
from crm.core.gate import open_to_signed_in
from crm.core.request import act, here, local_address, page, write
from crm.lists import operations, queries
from crm.lists.forms import ViewForm
from crm.lists.models import SavedView
from crm.lists.rules import ListName, kept

bp = Blueprint("lists", __name__, url_prefix="/lists")

HOME = {ListName.LEADS: "leads.index"}
"""Where a list is."""

ALL = "all"
"""In an address: everything, and not the view that the list opens with."""


def address(view: SavedView) -> str:
    """Where a view is shown."""
    return f"{url_for(HOME[view.list_name])}?{view.query}{'&' if view.query else ''}view={view.id}"


@bp.get("/views/<id:view_id>")
@open_to_signed_in
def view(view_id: int) -> Answer:
    """A view's place in its list."""
    return redirect(address(queries.view(here.session, here.actor, view_id)))


@bp.route("/<any(leads):list_name>/views/new", methods=["GET", "POST"])
@open_to_signed_in
def new(list_name: str) -> Response:
    """Keep the filter in the address as a view."""
    name, form = ListName(list_name), _form()
    del form.again

    def effect(session: Session) -> str:
        row = operations.save(
            session, here.actor, name, form.name.data, kept(request.args.items()),
            unit_id=form.unit_id.data, now=here.now,
        )  # fmt: skip
        return _opened(session, row, form)

    if form.validate_on_submit() and (answer := write(form, effect)):
        return answer
    back = f"{url_for(HOME[name])}?{kept(request.args.items())}"
    return page("lists/view.html", form=form, view=None, back=back)


@bp.route("/views/<id:view_id>/edit", methods=["GET", "POST"])
@open_to_signed_in
def edit(view_id: int) -> Response:
    """Rename a view, share it, give it the filter in the address."""
    row = queries.own_view(here.session, here.actor, view_id)
    first = queries.chosen(here.session, here.actor, row.list_name).first
    asked = kept(request.args.items())
    form = _form(
        name=row.name, unit_id=row.unit_id, first=first is not None and first.id == row.id,
        again=asked not in ("", row.query), version=row.version,
    )  # fmt: skip

    def effect(session: Session) -> str:
        changed = operations.change(
            session, here.actor, view_id, title=form.name.data, unit_id=form.unit_id.data,
            query=asked if form.again.data else None, version=form.version_number, now=here.now,
        )  # fmt: skip
        return _opened(session, changed, form)

    if form.validate_on_submit() and (answer := write(form, effect, row=("saved_view", view_id))):
        return answer
    return page("lists/view.html", form=form, view=row, back=address(row))


@bp.post("/views/<id:view_id>/remove")
@open_to_signed_in
def remove(view_id: int) -> Response:
    """Take a view of one's own away."""
    row = queries.own_view(here.session, here.actor, view_id)

    def effect(session: Session) -> str:
        operations.remove(session, here.actor, view_id, now=here.now)
        flash(_("The view is removed."), "success")
        return url_for(HOME[row.list_name], view=ALL)

    return act(effect)


@bp.post("/<any(leads):list_name>/columns")
@open_to_signed_in
def columns(list_name: str) -> Response:
    """Say which columns one's list has."""
    name = ListName(list_name)
    said = request.form.getlist("column")[:40]

    def effect(session: Session) -> str:
        wanted = [one[:30] for one in said if one.isidentifier()]
        operations.choose_columns(session, here.actor, name, wanted, now=here.now)
        return local_address(request.form.get("back"), url_for(HOME[name]))

    return act(effect)


def _form(**values: object) -> ViewForm:
    form = ViewForm(**values)
    units = queries.sharing_options(here.session, here.actor)
    form.unit_id.offer(units if here.actor.may(Permission.LEAD_WRITE) else [])
    return form


def _opened(session: Session, view: SavedView, form: ViewForm) -> str:
    """Whether the list opens with it, then the view itself."""
    before = queries.of_person(session, here.actor, view.list_name)
    is_first = before is not None and before.view_id == view.id
    if form.first.data != is_first:
        first = view.id if form.first.data else None
        operations.choose_first(session, here.actor, view.list_name, first, now=here.now)
    return address(view)
