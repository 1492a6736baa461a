"""Receipts of a project, of a queue, and what they come to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from crm.accounts.rules import Permission
from crm.core.actor import Actor
from crm.core.columns import Moment
from crm.core.errors import Missing
from crm.counting.rules.facts import ReceiptState
from crm.counting.rules.goals import Sum
from crm.ledger.models import Receipt, ReceiptPaper, ReceiptStep
from crm.ledger.queries import scope
from crm.ledger.rules import HANDLED, Paper, missing
from crm.values.money import Money

GONE = frozenset({ReceiptState.RETURNED, ReceiptState.WITHDRAWN})
"""States in which money is not reported."""


class Queue(StrEnum):
    """What waits: for a review, for a confirmation, for a correction."""

    REVIEW = "review"
    CONFIRM = "confirm"
    CORRECT = "correct"


WAITS_IN = {
    Queue.REVIEW: ReceiptState.REPORTED,
    Queue.CONFIRM: ReceiptState.REVIEWED,
    Queue.CORRECT: ReceiptState.RETURNED,
}


def receipt(session: Session, actor: Actor, receipt_id: int) -> Receipt:
    """One receipt with its papers, steps and people. Missing if he may not read it."""
    row = session.scalar(
        scope.readable_receipts(actor)
        .where(Receipt.id == receipt_id)
        .options(
            joinedload(Receipt.report),
            joinedload(Receipt.reverses),
            joinedload(Receipt.reporter),
            joinedload(Receipt.reviewer),
            joinedload(Receipt.confirmer),
            selectinload(Receipt.papers).joinedload(ReceiptPaper.attachment),
            selectinload(Receipt.steps).joinedload(ReceiptStep.by),
        )
    )
    if row is None:
        raise Missing
    return row


def reads(session: Session, actor: Actor, receipt_id: int) -> None:
    """Whether he may read a receipt, where no more of it is wanted. Missing if he may not."""
    known = scope.readable_receipts(actor).where(Receipt.id == receipt_id)
    if session.scalar(select(known.exists())) is not True:
        raise Missing


def his(actor: Actor, queue: Queue) -> bool:
    """Whether a queue is his to work off: what his role judges or reports; the city's alone confirms."""
    return actor.may(_WORKED_OFF_WITH[queue]) and (
        queue is not Queue.CONFIRM or len(actor.unit_path.strip("/").split("/")) == 1
    )


_WORKED_OFF_WITH = {
    Queue.REVIEW: Permission.FUNDS_REVIEW,
    Queue.CONFIRM: Permission.FUNDS_CONFIRM,
    Queue.CORRECT: Permission.FUNDS_REPORT,
}


def waiting(actor: Actor, queue: Queue) -> Select[Receipt]:
    """The receipts that wait for him; for a page of them, oldest first by (reported_at, id).

    To confirm: not those that he handled himself.
    """
    return (
        scope.readable_receipts(actor)
        .options(selectinload(Receipt.papers).joinedload(ReceiptPaper.attachment))
        .where(*_waits(actor, queue))
    )


def following(session: Session, actor: Actor, queue: Queue, row: Receipt) -> int | None:
    """The one to look at after a receipt of a queue: the next oldest, or the oldest of all."""
    here = tuple_(Receipt.reported_at, Receipt.id)
    behind = here > tuple_(literal(row.reported_at, Moment), literal(row.id))
    return session.scalar(
        select(Receipt.id)
        .join(Receipt.project)
        .where(_few(queue), *_waits(actor, queue), scope.readable(actor), Receipt.id != row.id)
        .order_by(case((behind, 0), else_=1), Receipt.reported_at, Receipt.id)
        .limit(1)
    )


def _few(queue: Queue) -> ColumnElement[bool]:
    """The few that wait at all, found first: left alone, SQLite begins with the projects he may read."""
    one = aliased(Receipt)
    return Receipt.id.in_(select(one.id).where(one.state == WAITS_IN[queue]))


def _waits(actor: Actor, queue: Queue) -> tuple[ColumnElement[bool], ...]:
    state = Receipt.state == WAITS_IN[queue]
    if queue is Queue.CORRECT:
        return state, Receipt.reported_by == actor.id
    if queue is Queue.REVIEW:
        return state, scope.reviewable(actor)
    handled = select(1).where(
        ReceiptStep.receipt_id == Receipt.id,
        ReceiptStep.by_id == actor.id,
        ReceiptStep.step.in_(HANDLED),
    )
    return state, scope.confirmable(actor), ~handled.exists()


def sums(session: Session, actor: Actor) -> dict[Queue, Sum]:
    """How many wait for him in each queue, and what they come to."""
    found = {}
    for queue in Queue:
        amounts = waiting(actor, queue).with_only_columns(Receipt.amount)
        rows = amounts.where(_few(queue)).subquery()
        count, fen = session.execute(
            select(func.count(), cast(func.coalesce(func.sum(rows.c.amount), 0), BigInteger))
        ).one()
        found[queue] = Sum(count, Money(int(fen)))
    return found


def papers_of(session: Session, receipt_ids: Collection[int]) -> dict[int, set[Paper]]:
    """What was given for some receipts; a list of vouchers only while it comes to the amount."""
    found: dict[int, set[Paper]] = {number: set() for number in receipt_ids}
    rows = session.execute(
        select(ReceiptPaper.receipt_id, ReceiptPaper.kind)
        .join(Receipt, Receipt.id == ReceiptPaper.receipt_id)
        .where(
            ReceiptPaper.receipt_id.in_(receipt_ids),
            or_(ReceiptPaper.total.is_(None), ReceiptPaper.total == Receipt.amount),
        )
    )
    for number, kind in rows:
        found[number].add(kind)
    return found


def given(row: Receipt) -> set[Paper]:
    """The same of a receipt whose papers are loaded."""
    return {one.kind for one in row.papers if one.total is None or one.total == row.amount}


def owed(row: Receipt, given: Collection[Paper]) -> tuple[tuple[Paper, ...], ...]:
    """What each alternative of its papers lacks; a reversal needs none, its reason is its paper."""
    return () if row.reverses_id is not None else missing(row.kind, given)


@dataclass
class Arrived:
    """What was reported of a project so far, returned and withdrawn lines left out."""

    total: Money
    amounts: list[Money]


def arrived(
    session: Session, project_ids: Collection[int], without: int | None = None
) -> dict[int, Arrived]:
    """Some projects' money, reversals taken off, and the single amounts; without a line being corrected."""
    rows = session.execute(
        select(Receipt.project_id, Receipt.amount, Receipt.reverses_id)
        .where(
            Receipt.project_id.in_(project_ids),
            Receipt.state.not_in(GONE),
            Receipt.id != (without or 0),
        )
        .order_by(Receipt.id)
    )
    found = {number: Arrived(Money(0), []) for number in project_ids}
    for number, amount, reverses in rows:
        found[number].total += amount
        if reverses is None:
            found[number].amounts.append(amount)
    return found
