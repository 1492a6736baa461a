"""Whose receipts an actor reads, reviews and confirms: every other query starts from here."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, false, select
from sqlalchemy.orm import Session, contains_eager

from crm.accounts.models import Unit
from crm.accounts.rules import Permission, UnitKind
from crm.core.actor import Actor
from crm.core.errors import Forbidden, Missing
from crm.ledger.models import Receipt
from crm.projects.models import Project
from crm.projects.queries import scope


def readable(actor: Actor) -> ColumnElement[bool]:
    """Receipts of the projects that he reads; the query joins Project."""
    return scope.readable(actor)


def reviewable(actor: Actor) -> ColumnElement[bool]:
    """Receipts of projects of his unit and below, or landing there, if his role reviews."""
    return scope.supervised(actor, Permission.FUNDS_REVIEW)


def confirmable(actor: Actor) -> ColumnElement[bool]:
    """The city's: he confirms whose unit is the bureau itself, and whose role does."""
    if actor.unit_id is None:
        return false()
    bureau = exists(select(1).where(Unit.id == actor.unit_id, Unit.kind == UnitKind.BUREAU))
    return and_(scope.supervised(actor, Permission.FUNDS_CONFIRM), bureau)


def readable_receipts(actor: Actor) -> Select[Receipt]:
    """The receipts that he reads, each with its project."""
    return (
        select(Receipt)
        .join(Receipt.project)
        .options(contains_eager(Receipt.project))
        .where(readable(actor))
    )


Right = Callable[[Actor], ColumnElement[bool]]
"""What somebody may do, as a condition on the project: `reviewable`, `confirmable`, …."""


def locked(
    session: Session, actor: Actor, receipt_ids: Collection[int], right: Right
) -> list[Receipt]:
    """Receipts about to be handled by somebody who may, locked until the commit, in one order for all.

    Raises:
        Missing: he may not know of one of them.
        Forbidden: he reads them all and may not do this to one of them.
    """
    found = session.execute(_for_change(actor, right), {"numbers": list(receipt_ids)}).all()
    if len(found) < len(set(receipt_ids)):
        raise Missing
    if not all(may for _, may in found):
        raise Forbidden
    return [row for row, _ in found]


@lru_cache(maxsize=1024)
def _for_change(actor: Actor, right: Right) -> Any:
    """Receipts that he reads, locked, each with whether he has the right; made once for each actor."""
    return (
        readable_receipts(actor)
        .add_columns(right(actor))
        .where(Receipt.id.in_(bindparam("numbers", expanding=True)))
        .order_by(Receipt.id)
        .with_for_update(of=Receipt)
        .execution_options(populate_existing=True)
    )


def project_of(receipt: Receipt) -> Project:
    """Its project, loaded with it."""
    return receipt.project
