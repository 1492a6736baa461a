"""What the keys of a split are called: rows of the catalog, words of enums, anchors."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from crm.catalog.models import AttractionModel, Chain, ChainNode, Cluster
from crm.companies.models import HeadFirm
from crm.companies.rules import Position
from crm.counting.rules.dimensions import UNASSIGNED, Dimension
from crm.leads.models import Scenario
from crm.ledger.queries.rows import HIDDEN

Names = dict[str, Any]
"""key → what it stands for, in the order of the catalog."""


def names(session: Session, dimension: Dimension, keys: Collection[str], year: int) -> Names:
    """What the parts of a split are, those with a figure and those of the year's catalog; 未定 is none.

    Cluster, chain and model of the year stand there without a figure too: a gap is to be seen.
    """
    told = {key for key in keys if key not in {UNASSIGNED, HIDDEN}}
    if dimension is Dimension.POSITION:
        return {position.value: position for position in Position}
    if dimension is Dimension.ANCHOR:
        return _anchors(session, told)
    if dimension is Dimension.NODE:
        return _nodes(session, _numbers(told))
    if dimension in _CATALOG:
        rows = session.scalars(_CATALOG[dimension])
        return {str(row.id): row for row in rows if str(row.id) in told or _of_year(row, year)}
    return {}


_CATALOG: dict[Dimension, Any] = {
    Dimension.CLUSTER: select(Cluster).order_by(Cluster.sort, Cluster.id),
    Dimension.CHAIN: select(Chain).order_by(Chain.sort, Chain.id),
    Dimension.MODEL: select(AttractionModel).order_by(AttractionModel.sort, AttractionModel.id),
}


def _of_year(row: Any, year: int) -> bool:
    if isinstance(row, AttractionModel):
        return row.active
    return bool(row.first_year <= year <= row.last_year)


def _numbers(keys: Collection[str]) -> list[int]:
    return [int(key) for key in keys if key.isdecimal()]


def _nodes(session: Session, numbers: list[int]) -> Names:
    query = (
        select(ChainNode)
        .join(ChainNode.chain)
        .options(contains_eager(ChainNode.chain))
        .where(ChainNode.id.in_(numbers))
        .order_by(Chain.sort, Chain.id, ChainNode.sort, ChainNode.id)
    )
    return {str(row.id): row for row in session.scalars(query)}


def _anchors(session: Session, keys: Collection[str]) -> Names:
    """Head firms and scenarios, which are there for everybody to read."""
    told: dict[str, list[int]] = {"head_firm": [], "scenario": []}
    for key in keys:
        kind, _, number = key.partition(":")
        if kind in told and number.isdecimal():
            told[kind].append(int(number))
    firms = select(HeadFirm).options(joinedload(HeadFirm.company))
    found: Names = {
        f"head_firm:{row.id}": row
        for row in session.scalars(firms.where(HeadFirm.id.in_(told["head_firm"])))
    }
    scenes = select(Scenario).where(Scenario.id.in_(told["scenario"])).order_by(Scenario.id)
    return found | {f"scenario:{row.id}": row for row in session.scalars(scenes)}
