"""Entering and editing a firm: its credit code is a paper that projects owe, so the door is theirs."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, flash, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

import crm.catalog.queries as catalog
from crm.accounts.rules import Permission
from crm.catalog.rules import TermKind
from crm.companies import queries
from crm.companies.forms import CompanyForm, country_options
from crm.companies.models import Company
from crm.companies.operations import firms
from crm.core.forms import as_choices
from crm.core.gate import allow
from crm.core.languages import chosen
from crm.core.request import here, page, write
from crm.projects.operations.firms import edit_firm

bp = Blueprint("firms", __name__)


@bp.route("/companies/new", methods=["GET", "POST"])
@allow(Permission.COMPANY_WRITE)
def new() -> Response:
    """Enter a firm."""
    form = CompanyForm()
    _offer(form, None)
    if form.validate_on_submit():

        def effect(session: Session) -> str:
            row = firms.enter(session, here.actor, form.draft(), now=here.now)
            return _saved(session, row)

        if answer := _write(form, effect):
            return answer
    return page("projects/firm.html", form=form, company=None)


@bp.route("/companies/<id:company_id>/edit", methods=["GET", "POST"])
@allow(Permission.COMPANY_WRITE)
def edit(company_id: int) -> Response:
    """Edit a firm; what projects owe of its credit code is settled once it is known."""
    found = queries.known_company(here.session, here.actor, company_id)
    form = CompanyForm(obj=found, size_ids=[term.id for term in found.size_classes])
    _offer(form, found)
    if form.validate_on_submit():

        def effect(session: Session) -> str:
            row = edit_firm(
                session,
                here.actor,
                company_id,
                form.draft(),
                version=form.version_number,
                now=here.now,
            )
            return _saved(session, row)

        if answer := _write(form, effect, row=("company", company_id)):
            return answer
    return page("projects/firm.html", form=form, company=found)


def _offer(form: CompanyForm, company: Company | None) -> None:
    language = chosen()
    kept = [term.id for term in company.size_classes] if company else []
    form.country.choices = as_choices(country_options(language))
    form.division_code.offer(catalog.division_options(here.session, language))
    form.size_ids.offer(
        catalog.term_options(here.session, TermKind.SIZE_CLASS, language, also=kept)
    )


def _saved(session: Session, company: Company) -> str:
    """The firm's address; firms of the same name are named once more on the way there."""
    twins = queries.similar(session, here.actor, company.name, but=company.id)
    if twins:
        names = _(", ").join(twin.name for twin in twins)
        flash(_("Perhaps the same firm is here already: %(names)s.", names=names), "warning")
    return url_for("companies.company", company_id=company.id)


def _write(
    form: CompanyForm, effect: Callable[[Session], str], row: tuple[str, int] | None = None
) -> Response | None:
    """Write; where the code is a hidden firm's, the look-up is noted in a transaction of its own."""
    answer = write(form, effect, row=row)
    if form.hidden_company is not None:
        with here.database.write("web") as session:
            firms.note_hidden_code(session, here.actor, form.hidden_company, now=here.now)
    return answer
