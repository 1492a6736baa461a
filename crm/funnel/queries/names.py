"""What the parts of a split are: rows of the catalog, units, people, words; in the order of their lists."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from crm.accounts.models import Person, Unit
from crm.catalog.models import AttractionModel, Chain, ChainNode, Cluster, District, Term
from crm.funnel.rules.dimensions import MEMBERS, Dimension, Key

_ROWS: dict[Dimension, Any] = {
    Dimension.MODEL: select(AttractionModel).order_by(AttractionModel.sort, AttractionModel.id),
    Dimension.CLUSTER: select(Cluster).order_by(Cluster.sort, Cluster.id),
    Dimension.CHAIN: select(Chain).order_by(Chain.sort, Chain.id),
    Dimension.NODE: select(ChainNode)
    .join(ChainNode.chain)
    .options(contains_eager(ChainNode.chain))
    .order_by(Chain.sort, Chain.id, ChainNode.sort, ChainNode.id),
    Dimension.DISTRICT: select(District).order_by(District.sort, District.id),
    Dimension.UNIT: select(Unit).order_by(Unit.path),
    Dimension.OWNER: select(Person).order_by(Person.name_pinyin, Person.id),
    Dimension.SOURCE: select(Term).order_by(Term.sort, Term.id),
}
"""Each selects one kind of row, in the order in which officers list them."""


def parts(session: Session, dimension: Dimension, keys: Collection[Key]) -> dict[Key, Any]:
    """The parts that there are, each with what it stands for; 未定 (None) comes last, if it is there."""
    found: dict[Key, Any]
    if dimension in MEMBERS:
        found = {one.value: one for one in MEMBERS[dimension] if one.value in keys}
    else:
        query = _ROWS[dimension]
        kind = query.column_descriptions[0]["entity"]
        numbers = [key for key in keys if key is not None]
        rows = session.scalars(query.where(kind.id.in_(numbers)))
        found = {row.id: row for row in rows}
    return found | {None: None} if None in keys else found
