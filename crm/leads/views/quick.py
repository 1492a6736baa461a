"""Logging a lead on the road: one short form, a box for a pasted message."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Response, flash, make_response, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

import crm.catalog.queries as catalog
from crm.accounts.rules import Permission
from crm.catalog.rules import TermKind
from crm.core.errors import Refused
from crm.core.gate import allow
from crm.core.languages import chosen
from crm.core.request import here, page, write
from crm.files.forms import receive
from crm.files.operations import Received
from crm.leads.forms.quick import ANCHORS, CHIPS, QuickForm
from crm.leads.operations import entry as operations
from crm.leads.operations import protection
from crm.leads.queries.capture import anchor_name, firm_by, firm_meant, last_entry
from crm.leads.queries.duplicates import Found
from crm.leads.rules.duplicates import Asked
from crm.leads.rules.recognise import recognise
from crm.leads.views import drafts, duplicates
from crm.leads.views.door import bp
from crm.leads.views.entry import begun


@bp.route("/leads/quick", methods=["GET", "POST"])
@allow(Permission.LEAD_WRITE)
def quick() -> Response:
    """Log a lead with what one knows now."""
    draft = drafts.resume("quick")
    form = drafts.filled(QuickForm, draft, _begun())
    _offer(form)
    if not form.is_submitted():
        return _page(form, draft)
    good = form.validate()
    received = [] if form.photo.errors or form.files.errors else _received(form)
    asked = duplicates.typed()
    found = duplicates.unseen(form, asked) if good else None

    def effect(session: Session) -> str:
        lead = operations.enter(session, here.actor, form.draft(), now=here.now)
        drafts.attach_files(session, here.actor, form, received, lead.id)
        if form.file_first.data:
            _file_first(session, lead.id)
        return url_for(".lead", lead_id=lead.id)

    if good and found is None and (answer := write(form, effect)):
        flash(_("The lead is logged."), "success")
        return answer
    drafts.keep_files("quick", form, received)
    return _page(form, draft, asked, found)


@bp.post("/leads/recognise")
@allow(Permission.LEAD_WRITE)
def recognised() -> Response:
    """A part of the quick form: what a pasted message says, to be taken over; nothing is kept of it."""
    found = recognise(request.form.get("pasted", ""))
    firm = firm_meant(here.session, here.actor, found.company, found.credit_code)
    return make_response(render_template("leads/_recognised.html", found=found, firm=firm))


def _file_first(session: Session, lead_id: int) -> None:
    """A refusal stands beside the box that asked for it."""
    try:
        protection.file(session, here.actor, lead_id, now=here.now)
    except Refused as refusal:
        raise Refused(refusal.message, field="file_first") from None


def _received(form: QuickForm) -> list[Received]:
    return [*receive(form.photo), *receive(form.files)]


def _page(
    form: QuickForm, draft: drafts.Resumed, asked: Asked | None = None, found: Found | None = None
) -> Response:
    return page(
        "leads/quick.html",
        form=form,
        draft=draft,
        kept=drafts.files_of(form),
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
