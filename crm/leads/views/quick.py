"""Logging a lead on the road: one short form, a box for a pasted message."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

import crm.catalog.queries as catalog
import crm.files.operations
from crm.accounts.rules import Permission
from crm.catalog.rules import TermKind
from crm.core.gate import allow
from crm.core.languages import chosen
from crm.core.request import here, page, write
from crm.files.forms import receive
from crm.leads.forms.quick import ANCHORS, CHIPS, QuickForm
from crm.leads.operations import entry as operations
from crm.leads.queries.capture import anchor_name, firm_by, firm_meant, last_entry
from crm.leads.queries.duplicates import Found
from crm.leads.rules.duplicates import Asked
from crm.leads.rules.recognise import recognise
from crm.leads.views import duplicates
from crm.leads.views.door import bp
from crm.leads.views.entry import begun


@bp.route("/leads/quick", methods=["GET", "POST"])
@allow(Permission.LEAD_WRITE)
def quick() -> Response:
    """Log a lead with what one knows now."""
    form = QuickForm(data=_begun())
    _offer(form)
    if form.validate_on_submit():
        asked = duplicates.typed()
        if found := duplicates.unseen(form, asked):
            return _page(form, asked, found)
        received = [*receive(form.photo), *receive(form.files)]

        def effect(session: Session) -> str:
            lead = operations.enter(session, here.actor, form.draft(), now=here.now)
            for one in received:
                crm.files.operations.attach(
                    session, here.actor, one.stored, one.name, on=("lead", lead.id), now=here.now
                )
            return url_for(".lead", lead_id=lead.id)

        if answer := write(form, effect):
            flash(_("The lead is logged."), "success")
            return answer
    return _page(form)


@bp.post("/leads/recognise")
@allow(Permission.LEAD_WRITE)
def recognised() -> Response:
    """A part of the quick form: what a pasted message says, to be taken over; nothing is kept of it."""
    found = recognise(request.form.get("pasted", ""))
    firm = firm_meant(here.session, here.actor, found.company, found.credit_code)
    return make_response(render_template("leads/_recognised.html", found=found, firm=firm))


def _page(form: QuickForm, asked: Asked | None = None, found: Found | None = None) -> Response:
    return page(
        "leads/quick.html",
        form=form,
        chips=[form[name] for name in CHIPS],
        anchor=anchor_name(here.session, **form.anchors),
        days=_days(here.today),
        asked=asked,
        found=found,
        stopped=found is not None,
    )


def _begun() -> dict[str, Any]:
    """The last entry's chips, then what the page he comes from says."""
    told = begun()
    values = {"district_id": told["district_id"]} | last_entry(here.session, here.actor)
    values |= {
        name: told[name] for name in (*CHIPS, *ANCHORS) if name in told and name not in values
    }
    values |= {name: told[name] for name in ("chain_id", "model_id") if told.get(name) is not None}
    firm = firm_by(here.session, here.actor, told.get("company_id"))
    if firm is not None:
        values |= {"company_id": firm[0], "new_company": firm[1]}
    return values


def _offer(form: QuickForm) -> None:
    """The chips' choices; what the last entry had and is no longer offered is 待定."""
    session, language = here.session, chosen()
    offers: dict[str, list[Any]] = {
        "chain_id": catalog.chain_options(session, language),
        "model_id": catalog.model_options(session, language),
        "source_id": catalog.term_options(session, TermKind.SOURCE, language),
        "district_id": catalog.district_options(session, language),
    }
    for name, options in offers.items():
        form[name].offer(options)
        if not form.is_submitted() and str(form[name].data) not in {one[0] for one in options}:
            form[name].data = None


def _days(today: date) -> list[tuple[Any, date]]:
    """The days that a next step is mostly set to, in one tap."""
    monday = today + timedelta(days=7 - today.weekday())
    return [
        (_("Today"), today),
        (_("Tomorrow"), today + timedelta(days=1)),
        (_("In 3 days"), today + timedelta(days=3)),
        (_("Next Monday"), monday),
    ]
