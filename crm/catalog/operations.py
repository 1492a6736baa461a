"""Writes to the catalog: loading the plan, dictionaries, node states, models, settings."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any, TypeVar

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.accounts.models import Unit
from crm.audit.operations import record, record_values
from crm.catalog.models import (
    AttractionModel,
    Chain,
    ChainNode,
    Cluster,
    District,
    Division,
    NodeYear,
    Park,
    Setting,
    Term,
)
from crm.catalog.queries import CLOCKS, plan
from crm.catalog.rules import Anchor, Clocks, DistrictKind, NodeState, Region, TermKind
from crm.core.actor import Actor
from crm.core.database import Base
from crm.core.errors import Missing, Refused
from crm.core.versions import VersionBehind, take

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


def add_term(
    session: Session, actor: Actor, *, kind: TermKind, name: str, name_en: str, now: datetime
) -> Term:
    """Add an entry at the end of a dictionary."""
    _refuse_twin(session, kind, name, None)
    last = session.scalar(select(func.max(Term.sort)).where(Term.kind == kind)) or 0
    row = Term(kind=kind, name=name, name_en=name_en, sort=last + 1)
    record(session, actor, "term.added", row, now=now)
    return row


def edit_term(
    session: Session,
    actor: Actor,
    term_id: int,
    *,
    name: str,
    name_en: str,
    version: int | None,
    now: datetime,
) -> Term:
    """Rename an entry; everything that names it shows the new words."""
    row = _locked(session, Term, term_id)
    take(row, version)
    _refuse_twin(session, row.kind, name, term_id)
    row.name, row.name_en = name, name_en
    record(session, actor, "term.renamed", row, now=now)
    return row


def switch_term(
    session: Session, actor: Actor, term_id: int, *, active: bool, now: datetime
) -> Term:
    """Offer an entry in forms or no longer; what names it keeps it. Nothing is deleted."""
    row = _locked(session, Term, term_id)
    if row.active != active:
        take(row, None)
        row.active = active
        record(session, actor, "term.switched", row, now=now)
    return row


def move_term(session: Session, actor: Actor, term_id: int, *, up: bool, now: datetime) -> Term:
    """Let an entry and its neighbour change places; at the end nothing happens."""
    moving = _locked(session, Term, term_id)
    rows = list(
        session.scalars(
            select(Term)
            .where(Term.kind == moving.kind)
            .order_by(Term.sort, Term.id)
            .with_for_update()
        )
    )
    before = [row.id for row in rows]
    place = before.index(term_id)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(rows):
        return moving
    rows[place], rows[other] = rows[other], rows[place]
    for number, row in enumerate(rows, start=1):
        row.sort = number
    take(moving, None)
    record(session, actor, "term.moved", moving, now=now)
    return moving


def _refuse_twin(session: Session, kind: TermKind, name: str, term_id: int | None) -> None:
    twin = session.scalar(
        select(Term.id).where(Term.kind == kind, Term.name == name, Term.id != (term_id or 0))
    )
    if twin is not None:
        raise Refused(_("This dictionary has that entry already."), field="name")


def switch_model(
    session: Session, actor: Actor, model_id: int, *, active: bool, now: datetime
) -> AttractionModel:
    """Offer an attraction model in forms or no longer; the three main ones stay."""
    row = _locked(session, AttractionModel, model_id)
    if row.main and not active:
        raise Refused(_("The three main models cannot be switched off."))
    if row.active != active:
        take(row, None)
        row.active = active
        record(session, actor, "model.switched", row, now=now)
    return row


def set_node_state(
    session: Session,
    actor: Actor,
    node_id: int,
    *,
    year: int,
    state: NodeState,
    source: str,
    version: int | None,
    now: datetime,
) -> NodeYear:
    """Say whether a node is present or a gap from a year on.

    Args:
        version: of the year's row when the form was opened; None where that year had none.
    """
    node = _locked(session, ChainNode, node_id)
    if not node.first_year <= year <= node.last_year:
        raise Refused(_("The node is not part of the chain in that year."), field="year")
    row = session.scalar(
        select(NodeYear).where(NodeYear.node_id == node_id, NodeYear.year == year).with_for_update()
    )
    if row is None:
        row = NodeYear(node_id=node_id, year=year, state=state, source=source)
    else:
        take(row, version)
        row.state, row.source = state, source
    record(session, actor, "node.state_set", row, on=("chain_node", node_id), now=now)
    return row


def assign_district_unit(
    session: Session,
    actor: Actor,
    district_id: int,
    unit_id: int | None,
    now: datetime,
    version: int | None = None,
) -> District:
    """Say which unit reviews what lands in a district."""
    row = _locked(session, District, district_id)
    if unit_id is not None and session.get(Unit, unit_id) is None:
        raise Refused(_("Choose one of the list."), field="unit_id")
    if row.unit_id != unit_id:
        take(row, version)
        row.unit_id = unit_id
        record(session, actor, "district.assigned", row, now=now)
    return row


def set_clocks(
    session: Session, actor: Actor, clocks: Clocks, *, version: int | None, now: datetime
) -> Setting:
    """Store the limits that hold from now on.

    Args:
        version: of the setting when the form was opened; 0 where nobody had edited it yet.
    """
    row = session.scalar(select(Setting).where(Setting.key == CLOCKS).with_for_update())
    after = asdict(clocks)
    if row is None:
        row = Setting(key=CLOCKS, value=after, version=1)
        record(session, actor, "setting.changed", row, now=now)
        return row
    if version == 0:
        raise VersionBehind
    take(row, version)
    before = {**asdict(Clocks()), **row.value}
    changed = {name for name, value in after.items() if before[name] != value}
    row.value = after
    session.flush()
    record_values(
        session,
        actor,
        "setting.changed",
        row,
        now=now,
        before={name: before[name] for name in sorted(changed)},
        after={name: after[name] for name in sorted(changed)},
    )
    return row


def _locked(session: Session, kind: type[Row], row_id: int) -> Row:
    row = session.get(kind, row_id, with_for_update=True)
    if row is None:
        raise Missing
    return row
