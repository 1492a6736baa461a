"""Dictionaries, attraction models, node states: kept by the administrator."""

from __future__ import annotations

from flask import Blueprint, Response, url_for
from sqlalchemy.orm import Session

from crm.accounts.rules import Permission
from crm.catalog import queries
from crm.catalog.forms import NodeStateForm, TermForm
from crm.catalog.operations import keeping as operations
from crm.catalog.rules import NodeState, TermKind
from crm.core.errors import Missing
from crm.core.gate import allow
from crm.core.request import act, here, page, write

bp = Blueprint("dictionaries", __name__)


@bp.get("/dictionaries")
@allow(Permission.CATALOG_EDIT)
def index() -> Response:
    """All dictionaries, and the attraction models."""
    return page(
        "catalog/dictionaries.html",
        kinds=list(TermKind),
        counts=queries.term_counts(here.session),
        models=queries.models(here.session, inactive=True),
    )


@bp.route("/dictionaries/<kind>", methods=["GET", "POST"])
@allow(Permission.CATALOG_EDIT)
def dictionary(kind: str) -> Response:
    """One dictionary in its order, and a line to add to it."""
    known = _kind(kind)
    form = TermForm()
    if form.validate_on_submit():

        def effect(session: Session) -> str:
            operations.add_term(
                session,
                here.actor,
                kind=known,
                name=form.name.data or "",
                name_en=form.name_en.data or "",
                now=here.now,
            )
            return url_for("dictionaries.dictionary", kind=known.value)

        if answer := write(form, effect):
            return answer
    rows = queries.terms(here.session, known, inactive=True)
    return page("catalog/dictionary.html", kind=known, terms=rows, form=form)


@bp.route("/dictionaries/terms/<id:term_id>/edit", methods=["GET", "POST"])
@allow(Permission.CATALOG_EDIT)
def edit_term(term_id: int) -> Response:
    """Rename an entry."""
    row = queries.term(here.session, term_id)
    form = TermForm(obj=row)
    if form.validate_on_submit():

        def effect(session: Session) -> str:
            operations.edit_term(
                session,
                here.actor,
                term_id,
                name=form.name.data or "",
                name_en=form.name_en.data or "",
                version=form.version_number,
                now=here.now,
            )
            return url_for("dictionaries.dictionary", kind=row.kind.value)

        if answer := write(form, effect, row=("term", term_id)):
            return answer
    return page("catalog/term_edit.html", form=form, term=row)


@bp.post("/dictionaries/terms/<id:term_id>/<any(up,down,on,off):what>")
@allow(Permission.CATALOG_EDIT)
def change_term(term_id: int, what: str) -> Response:
    """Move an entry up or down, offer it or no longer."""
    kind = queries.term(here.session, term_id).kind

    def effect(session: Session) -> str:
        if what in {"up", "down"}:
            operations.move_term(session, here.actor, term_id, up=what == "up", now=here.now)
        else:
            operations.switch_term(session, here.actor, term_id, active=what == "on", now=here.now)
        return url_for("dictionaries.dictionary", kind=kind.value)

    return act(effect)


@bp.post("/dictionaries/models/<id:model_id>/<any(on,off):what>")
@allow(Permission.CATALOG_EDIT)
def change_model(model_id: int, what: str) -> Response:
    """Offer an attraction model or no longer."""

    def effect(session: Session) -> str:
        operations.switch_model(session, here.actor, model_id, active=what == "on", now=here.now)
        return url_for("dictionaries.index")

    return act(effect)


@bp.route("/nodes/<id:node_id>/state", methods=["GET", "POST"])
@allow(Permission.CATALOG_EDIT)
def node_state(node_id: int) -> Response:
    """Say whether a node is present or a gap from a year on."""
    node = queries.node(here.session, node_id)
    years = queries.node_years(here.session, [node_id]).get(node_id, [])
    latest = years[-1] if years else None
    form = NodeStateForm(obj=latest)
    if form.validate_on_submit():

        def effect(session: Session) -> str:
            operations.set_node_state(
                session,
                here.actor,
                node_id,
                year=form.year.data or 0,
                state=form.state.data or NodeState.GAP,
                source=form.source.data or "",
                version=_version_of_year(form, latest.year if latest else None),
                now=here.now,
            )
            return url_for("chains.node", node_id=node_id)

        row = ("node_year", latest.id) if latest else None
        if answer := write(form, effect, row=row):
            return answer
    return page("catalog/node_state.html", form=form, node=node, years=years)


def _version_of_year(form: NodeStateForm, shown: int | None) -> int | None:
    """The version the form was opened on, where it is still about the year that it showed."""
    return form.version_number if form.year.data == shown else None


def _kind(text: str) -> TermKind:
    if text not in set(TermKind):
        raise Missing
    return TermKind(text)
