"""What the numbers in a project's trail stand for, so that its timeline reads in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.accounts.models import Person, Unit
from crm.audit.models import Entry
from crm.catalog.models import AttractionModel, Chain, ChainNode, District, Park, Term
from crm.core.database import Base

NAMED: dict[str, Any] = {
    "district_id": District.name,
    "park_id": Park.name,
    "chain_id": Chain.name,
    "node_id": ChainNode.name,
    "model_id": AttractionModel.name,
    "owner_id": Person.name,
    "unit_id": Unit.name,
    "department_id": Term.name,
    "termination_reason_id": Term.name,
}
"""Columns whose numbers have a name that every reader of the project may know."""


def names(session: Session, entries: Iterable[Entry]) -> dict[tuple[str, int], str]:
    """(column, number) → name, one query for each kind of thing that the entries mention."""
    wanted: dict[str, set[int]] = {}
    for entry in entries:
        for side in (entry.before, entry.after):
            for column in NAMED.keys() & side.keys():
                if isinstance(side[column], int):
                    wanted.setdefault(column, set()).add(side[column])
    found: dict[tuple[str, int], str] = {}
    for column, numbers in wanted.items():
        kind: type[Base] = NAMED[column].class_
        rows = session.execute(select(kind.id, NAMED[column]).where(kind.id.in_(numbers)))  # type: ignore[attr-defined]
        found |= {(column, number): name for number, name in rows}
    return found
