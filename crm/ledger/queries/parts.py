"""What the keys of a split stand for: rows of the catalog, members of enums, anchors."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager, joinedload

from crm.catalog.models import AttractionModel, Chain, ChainNode, Cluster, District
from crm.companies.models import HeadFirm
from crm.companies.rules import Position
from crm.core.forms import row_number
from crm.counting.rules.decisions import Cohort
from crm.counting.rules.dimensions import Dimension
from crm.counting.rules.facts import MoneyFrom
from crm.leads.models import Scenario

Names = dict[str, Any]
"""key → what it stands for, in the order officers list them; 未定 and 保密 stand for nothing."""


def names(session: Session, dimension: Dimension, keys: Collection[str]) -> Names:
    """What the parts with a figure are. Of ALL the keys are the districts' numbers."""
    if dimension in _WORDS:
        return {member.value: member for member in _WORDS[dimension] if member.value in keys}
    if dimension is Dimension.ANCHOR:
        return _anchors(session, keys)
    numbers = [number for key in keys if (number := row_number(key)) is not None]
    query, column = _ROWS[dimension]
    return {str(row.id): row for row in session.scalars(query.where(column.in_(numbers)))}


_WORDS: dict[Dimension, type[StrEnum]] = {
    Dimension.POSITION: Position,
    Dimension.ORIGIN: MoneyFrom,
    Dimension.COHORT: Cohort,
}

_ROWS: dict[Dimension, tuple[Any, Any]] = {
    Dimension.ALL: (select(District).order_by(District.sort), District.id),
    Dimension.CLUSTER: (select(Cluster).order_by(Cluster.sort, Cluster.id), Cluster.id),
    Dimension.CHAIN: (select(Chain).order_by(Chain.sort, Chain.id), Chain.id),
    Dimension.NODE: (
        select(ChainNode)
        .join(ChainNode.chain)
        .options(contains_eager(ChainNode.chain))
        .order_by(Chain.sort, Chain.id, ChainNode.sort, ChainNode.id),
        ChainNode.id,
    ),
    Dimension.MODEL: (
        select(AttractionModel).order_by(AttractionModel.sort, AttractionModel.id),
        AttractionModel.id,
    ),
}


def _anchors(session: Session, keys: Collection[str]) -> Names:
    """Head firms and scenarios, which everybody may read."""
    told: dict[str, list[int]] = {"head_firm": [], "scenario": []}
    for key in keys:
        kind, _, number = key.partition(":")
        if kind in told and (known := row_number(number)) is not None:
            told[kind].append(known)
    firms = select(HeadFirm).options(joinedload(HeadFirm.company)).order_by(HeadFirm.id)
    found: Names = {
        f"head_firm:{row.id}": row
        for row in session.scalars(firms.where(HeadFirm.id.in_(told["head_firm"])))
    }
    scenes = select(Scenario).where(Scenario.id.in_(told["scenario"])).order_by(Scenario.id)
    return found | {f"scenario:{row.id}": row for row in session.scalars(scenes)}
