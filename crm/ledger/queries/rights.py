"""What somebody may do to a receipt now, and why not what he might expect to."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from crm.accounts.rules import Permission
from crm.core.actor import Actor
from crm.counting.rules.facts import ReceiptState
from crm.ledger.models import Receipt, ReceiptStep
from crm.ledger.queries import scope
from crm.ledger.rules import HANDLED, MOVES, Step
from crm.projects.models import Project
from crm.projects.queries import scope as projects


@dataclass(frozen=True)
class Rights:
    """What he may do to a receipt as it stands.

    Attributes:
        handled: it awaits a confirmation that his role gives, and he reported or reviewed it himself.
        reversed_by: what takes it back already.
    """

    give: bool = False
    correct: bool = False
    withdraw: bool = False
    reverse: bool = False
    review: bool = False
    confirm: bool = False
    send_back: bool = False
    handled: bool = False
    reversed_by: Receipt | None = None


def rights(session: Session, actor: Actor, row: Receipt) -> Rights:
    """His rights to a receipt that he reads, in two queries."""
    writes, reviews, confirms, handled = _grounds(session, actor, row)
    back = session.scalar(
        select(Receipt).where(
            Receipt.reverses_id == row.id, Receipt.state != ReceiptState.WITHDRAWN
        )
    )

    def may(step: Step) -> bool:
        return (row.state, step) in MOVES

    decides = confirms if row.state is ReceiptState.REVIEWED else reviews
    confirmed = row.state is ReceiptState.CONFIRMED
    return Rights(
        give=writes and not confirmed and row.state is not ReceiptState.WITHDRAWN,
        correct=writes and may(Step.CORRECTED) and row.reverses_id is None,
        withdraw=writes and may(Step.WITHDRAWN),
        reverse=writes and confirmed and row.reverses_id is None and back is None,
        review=reviews and may(Step.REVIEWED),
        confirm=confirms and may(Step.CONFIRMED) and not handled,
        send_back=decides and may(Step.RETURNED),
        handled=confirms and may(Step.CONFIRMED) and handled,
        reversed_by=back,
    )


def may_report(session: Session, actor: Actor, project_id: int) -> bool:
    """Whether he reports money of a project."""
    if not actor.may(Permission.FUNDS_REPORT):
        return False
    return projects.may(session, projects.writable(actor), project_id)


def _grounds(session: Session, actor: Actor, row: Receipt) -> tuple[bool, bool, bool, bool]:
    """Whether he writes its project, reviews and confirms it, and did something to it before."""
    of_project = [
        select(func.count()).where(Project.id == row.project_id, condition).scalar_subquery()
        for condition in (
            projects.writable(actor),
            scope.reviewable(actor),
            scope.confirmable(actor),
        )
    ]
    did = exists(
        select(1).where(
            ReceiptStep.receipt_id == row.id,
            ReceiptStep.by_id == actor.id,
            ReceiptStep.step.in_(HANDLED),
        )
    )
    found = session.execute(select(*of_project, did)).one()
    writes, reviews, confirms, handled = (bool(found[place]) for place in range(4))
    return writes and actor.may(Permission.FUNDS_REPORT), reviews, confirms, handled
