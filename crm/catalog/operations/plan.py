"""Loading the plan: districts, chains, models and dictionaries that the catalog lacks."""

from __future__ import annotations

from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.audit.operations import record_values
from crm.catalog.models import (
    AttractionModel,
    Chain,
    ChainNode,
    Cluster,
    District,
    Division,
    NodeYear,
    Park,
    Term,
)
from crm.catalog.queries import plan
from crm.catalog.rules import Anchor, DistrictKind, NodeState, Region, TermKind
from crm.core.actor import Actor
from crm.core.database import Base

Row = TypeVar("Row")

PLAN_YEAR = 2025
"""The year of the plan in `catalog/data`."""


def load_plan(session: Session, actor: Actor, *, now: datetime) -> None:
    """Add what the plan's files hold and the catalog lacks; what people edited is left alone.

    Loading twice adds nothing. One entry on the city's timeline says how much was added.
    """
    added = {
        "divisions": _load_divisions(session),
        "districts": _load_districts(session),
        "parks": _load_parks(session),
        "chains": _load_chains(session),
        "nodes": _load_nodes(session),
        "models": _load_models(session),
        "terms": _load_terms(session),
    }
    if any(added.values()):
        city = session.scalars(select(District).where(District.kind == DistrictKind.CITY)).one()
        record_values(session, actor, "catalog.loaded", city, now=now, after=added)


def _load_divisions(session: Session) -> int:
    known = set(session.scalars(select(Division.code)))
    return _add(
        session,
        [
            Division(**{**row, "region": Region(row["region"])})
            for row in plan("divisions")
            if row["code"] not in known
        ],
    )


def _load_districts(session: Session) -> int:
    known = set(session.scalars(select(District.code)))
    return _add(
        session,
        [
            District(
                code=row["code"],
                name=row["name"],
                name_en=row["name_en"],
                short_names=row["short_names"],
                kind=DistrictKind(row["kind"]),
                sort=int(row["sort"]),
            )
            for row in plan("districts")
            if row["code"] not in known
        ],
    )


def _load_parks(session: Session) -> int:
    known = set(session.scalars(select(Park.name)))
    short = {name: row for row in session.scalars(select(District)) for name in _names(row)}
    return _add(
        session,
        [
            Park(
                name=row["name"],
                name_en=row["name_en"],
                districts=[short[name] for name in row["districts"].split(";")],
            )
            for row in plan(f"parks_{PLAN_YEAR}")
            if row["name"] not in known
        ],
    )


def _names(district: District) -> list[str]:
    return [district.name, *district.short_names.split(";")]


def _load_chains(session: Session) -> int:
    clusters = {
        row.name: row
        for row in session.scalars(select(Cluster).where(Cluster.first_year == PLAN_YEAR))
    }
    known = set(session.scalars(select(Chain.name).where(Chain.first_year == PLAN_YEAR)))
    new: list[Base] = []
    for place, row in enumerate(plan(f"industries_{PLAN_YEAR}"), start=1):
        if row["cluster"] not in clusters:
            clusters[row["cluster"]] = Cluster(
                name=row["cluster"],
                name_en=row["cluster_en"],
                tier=row["tier"],
                tier_en=row["tier_en"],
                sort=place,
                first_year=PLAN_YEAR,
            )
        if row["chain"] not in known:
            new.append(
                Chain(
                    cluster=clusters[row["cluster"]],
                    name=row["chain"],
                    name_en=row["chain_en"],
                    source=row["source"],
                    sort=place,
                    first_year=PLAN_YEAR,
                )
            )
    return _add(session, new)


def _load_nodes(session: Session) -> int:
    chains = {
        row.name: row.id
        for row in session.scalars(select(Chain).where(Chain.first_year == PLAN_YEAR))
    }
    known = set(session.execute(select(ChainNode.chain_id, ChainNode.name)))
    rows = [
        row
        for row in plan(f"chain_nodes_{PLAN_YEAR}")
        if (chains[row["chain"]], row["node"]) not in known
    ]
    nodes = [
        ChainNode(
            chain_id=chains[row["chain"]],
            name=row["node"],
            name_en=row["node_en"],
            sort=int(row["order"]),
            source=row["source"],
            first_year=PLAN_YEAR,
        )
        for row in rows
    ]
    _add(session, nodes)
    states = [
        NodeYear(
            node_id=node.id,
            year=PLAN_YEAR,
            state=NodeState(row["state"]),
            source=row["source"],
        )
        for node, row in zip(nodes, rows, strict=True)
    ]
    return _add(session, states)


def _load_models(session: Session) -> int:
    known = set(session.scalars(select(AttractionModel.code)))
    return _add(
        session,
        [
            AttractionModel(
                code=row["code"],
                name=row["name"],
                name_en=row["name_en"],
                anchor=Anchor(row["anchor"]),
                sort=place,
            )
            for place, row in enumerate(plan("models"), start=1)
            if row["code"] not in known
        ],
    )


def _load_terms(session: Session) -> int:
    known = set(session.execute(select(Term.kind, Term.code)))
    names = set(session.execute(select(Term.kind, Term.name)))
    new = []
    for place, row in enumerate(plan("terms"), start=1):
        kind = TermKind(row["kind"])
        if (kind, row["code"]) not in known and (kind, row["name"]) not in names:
            new.append(
                Term(
                    kind=kind,
                    code=row["code"],
                    name=row["name"],
                    name_en=row["name_en"],
                    sort=place,
                )
            )
    return _add(session, new)


def _add(session: Session, rows: list[Any]) -> int:
    session.add_all(rows)
    session.flush()
    return len(rows)
