"""The list of projects, the projects of a lead or company, the table of demands."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

import crm.catalog.queries as catalog
import crm.companies.queries
import crm.leads.queries.detail
from crm.accounts.rules import Permission
from crm.catalog.rules import TermKind
from crm.companies.labels import WORDS as COMPANY_WORDS
from crm.companies.rules import Position
from crm.core.forms import Option, choices, options
from crm.core.gate import allow
from crm.core.languages import chosen
from crm.core.request import address_with, here, page
from crm.leads.queries.scope import may_write as may_write_lead
from crm.projects.labels import DEMAND_WORDS, NEEDED_WORDS, WORDS
from crm.projects.models import Project
from crm.projects.queries.detail import living_of_lead, owners
from crm.projects.queries.listing import (
    Order,
    Progress,
    ProjectFilter,
    attached,
    projects,
    total,
    years,
)
from crm.projects.rules.demands import DEMANDS, NEEDS, WAYS
from crm.projects.rules.kinds import ProjectKind
from crm.projects.views.door import bp


@bp.get("/projects")
@allow(Permission.PROJECT_READ)
def index() -> Response:
    """The projects one may read."""
    wanted = ProjectFilter.from_args(request.args)
    session, actor = here.session, here.actor
    offered = _choices(wanted)
    found = projects(
        session, actor, wanted, after=request.args.get("after"), before=request.args.get("before")
    )
    return page(
        "projects/index.html",
        found=found,
        wanted=wanted,
        total=total(session, actor, wanted),
        choices=offered,
        chosen=_chosen(offered),
        may_enter=actor.may(Permission.PROJECT_ENTER),
    )


@bp.get("/projects/milestones")
@allow(Permission.PROJECT_READ)
def demands() -> Response:
    """What each milestone needs at the table and what it leaves owed: the table itself."""
    return page(
        "projects/demands.html",
        demands=DEMANDS,
        needs=NEEDS,
        ways=WAYS,
        clocks=catalog.clocks(here.session),
        names=DEMAND_WORDS,
        needed=NEEDED_WORDS,
    )


@bp.get("/leads/<id:lead_id>/projects")
@allow(Permission.PROJECT_READ)
def lead_projects(lead_id: int) -> Response:
    """A part of a lead's page: what came of it, and the way back when all of that has ended."""
    lead = crm.leads.queries.detail.lead(here.session, here.actor, lead_id)
    rows = attached(here.session, here.actor, Project.lead_id == lead_id)
    ended = bool(rows) and living_of_lead(here.session, lead_id) == 0
    return page(
        "projects/_of.html",
        rows=rows,
        lead=lead,
        ended=ended,
        may_sign=may_write_lead(here.actor, lead) and here.actor.may(Permission.PROJECT_WRITE),
    )


@bp.get("/companies/<id:company_id>/projects")
@allow(Permission.PROJECT_READ)
def company_projects(company_id: int) -> Response:
    """A part of a company's page: the projects it invests in that the reader may know."""
    crm.companies.queries.company(here.session, here.actor, company_id)
    rows = attached(here.session, here.actor, Project.company_id == company_id)
    return page("projects/_of.html", rows=rows, lead=None, ended=False, may_sign=False)


Choices = dict[str, tuple[Any, list[Option]]]


def _choices(wanted: ProjectFilter) -> Choices:
    """What the filter bar offers: name → title, options."""
    session, language = here.session, chosen()
    undecided: Option = ("0", _("Undecided"))
    return {
        "year": (_("Year"), [(str(one), str(one)) for one in years(session, here.actor)]),
        "progress": (_("Progress"), choices(Progress, WORDS)),
        "kind": (_("Kind"), choices(ProjectKind, WORDS)),
        "chain": (_("Chain"), [undecided, *catalog.chain_options(session, language)]),
        "position": (_("Chain position"), choices(Position, COMPANY_WORDS)),
        "model": (_("Attraction model"), [undecided, *catalog.model_options(session, language)]),
        "district": (_("District"), catalog.district_options(session, language)),
        "owner": (_("Owner"), options(owners(session, here.actor))),
        "tag": (
            _("Tags"),
            catalog.term_options(session, TermKind.TAG, language, also=[wanted.tag]),
        ),
        "owed": (_("Evidence"), [("1", _("Evidence owed"))]),
        "order": (_("Order"), choices(Order, WORDS)),
    }


def _chosen(offered: Choices) -> list[tuple[Any, Any, str]]:
    """What is filtered now, in words, each with the address without it."""
    found = []
    turned = {"after": None, "before": None}
    if text := request.args.get("q", "").strip():
        found.append((_("Search"), text, address_with({"q": None} | turned)))
    for name, (title, rows) in offered.items():
        value = request.args.get(name, "")
        if word := next((row[1] for row in rows if name != "order" and row[0] == value), None):
            found.append((title, word, address_with({name: None} | turned)))
    for name, title in _ANCHORS.items():
        if request.args.get(name):
            found.append((title, _("chosen"), address_with({name: None} | turned)))
    return found


_ANCHORS = {
    "node": _l("Node"),
    "head_firm": _l("Head firm"),
    "scenario": _l("Scenario"),
    "brought_by": _l("Bringing leader"),
}
"""Conditions that come with an address from an anchor's page, not from the bar."""
