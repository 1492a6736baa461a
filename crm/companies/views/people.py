"""The people of a firm, for who knows the firm."""

from __future__ import annotations

from flask import Blueprint, Response, url_for
from sqlalchemy.orm import Session

from crm.accounts.rules import Permission
from crm.companies import queries
from crm.companies.forms import ContactForm
from crm.companies.operations import people
from crm.core.gate import allow
from crm.core.request import act, here, page, write

bp = Blueprint("people", __name__)


@bp.route("/companies/<id:company_id>/people/new", methods=["GET", "POST"])
@allow(Permission.COMPANY_WRITE)
def new(company_id: int) -> Response:
    """Add somebody at a firm."""
    company = queries.known_company(here.session, here.actor, company_id)
    form = ContactForm()
    if form.validate_on_submit():

        def effect(session: Session) -> str:
            people.add_person(session, here.actor, company_id, form.draft(), now=here.now)
            return url_for("companies.company", company_id=company_id)

        if answer := write(form, effect):
            return answer
    return page("companies/person.html", form=form, company=company, person_id=None)


@bp.route("/companies/<id:company_id>/people/<id:person_id>/edit", methods=["GET", "POST"])
@allow(Permission.COMPANY_WRITE)
def edit(company_id: int, person_id: int) -> Response:
    """Edit somebody at a firm."""
    company = queries.known_company(here.session, here.actor, company_id)
    row = queries.company_person(here.session, here.actor, company_id, person_id)
    form = ContactForm(obj=row)
    if form.validate_on_submit():

        def effect(session: Session) -> str:
            people.edit_person(
                session,
                here.actor,
                company_id,
                person_id,
                form.draft(),
                version=form.version_number,
                now=here.now,
            )
            return url_for("companies.company", company_id=company_id)

        if answer := write(form, effect, row=("company_person", person_id)):
            return answer
    return page("companies/person.html", form=form, company=company, person_id=person_id)


@bp.post("/companies/<id:company_id>/people/<id:person_id>/left")
@allow(Permission.COMPANY_WRITE)
def leave(company_id: int, person_id: int) -> Response:
    """Somebody has left the firm."""
    return _switch(company_id, person_id, active=False)


@bp.post("/companies/<id:company_id>/people/<id:person_id>/back")
@allow(Permission.COMPANY_WRITE)
def come_back(company_id: int, person_id: int) -> Response:
    """Somebody is at the firm after all."""
    return _switch(company_id, person_id, active=True)


def _switch(company_id: int, person_id: int, *, active: bool) -> Response:
    queries.company_person(here.session, here.actor, company_id, person_id)

    def effect(session: Session) -> str:
        people.switch_person(
            session, here.actor, company_id, person_id, active=active, now=here.now
        )
        return url_for("companies.company", company_id=company_id)

    return act(effect)
