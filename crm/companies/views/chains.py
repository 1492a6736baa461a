"""Chains from left to right, a chain's page, a node's page: the anchor of 产业链招商."""

from __future__ import annotations

from itertools import groupby

from flask import Blueprint, Response, request

import crm.catalog.queries as catalog
from crm.accounts.rules import Permission
from crm.catalog.models import Chain
from crm.catalog.operations.plan import PLAN_YEAR
from crm.catalog.rules import NodeState
from crm.companies import queries
from crm.companies.rules import Position
from crm.core.gate import allow
from crm.core.languages import chosen
from crm.core.request import here, page

bp = Blueprint("chains", __name__)

READERS = (Permission.COMPANY_READ, Permission.CATALOG_EDIT, Permission.AUDIT_READ)
"""Chains are read by everybody who is signed in; the firms in them are public."""


@bp.get("/chains")
@allow(*READERS)
def index() -> Response:
    """Clusters, their chains, and each chain's nodes with the firms recognised there."""
    year = _year()
    chains = catalog.chains(here.session, year)
    nodes = catalog.nodes(here.session, year)
    states = catalog.node_states(here.session, year)
    return page(
        "companies/chains.html",
        year=year,
        years=range(PLAN_YEAR, here.today.year + 1),
        tiers=[(tier, list(rows)) for tier, rows in groupby(chains, key=_tier)],
        nodes={key: list(rows) for key, rows in groupby(nodes, key=lambda node: node.chain_id)},
        states=states,
        count={
            "chains": len(chains),
            "nodes": len(nodes),
            "gaps": sum(states.get(node.id) is NodeState.GAP for node in nodes),
        },
        readable=here.actor.may(Permission.COMPANY_READ),
        firms=queries.firms_by_place(queries.recognised(here.session)),
    )


@bp.get("/chains/<id:chain_id>")
@allow(*READERS)
def chain(chain_id: int) -> Response:
    """One chain: its nodes, its firms by position, who supplies whom."""
    found = catalog.chain(here.session, chain_id)
    year = _year()
    nodes = [node for node in catalog.nodes(here.session, year) if node.chain_id == chain_id]
    places = queries.recognised(here.session, chain_id)
    firms = queries.firms_by_place(places)
    return page(
        "companies/chain.html",
        chain=found,
        year=year,
        nodes=nodes,
        states=catalog.node_states(here.session, year),
        firms=firms,
        places=sorted(places, key=lambda place: list(Position).index(place.position)),
        node_names={node.id: node for node in nodes},
        links=queries.chain_links(here.session, here.actor, chain_id),
        readable=here.actor.may(Permission.COMPANY_READ),
    )


@bp.get("/nodes/<id:node_id>")
@allow(*READERS)
def node(node_id: int) -> Response:
    """One node: its state year by year, its firms, the leads that aim at it."""
    found = catalog.node(here.session, node_id)
    places = queries.recognised(here.session, found.chain_id)
    years = catalog.node_years(here.session, [node_id]).get(node_id, [])
    return page(
        "companies/node.html",
        node=found,
        chain=found.chain,
        years=years,
        state=catalog.node_states(here.session, here.today.year).get(node_id),
        firms=queries.firms_by_place(places).get((found.chain_id, node_id)),
        may_edit=here.actor.may(Permission.CATALOG_EDIT),
        may_read_leads=here.actor.may(Permission.LEAD_READ),
        may_lead=here.actor.may(Permission.LEAD_WRITE),
    )


def _tier(chain: Chain) -> str:
    """The heading a chain stands under, in the reader's language."""
    cluster = chain.cluster
    return (chosen() == "en" and cluster.tier_en) or cluster.tier


def _year() -> int:
    """The year asked for, within what the plan covers; else the present one."""
    asked = request.args.get("year", type=int) or here.today.year
    return asked if PLAN_YEAR <= asked <= here.today.year else here.today.year
