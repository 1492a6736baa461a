"""Entering a lead, and revising it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Response, flash, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from crm.accounts.rules import Permission
from crm.catalog.models import ChainNode
from crm.catalog.queries import models
from crm.catalog.rules import Anchor
from crm.core.errors import Forbidden
from crm.core.gate import allow
from crm.core.request import here, page, write
from crm.leads.forms.entry import LeadForm, typed
from crm.leads.operations import entry as operations
from crm.leads.queries import detail
from crm.leads.queries.duplicates import Found
from crm.leads.queries.scope import may_write
from crm.leads.rules.duplicates import Asked
from crm.leads.views import drafts, duplicates
from crm.leads.views.door import bp, home_district, models_with, offer

STARTS = {
    "company": "company_id",
    "head_firm": "head_firm_id",
    "scenario": "scenario_id",
    "node": "node_id",
}
"""What the page a person comes from says of the new lead: argument of the address → field."""


@bp.route("/leads/new", methods=["GET", "POST"])
@allow(Permission.LEAD_WRITE)
def new() -> Response:
    """Enter a lead."""
    draft = drafts.resume("new")
    form = offer(drafts.filled(LeadForm, draft, begun()))
    del form.day

    def effect(session: Session) -> str:
        lead = operations.enter(session, here.actor, form.draft(), now=here.now)
        drafts.attach_files(session, here.actor, form, [], lead.id)
        return url_for(".lead", lead_id=lead.id)

    if "unfold" in request.form:
        return _unfolded(form)
    if form.validate_on_submit():
        asked = duplicates.typed()
        if found := duplicates.unseen(form, asked):
            return _page(form, None, draft, asked, found)
        if answer := write(form, effect):
            flash(_("The lead is entered."), "success")
            return answer
    return _page(form, None, draft)


@bp.route("/leads/<id:lead_id>/edit", methods=["GET", "POST"])
@allow(Permission.LEAD_WRITE)
def edit(lead_id: int) -> Response:
    """Revise a lead."""
    lead = detail.lead(here.session, here.actor, lead_id)
    if not may_write(here.actor, lead):
        raise Forbidden
    draft = drafts.resume(str(lead_id), local=not lead.confidential)
    form = drafts.filled(LeadForm, draft, typed(lead) | {"day": here.today})
    offer(form, lead)

    def effect(session: Session) -> str:
        operations.revise(
            session,
            here.actor,
            lead_id,
            form.draft(),
            version=form.version_number,
            day=form.day.data,
            now=here.now,
        )
        return url_for(".lead", lead_id=lead_id)

    if form.validate_on_submit():
        asked = replace(duplicates.typed(), but_lead=lead_id)
        other = form.new_company.data or form.company_id.data != lead.company_id
        if other and (found := duplicates.unseen(form, asked)):
            return _page(form, lead, draft, asked, found)
        if answer := write(form, effect, row=("lead", lead_id)):
            return answer
    return _page(form, lead, draft)


def _unfolded(form: LeadForm) -> Response:
    """The quick form goes on as this one: what was typed is in its fields, nothing is judged yet."""
    if "unnamed" in request.form:
        form.company_id.data, form.new_company.data = None, ""
    form.entered_on.data = here.today
    answer = _page(form, None, drafts.Resumed("new", None, []))
    answer.status_code = 200
    return answer


def _page(
    form: LeadForm,
    lead: Any,
    draft: drafts.Resumed,
    asked: Asked | None = None,
    found: Found | None = None,
) -> Response:
    return page(
        "leads/edit.html",
        form=form,
        lead=lead,
        draft=draft,
        kept=drafts.files_of(form),
        asked=asked,
        found=found,
        stopped=found is not None,
        head_firm_models=models_with(Anchor.HEAD_FIRM),
        scenario_models=models_with(Anchor.SCENARIO),
    )


def begun() -> dict[str, Any]:
    """What a new lead starts with: the person's district, today, and where he comes from."""
    values: dict[str, Any] = {"district_id": home_district(), "entered_on": here.today}
    for argument, field in STARTS.items():
        text = request.args.get(argument, "")
        if text.isascii() and text.isdecimal() and len(text) < 19:
            values[field] = int(text)
    anchors = {"head_firm_id": Anchor.HEAD_FIRM, "scenario_id": Anchor.SCENARIO}
    anchors["node_id"] = Anchor.NODE
    wanted = next((anchor for field, anchor in anchors.items() if field in values), None)
    if wanted is not None:
        rows = models(here.session)
        values["model_id"] = next((row.id for row in rows if row.anchor is wanted), None)
    if "node_id" in values:
        node = here.session.get(ChainNode, values["node_id"])
        values["chain_id"] = node.chain_id if node else None
    return values
