"""The list of leads, and the parts of it that other pages show."""

from __future__ import annotations

from typing import Any

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

import crm.catalog.queries as catalog
import crm.companies.queries as companies
from crm.accounts.rules import Permission
from crm.core.gate import allow
from crm.core.request import here, page
from crm.leads.queries import pages, protection, totals
from crm.leads.queries.filters import ARGUMENTS, LeadFilter
from crm.leads.queries.scenarios import scenario
from crm.leads.queries.staleness import deadlines
from crm.leads.rules.clocks import overstays, silence
from crm.leads.rules.columns import ListColumn, shown
from crm.leads.views.door import bp, remember_place
from crm.leads.views.filtering import DAYS, PARENTS, bar, sort_asked
from crm.lists.queries import Chosen, chosen
from crm.lists.rules import ListName, kept

SHOWN = 8
"""How many leads a part of another page shows."""


@bp.get("/leads")
@allow(Permission.LEAD_READ)
def index() -> Answer:
    """The leads one may read; without an argument as one's first view has them."""
    mine = chosen(here.session, here.actor, ListName.LEADS)
    if mine.first is not None and not request.args:
        return redirect(url_for("lists.view", view_id=mine.first.id))
    wanted, limits = LeadFilter.from_args(request.args), deadlines(here.session, here.today)
    sort = sort_asked()
    remember_place()
    found = pages.leads(
        here.session, here.actor, wanted, limits=limits, sort=sort,
        after=request.args.get("after"), before=request.args.get("before"),
    )  # fmt: skip
    return page(
        "leads/list.html",
        found=found,
        claims=protection.of_leads(here.session, found.rows, here.today),
        wanted=wanted,
        sort=sort,
        columns=shown(mine.columns),
        every_column=list(ListColumn),
        clocks={"limits": limits, "silence": silence, "overstays": overstays},
        **frame(wanted, mine),
    )


@bp.get("/leads/totals")
@allow(Permission.LEAD_READ)
def total() -> Response:
    """A part of the list: how many leads the filter gives and what they come to."""
    wanted, limits = LeadFilter.from_args(request.args), deadlines(here.session, here.today)
    found = totals.total(here.session, here.actor, wanted, limits=limits)
    return page("leads/_total.html", total=found)


def frame(wanted: LeadFilter, mine: Chosen) -> dict[str, Any]:
    """What the list and the board have in common: tabs, filters, the way from one to the other."""
    asked = {name: request.args[name] for name in _ASKED if request.args.get(name)}
    view = next((one for one in mine.tabs if str(one.id) == request.args.get("view")), None)
    return {
        "bar": bar(wanted),
        "parents": PARENTS,
        "days": DAYS,
        "tabs": mine.tabs,
        "view": view,
        "changed": view is not None and kept(request.args.items()) != view.query,
        "asked": asked,
        "narrowed": bool(kept(asked.items())),
    }


_ASKED = (*ARGUMENTS, "sort", "view")


@bp.get("/companies/<id:company_id>/leads")
@allow(Permission.LEAD_READ)
def company_leads(company_id: int) -> Response:
    """A part of a firm's page: the leads it is the investor of, and the ones it brought."""
    companies.company(here.session, here.actor, company_id)
    return _part(
        LeadFilter(company=company_id, every_standing=True),
        company=company_id,
        brought=LeadFilter(brought_by=company_id, every_standing=True),
    )


@bp.get("/head-firms/<id:head_firm_id>/leads")
@allow(Permission.LEAD_READ)
def head_firm_leads(head_firm_id: int) -> Response:
    """A part of a head firm's page: the leads that came of it."""
    companies.head_firm(here.session, head_firm_id)
    return _part(LeadFilter(head_firm=head_firm_id, every_standing=True), head_firm=head_firm_id)


@bp.get("/nodes/<id:node_id>/leads")
@allow(Permission.LEAD_READ)
def node_leads(node_id: int) -> Response:
    """A part of a chain node's page: the leads at it."""
    catalog.node(here.session, node_id)
    return _part(LeadFilter(node=node_id, every_standing=True), node=node_id)


@bp.get("/scenarios/<id:scenario_id>/leads")
@allow(Permission.LEAD_READ)
def scenario_leads(scenario_id: int) -> Response:
    """A part of a scenario's page: the leads that came of it."""
    scenario(here.session, scenario_id)
    return _part(LeadFilter(scenario=scenario_id, every_standing=True), scenario=scenario_id)


def _part(wanted: LeadFilter, brought: LeadFilter | None = None, **subject: Any) -> Response:
    session, actor, limits = here.session, here.actor, deadlines(here.session, here.today)
    return page(
        "leads/_part.html",
        rows=pages.some(session, actor, wanted, limits=limits, limit=SHOWN),
        brought=pages.some(session, actor, brought, limits=limits, limit=SHOWN) if brought else [],
        total=totals.total(session, actor, wanted, limits=limits),
        all_url=url_for("leads.index", standing="all", **subject),
        new_url=url_for("leads.new", **subject),
    )
