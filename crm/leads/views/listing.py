"""The list of leads, and the parts of it that other pages show."""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _

import crm.catalog.queries as catalog
import crm.companies.queries as companies
from crm.accounts.rules import Permission
from crm.catalog.rules import TermKind
from crm.companies.labels import WORDS as COMPANY_WORDS
from crm.companies.rules import Position
from crm.core.gate import allow
from crm.core.languages import chosen
from crm.core.request import address_with, here, page
from crm.leads.labels import WORDS
from crm.leads.queries import listing, protection
from crm.leads.queries.listing import UNDECIDED, LeadFilter, Plan, Report
from crm.leads.queries.scenarios import scenario, scenario_options
from crm.leads.rules.kinds import Stage, Standing
from crm.leads.views.door import bp

Choices = dict[str, tuple[Any, list[Any]]]

SHOWN = 8
"""How many leads a part of another page shows."""


@bp.get("/leads")
@allow(Permission.LEAD_READ)
def index() -> Response:
    """The leads one may read."""
    session, actor, today = here.session, here.actor, here.today
    wanted = LeadFilter.from_args(request.args)
    sort = request.args.get("sort", listing.FIRST_SORT)
    choices = _choices()
    found = listing.leads(
        session,
        actor,
        wanted,
        today=today,
        sort=sort,
        after=request.args.get("after"),
        before=request.args.get("before"),
    )
    return page(
        "leads/list.html",
        found=found,
        claims=protection.of_leads(session, found.rows, today),
        wanted=wanted,
        sort=sort,
        choices=choices,
        chips=_chips(choices | _linked(wanted)),
        total=listing.total(session, actor, wanted, today=today),
    )


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
    session, actor, today = here.session, here.actor, here.today
    return page(
        "leads/_part.html",
        rows=listing.some(session, actor, wanted, today=today, limit=SHOWN),
        brought=listing.some(session, actor, brought, today=today, limit=SHOWN) if brought else [],
        total=listing.total(session, actor, wanted, today=today),
        all_url=url_for("leads.index", standing="all", **subject),
        new_url=url_for("leads.new", **subject),
    )


def _choices() -> Choices:
    """The filter bar: name → (what it filters, options)."""
    session, actor, language = here.session, here.actor, chosen()
    open_ended = (UNDECIDED, _("Undecided"))
    units = listing.unit_options(session, actor)
    choices: Choices = {
        "stage": (_("Stage"), _members(Stage)),
        "standing": (_("Standing"), [*_members(Standing), ("all", _("All, lost too"))]),
        "position": (
            _("Chain position"),
            [(one.value, COMPANY_WORDS[Position][one]) for one in Position] + [open_ended],
        ),
        "model": (_("Attraction model"), [*catalog.model_options(session, language), open_ended]),
        "cluster": (_("Cluster"), catalog.cluster_options(session, language)),
        "chain": (_("Industry chain"), [*catalog.chain_options(session, language), open_ended]),
        "node": (_("Node"), catalog.node_options(session, language)),
        "district": (_("District"), [*catalog.district_options(session, language), open_ended]),
        "owner": (_("Owner"), listing.owner_options(session, actor)),
        "unit": (_("Unit"), units),
        "source": (
            _("Source"),
            [*catalog.term_options(session, TermKind.SOURCE, language), open_ended],
        ),
        "plan": (
            _("Next step"),
            [
                (Plan.MISSING.value, _("None planned")),
                (Plan.OVERDUE.value, _("Overdue")),
                (Plan.WEEK.value, _("This week")),
            ],
        ),
        "report": (
            _("First report"),
            [
                (Report.HOLDS.value, _("Holds")),
                (Report.LAPSING.value, _("About to lapse")),
                (Report.NONE.value, _("Not held")),
            ],
        ),
    }
    if len(units) < 2:  # an officer's unit is all he has
        del choices["unit"]
    return choices


def _members(kind: type[Stage] | type[Standing]) -> list[Any]:
    return [(member.value, WORDS[kind][member]) for member in kind]


def _linked(wanted: LeadFilter) -> Choices:
    """Filters that other pages link to: they have a chip and no select."""
    session, actor = here.session, here.actor
    firms = [number for number in (wanted.company, wanted.brought_by) if number is not None]
    named = companies.company_options(session, actor, ids=firms, limit=0) if firms else []
    return {
        "head_firm": (
            _("Head firm"),
            companies.head_firm_options(session) if wanted.head_firm else [],
        ),
        "scenario": (_("Scenario"), scenario_options(session) if wanted.scenario else []),
        "company": (_("Investor"), named),
        "brought_by": (_("Brought by the leader"), named),
        "mine": (_("Owner"), [("1", _("Mine"))]),
    }


def _chips(choices: Choices) -> list[tuple[Any, Any, str]]:
    """What the list is narrowed to: (filter, value, address without it)."""
    found: list[tuple[Any, Any, str]] = []
    for name, (words, options) in choices.items():
        value = next((one[1] for one in options if str(one[0]) == request.args.get(name)), None)
        if value is not None:
            found.append((words, value, _without(name)))
    for name, words in (("q", _("Search")), ("from", _("Amount from")), ("to", _("Amount up to"))):
        if text := request.args.get(name, "").strip():
            found.append((words, text[:40], _without(name)))
    return found


def _without(name: str) -> str:
    return address_with({name: None, "after": None, "before": None})
