"""A firm's places in chains, and the leaders it supplies."""

from __future__ import annotations

from flask import Blueprint, Response, url_for
from sqlalchemy.orm import Session

import crm.catalog.queries as catalog
from crm.accounts.rules import Permission
from crm.companies import queries
from crm.companies.forms import PositionForm, SupportForm
from crm.companies.operations import chains
from crm.core.gate import allow
from crm.core.languages import chosen
from crm.core.request import act, here, page, write

bp = Blueprint("recognition", __name__)


@bp.route("/companies/<id:company_id>/positions/new", methods=["GET", "POST"])
@allow(Permission.COMPANY_RECOGNISE)
def new(company_id: int) -> Response:
    """Recognise a firm in a chain."""
    company = queries.company(here.session, here.actor, company_id)
    form = PositionForm(recognised_on=here.today)
    form.chain_id.offer(catalog.chain_options(here.session, chosen()))
    form.node_id.offer(catalog.node_options(here.session, chosen()))
    if form.validate_on_submit():

        def effect(session: Session) -> str:
            chains.recognise(session, here.actor, company_id, form.draft(), now=here.now)
            return url_for("companies.company", company_id=company_id)

        if answer := write(form, effect):
            return answer
    return page("companies/position.html", form=form, company=company)


@bp.post("/companies/<id:company_id>/positions/<id:position_id>/end")
@allow(Permission.COMPANY_RECOGNISE)
def end(company_id: int, position_id: int) -> Response:
    """End a recognition today."""
    queries.company(here.session, here.actor, company_id)

    def effect(session: Session) -> str:
        chains.end_recognition(
            session, here.actor, company_id, position_id, day=here.today, now=here.now
        )
        return url_for("companies.company", company_id=company_id)

    return act(effect)


@bp.route("/companies/<id:company_id>/leaders/new", methods=["GET", "POST"])
@allow(Permission.COMPANY_WRITE)
def link(company_id: int) -> Response:
    """Link a firm to a leader that it supplies."""
    company = queries.known_company(here.session, here.actor, company_id)
    form = SupportForm()
    form.chain_id.offer(catalog.chain_options(here.session, chosen()))
    form.leader_id.offer(queries.leaders(here.session, here.actor))
    if form.validate_on_submit():

        def effect(session: Session) -> str:
            chains.link_supporter(
                session,
                here.actor,
                supporter_id=company_id,
                leader_id=form.leader_id.data,
                chain_id=form.chain_id.data,
                supplies=form.supplies.data or "",
                since=form.since.data,
                now=here.now,
            )
            return url_for("companies.company", company_id=company_id)

        if answer := write(form, effect):
            return answer
    return page("companies/support.html", form=form, company=company)


@bp.post("/companies/<id:company_id>/leaders/<id:link_id>/end")
@allow(Permission.COMPANY_WRITE)
def unlink(company_id: int, link_id: int) -> Response:
    """End a link to a leader today."""
    queries.known_company(here.session, here.actor, company_id)

    def effect(session: Session) -> str:
        chains.end_support(session, here.actor, company_id, link_id, day=here.today, now=here.now)
        return url_for("companies.company", company_id=company_id)

    return act(effect)
