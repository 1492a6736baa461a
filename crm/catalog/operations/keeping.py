"""What people keep of the catalog: dictionaries, node states, models, settings."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TypeVar

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.accounts.models import Unit
from crm.audit.operations import record, record_values
from crm.catalog.models import (
    AttractionModel,
    ChainNode,
    District,
    NodeYear,
    Setting,
    Term,
)
from crm.catalog.queries import CLOCKS
from crm.catalog.rules import Clocks, NodeState, TermKind
from crm.core.actor import Actor
from crm.core.errors import Missing, Refused
from crm.core.versions import VersionBehind, take

Row = TypeVar("Row")


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
