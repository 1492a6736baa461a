"""Names for the numbers that a lead's events hold."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import literal, select, union_all
from sqlalchemy.orm import Session

from crm.accounts.models import Person, Unit
from crm.catalog.models import AttractionModel, Chain, ChainNode, District
from crm.core.languages import DEFAULT, column
from crm.leads.models import LeadEvent

TABLES: dict[str, Any] = {
    "district_id": District,
    "unit_id": Unit,
    "owner_id": Person,
    "chain_id": Chain,
    "node_id": ChainNode,
    "model_id": AttractionModel,
}
"""Which dated dimension is a row of which table."""


def names(
    session: Session, events: Iterable[LeadEvent], language: str = DEFAULT
) -> dict[tuple[str, int], str]:
    """(dimension, id) → name, for everything that the events changed: one statement."""
    ids: dict[str, set[int]] = {name: set() for name in TABLES}
    for event in events:
        for name, values in event.changes.items():
            if name in ids:
                ids[name] |= {value for value in values if value is not None}
    parts = [
        select(
            literal(name),
            table.id,
            table.name,
            getattr(table, column(language), table.name),
        ).where(table.id.in_(ids[name]))
        for name, table in TABLES.items()
    ]
    rows = session.execute(union_all(*parts))
    return {(name, number): shown or plain for name, number, plain, shown in rows}
