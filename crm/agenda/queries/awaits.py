"""What awaits a reviewer or manager: money to review and to confirm, starts to recognise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from crm.accounts.models import Unit
from crm.accounts.rules import Permission
from crm.agenda.rules import Ground, Reader, covers, knows
from crm.catalog.models import District
from crm.core.actor import Actor
from crm.counting.rules.facts import ReceiptState
from crm.counting.rules.goals import Sum
from crm.ledger.models import Receipt, ReceiptStep
from crm.ledger.queries.lines import Queue, his, sums
from crm.ledger.rules import HANDLED
from crm.projects.models import Project
from crm.projects.queries.listing import Progress, ProjectFilter, progress_condition, total
from crm.projects.queries.scope import secret
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
    """The queues as their own page counts them, and the starts as the project list does."""
    money = sums(session, actor)
    return Awaits(
        review=money[Queue.REVIEW] if his(actor, Queue.REVIEW) else None,
        confirm=money[Queue.CONFIRM] if confirms(actor) else None,
        recognise=_starts(session, actor) if actor.may(Permission.RECOGNISE) else None,
    )


def confirms(actor: Actor) -> bool:
    """Whether he confirms money: his unit is the root of the tree, the city's, and his role does."""
    return his(actor, Queue.CONFIRM)


def _starts(session: Session, actor: Actor) -> Sum:
    """The rows of the project list under that filter, which the figure opens."""
    found = total(session, actor, ProjectFilter(progress=Progress.START_REPORTED))
    return Sum(found.count, found.agreed)


# --- for everybody at once ---------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """Something that waits to be judged: of which project, how much, who had it in hand already."""

    ground: Ground
    amount: Money
    handled: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Docket:
    """Everything in the city that waits to be judged."""

    review: Sequence[Case]
    confirm: Sequence[Case]
    recognise: Sequence[Case]

    def of(self, actor: Actor, reader: Reader) -> Awaits:
        """His piles, as `awaits` reads them one by one."""

        def sees(case: Case) -> bool:
            return reader.projects and knows(reader, case.ground)

        def judges(case: Case) -> bool:
            return sees(case) and covers(reader, case.ground) and actor.id not in case.handled

        return Awaits(
            review=_pile(self.review, judges) if his(actor, Queue.REVIEW) else None,
            confirm=_pile(self.confirm, judges) if confirms(actor) else None,
            recognise=_pile(self.recognise, sees) if actor.may(Permission.RECOGNISE) else None,
        )


def docket(session: Session) -> Docket:
    """All of it, in three queries. For the composer of letters alone."""
    landing = aliased(Unit)
    seen_by = (
        Project.owner_id, Unit.path, func.coalesce(landing.path, ""), secret(), Project.lead_id
    )  # fmt: skip
    joined = (
        select(Receipt.id, Receipt.state, Receipt.amount, *seen_by)
        .join(Project, Project.id == Receipt.project_id)
        .join(Unit, Unit.id == Project.unit_id)
        .join(District, District.id == Project.district_id)
        .outerjoin(landing, landing.id == District.unit_id)
    )
    open_states = (ReceiptState.REPORTED, ReceiptState.REVIEWED)
    receipts = session.execute(joined.where(Receipt.state.in_(open_states))).all()
    hands: dict[int, set[int]] = defaultdict(set)
    steps = (
        select(ReceiptStep.receipt_id, ReceiptStep.by_id)
        .join(Receipt, Receipt.id == ReceiptStep.receipt_id)
        .where(Receipt.state == ReceiptState.REVIEWED, ReceiptStep.step.in_(HANDLED))
    )
    for receipt_id, by_id in session.execute(steps):
        hands[receipt_id].add(by_id)
    starts = session.execute(
        select(Project.agreed, *seen_by)
        .join(Unit, Unit.id == Project.unit_id)
        .join(District, District.id == Project.district_id)
        .outerjoin(landing, landing.id == District.unit_id)
        .where(progress_condition(Progress.START_REPORTED))
    )
    piles: dict[ReceiptState, list[Case]] = {state: [] for state in open_states}
    for number, state, amount, *ground in receipts:
        where = Ground(*cast(Any, ground))
        piles[state].append(Case(where, amount, frozenset(hands.get(number, ()))))
    return Docket(
        piles[ReceiptState.REPORTED],
        piles[ReceiptState.REVIEWED],
        [Case(Ground(*cast(Any, ground)), agreed) for agreed, *ground in starts],
    )


def _pile(cases: Iterable[Case], mine: Callable[[Case], bool]) -> Sum:
    found = [case.amount for case in cases if mine(case)]
    return Sum(len(found), Money(sum(amount.fen for amount in found)))
