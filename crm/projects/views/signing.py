"""Signing a lead, entering a project without one, phases and increases, the way back from 签约."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

import crm.catalog.queries as catalog
import crm.leads.queries.detail
from crm.accounts.queries import colleagues
from crm.accounts.rules import Permission
from crm.catalog.rules import TermKind
from crm.companies.rules import MAINLAND
from crm.core.errors import Forbidden, Missing
from crm.core.forms import options
from crm.core.gate import allow
from crm.core.languages import chosen
from crm.core.request import here, page, write
from crm.leads.models import Lead
from crm.leads.queries.scope import may_write as may_write_lead
from crm.leads.rules.kinds import Stage
from crm.projects.forms.changes import ReturnForm
from crm.projects.forms.signing import AttachForm, EnterForm, SignForm
from crm.projects.forms.terms import plan_lines
from crm.projects.models import Project
from crm.projects.operations import changes, signing
from crm.projects.queries import detail
from crm.projects.rules.demands import signs
from crm.projects.rules.kinds import Relation
from crm.projects.views.door import bp, offer_dimensions, offer_party, offer_place
from crm.values.money import Amount


@bp.route("/leads/<id:lead_id>/sign", methods=["GET", "POST"])
@allow(Permission.PROJECT_WRITE, Permission.PROJECT_WRITE_UNIT)
def sign(lead_id: int) -> Response:
    """Sign a lead: what is known at the table; the papers follow."""
    lead = crm.leads.queries.detail.lead(here.session, here.actor, lead_id)
    if not may_write_lead(here.actor, lead):
        raise Forbidden
    form = SignForm(**_known(lead))
    offer_place(form)
    offer_party(form, lead.company_id)
    if form.validate_on_submit():

        def effect(session: Session) -> str:
            project = signing.sign(session, here.actor, lead_id, form.draft(), now=here.now)
            if project is None:
                return url_for("leads.lead", lead_id=lead_id)
            return url_for(".project", project_id=project.id)

        if answer := write(form, effect, row=("lead", lead_id)):
            flash(_signed(form), "success")
            return answer
    return page("projects/sign.html", form=form, lead=lead, again=lead.stage is Stage.SIGNED)


def _signed(form: SignForm) -> Any:
    if signs(form.draft().agreement):
        return _("Signed. What is owed stands on the project with its due days.")
    return _("The agreement is recorded. The lead is signed once the investment agreement is.")


def _known(lead: Lead) -> dict[str, Any]:
    """What the lead knows already, as the form opens."""
    amount = Amount(lead.amount_low, lead.amount_low) if lead.amount_known else None
    return {
        "name": lead.title,
        "content": lead.content,
        "company_id": lead.company_id,
        "signing_party": lead.company.name if lead.company else "",
        "signing_country": lead.company.country if lead.company else MAINLAND,
        "agreed": amount,
        "district_id": lead.district_id,
        "park_id": lead.park_id,
        "signed_on": here.today,
        "plan": plan_lines(here.today.year),
        "version": lead.version,
    }


@bp.route("/projects/new", methods=["GET", "POST"])
@allow(Permission.PROJECT_ENTER)
def enter() -> Response:
    """Enter a project that has no lead."""
    form = EnterForm(plan=plan_lines(here.today.year))
    offer_place(form)
    offer_party(form, None)
    offer_dimensions(form)
    form.owner_id.offer(options(colleagues(here.session, here.actor)))
    if form.validate_on_submit():

        def effect(session: Session) -> str:
            project = signing.enter(session, here.actor, form.entry(), now=here.now)
            return url_for(".project", project_id=project.id)

        if answer := write(form, effect):
            return answer
    return page("projects/enter.html", form=form)


@bp.route("/projects/<id:project_id>/attach", methods=["GET", "POST"])
@allow(Permission.PROJECT_WRITE, Permission.PROJECT_WRITE_UNIT)
def attach(project_id: int) -> Response:
    """Attach a later phase or a capital increase to a first project."""
    parent = detail.project(here.session, here.actor, project_id)
    if not detail.may_write(here.session, here.actor, project_id):
        raise Forbidden
    if parent.relation is not Relation.FIRST:
        raise Missing
    form = AttachForm(**_known_of(parent))
    offer_place(form, parent)
    offer_party(form, parent.company_id)
    if form.validate_on_submit():

        def effect(session: Session) -> str:
            project = signing.attach(
                session, here.actor, project_id, form.relation.data, form.draft(), now=here.now
            )
            return url_for(".project", project_id=project.id)

        if answer := write(form, effect):
            return answer
    return page("projects/attach.html", form=form, parent=parent)


def _known_of(parent: Project) -> dict[str, Any]:
    return {
        "company_id": parent.company_id,
        "signing_party": parent.signing_party,
        "signing_country": parent.signing_country,
        "kind": parent.kind,
        "construction": parent.construction,
        "funding": parent.funding,
        "district_id": parent.district_id,
        "park_id": parent.park_id,
        "signed_on": here.today,
        "plan": plan_lines(here.today.year),
    }


@bp.route("/leads/<id:lead_id>/return", methods=["GET", "POST"])
@allow(Permission.PROJECT_WRITE, Permission.PROJECT_WRITE_UNIT)
def leave_signed(lead_id: int) -> Response:
    """Move a signed lead back once all its projects are terminated."""
    lead = crm.leads.queries.detail.lead(here.session, here.actor, lead_id)
    form = ReturnForm(stage=Stage.NEGOTIATING, day=here.today)
    reasons = catalog.term_options(here.session, TermKind.TERMINATION_REASON, chosen())
    form.reason_id.offer(reasons)
    if form.validate_on_submit():

        def effect(session: Session) -> str:
            changes.leave_signed(
                session,
                here.actor,
                lead_id,
                form.stage.data,
                day=form.day.data or here.today,
                reason_id=form.reason_id.data or 0,
                note=form.note.data or "",
                now=here.now,
            )
            return url_for("leads.lead", lead_id=lead_id)

        if answer := write(form, effect):
            return answer
    return page("projects/leave_signed.html", form=form, lead=lead)
