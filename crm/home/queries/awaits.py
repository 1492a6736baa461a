"""What awaits a reviewer or manager: money to review and to confirm, starts to recognise."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from crm.accounts.rules import Permission
from crm.core.actor import Actor
from crm.counting.rules.goals import Sum
from crm.ledger.queries.lines import Queue, sums
from crm.projects.queries.listing import Progress, ProjectFilter, total


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
    """The queues as their own page counts them, and the starts as the project list does."""
    money = sums(session, actor)
    city = actor.may(Permission.FUNDS_CONFIRM) and _at_the_bureau(actor)
    return Awaits(
        review=money[Queue.REVIEW] if actor.may(Permission.FUNDS_REVIEW) else None,
        confirm=money[Queue.CONFIRM] if city else None,
        recognise=_starts(session, actor) if actor.may(Permission.RECOGNISE) else None,
    )


def _at_the_bureau(actor: Actor) -> bool:
    """Whether his unit is the root of the tree: the city's, who alone confirms money."""
    return actor.unit_path.strip("/").count("/") == 0


def _starts(session: Session, actor: Actor) -> Sum:
    """The rows of the project list under that filter, which the figure opens."""
    found = total(session, actor, ProjectFilter(progress=Progress.START_REPORTED))
    return Sum(found.count, found.agreed)
