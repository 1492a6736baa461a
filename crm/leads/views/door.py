"""The blueprint of leads, and what several of its pages need."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request, url_for
from flask import session as cookie

import crm.catalog.queries as catalog
from crm.accounts.queries import colleagues
from crm.catalog.rules import Anchor, TermKind
from crm.companies.queries import company_options, head_firm_options, leaders
from crm.core.errors import Forbidden
from crm.core.forms import options
from crm.core.languages import chosen
from crm.core.request import LONGEST_ADDRESS, here, local_address
from crm.leads.forms.entry import AssignForm, LeadForm
from crm.leads.models import Lead
from crm.leads.queries import detail
from crm.leads.queries.scenarios import scenario_options
from crm.leads.queries.scope import may_write

bp = Blueprint("leads", __name__)

PLACE = "leads_place"


def remember_place() -> None:
    """Keep in the person's cookie where in the list he is: filter, order and page."""
    address = request.full_path.rstrip("?")
    if cookie.get(PLACE) != address and len(address) <= LONGEST_ADDRESS:
        cookie[PLACE] = address


def place() -> str:
    """The way back into the list: where he was last, or its beginning."""
    return local_address(cookie.get(PLACE), url_for("leads.index"))


@bp.app_context_processor
def _place() -> dict[str, Any]:
    return {"list_place": place}


def writable(lead_id: int) -> Lead:
    """A lead that the signed-in person may change; seen and not writable: Forbidden."""
    lead = detail.brief(here.session, here.actor, lead_id)
    if not may_write(here.actor, lead):
        raise Forbidden
    return lead


def offer(form: LeadForm, lead: Lead | None = None) -> LeadForm:
    """The form with everything to choose from; what the lead has already stays choosable."""
    session, language = here.session, chosen()

    def kept(name: str) -> list[int]:
        value = getattr(lead, name) if lead is not None else None
        return [value] if value is not None else []

    form.company_id.offer(
        company_options(session, here.actor, ids=[*kept("company_id"), form.company_id.data])
    )
    form.chain_id.offer(catalog.chain_options(session, language))
    form.node_id.offer(catalog.node_options(session, language))
    form.model_id.offer(catalog.model_options(session, language, also=kept("model_id")))
    further = [model.id for model in lead.further_models] if lead is not None else []
    form.further_model_ids.offer(catalog.model_options(session, language, also=further))
    form.head_firm_id.offer(head_firm_options(session))
    form.scenario_id.offer(scenario_options(session))
    form.brought_by_id.offer(leaders(session, here.actor))
    form.source_id.offer(
        catalog.term_options(session, TermKind.SOURCE, language, also=kept("source_id"))
    )
    form.district_id.offer(catalog.district_options(session, language))
    form.park_id.offer(catalog.park_options(session, language, also=kept("park_id")))
    return form


def models_with(anchor: Anchor) -> str:
    """The numbers of the models that hang on an anchor, as the form's conditions take them."""
    rows = catalog.models(here.session, inactive=True)
    return ",".join(str(row.id) for row in rows if row.anchor is anchor)


def offer_colleagues(form: AssignForm, lead: Lead) -> AssignForm:
    """The colleagues a lead can go to."""
    rows = colleagues(here.session, here.actor)
    form.owner_id.offer(options([row for row in rows if row[0] != lead.owner_id]))
    return form


def home_district() -> int | None:
    """The district whose office the signed-in person's unit is or stands below."""
    above = {int(part) for part in here.actor.unit_path.split("/") if part}
    rows = catalog.districts(here.session)
    return next((row.id for row in rows if row.unit_id in above), None)
