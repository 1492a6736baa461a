"""What awaits a reviewer or manager: money to review and to confirm, starts to recognise."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import BigInteger, Select, cast, func, select
from sqlalchemy.orm import Session

from crm.accounts.rules import Permission
from crm.core.actor import Actor
from crm.counting.rules.goals import Sum
from crm.ledger.models import Receipt
from crm.ledger.queries.lines import Queue, waiting
from crm.projects.queries.listing import Progress, ProjectFilter, total
from crm.values.money import Money


@dataclass(frozen=True)
class Awaits:
    """The piles of whoever judges; None for what is not his to judge.

    Attributes:
        review, confirm: receipts, with their money.
        recognise: starts that were reported and that no department has recognised, agreed totals.
    """

    review: Sum | None
    confirm: Sum | None
    recognise: Sum | None


def awaits(session: Session, actor: Actor) -> Awaits:
    """In one read for each pile that is his."""
    return Awaits(
        review=_money(session, waiting(actor, Queue.REVIEW), actor.may(Permission.FUNDS_REVIEW)),
        confirm=_money(session, waiting(actor, Queue.CONFIRM), actor.may(Permission.FUNDS_CONFIRM)),
        recognise=_starts(session, actor) if actor.may(Permission.RECOGNISE) else None,
    )


def _money(session: Session, query: Select[Receipt], his: bool) -> Sum | None:
    if not his:
        return None
    rows = query.subquery()
    figures = select(func.count(), cast(func.coalesce(func.sum(rows.c.amount), 0), BigInteger))
    count, fen = session.execute(figures.select_from(rows)).one()
    return Sum(count, Money(fen))


def _starts(session: Session, actor: Actor) -> Sum:
    """The rows of the project list under that filter, which the figure opens."""
    found = total(session, actor, ProjectFilter(progress=Progress.START_REPORTED))
    return Sum(found.count, found.agreed)
