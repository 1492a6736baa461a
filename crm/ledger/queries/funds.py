"""A project's money: month by month, what it comes to, and what each receipt still needs."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from crm.core.actor import Actor
from crm.counting.models import DecisionRow, Subject
from crm.counting.queries import stored
from crm.counting.rules.decisions import Verdict
from crm.counting.rules.facts import ReceiptState
from crm.ledger.models import Receipt
from crm.ledger.queries import scope
from crm.ledger.queries.lines import GONE, given, owed
from crm.ledger.rules import Paper, ReceiptKind
from crm.projects.models import PlannedFunds, Project
from crm.values.money import Money
from crm.values.rate import percent

SETTLED = frozenset({ReceiptState.CONFIRMED, ReceiptState.WITHDRAWN})
"""States in which no paper is owed any more."""


@dataclass(frozen=True)
class Line:
    """A receipt on the project's page.

    Attributes:
        lacking: what each alternative of its papers still lacks; () where nothing is owed.
        days: left until its papers are late, negative after that.
    """

    row: Receipt
    decision: DecisionRow | None
    lacking: tuple[tuple[Paper, ...], ...]
    days: int

    @property
    def counts(self) -> bool:
        """Whether it is in the figures."""
        return self.decision is not None and self.decision.verdict is Verdict.COUNTS

    @property
    def month(self) -> tuple[int, int]:
        """Where it is booked; until it is, the month of its arrival."""
        booked = self.decision
        if booked is not None and booked.year is not None and booked.month is not None:
            return booked.year, booked.month
        return self.row.report.year, self.row.report.month


@dataclass(frozen=True)
class Month:
    """A booking month with its lines.

    Attributes:
        arrived: reported, reviewed or confirmed, reversals taken off. counted: what is in the figures.
        cumulative: what arrived up to its end, of all years.
    """

    year: int
    month: int
    lines: list[Line]
    arrived: Money
    counted: Money
    cumulative: Money

    @property
    def kinds(self) -> list[ReceiptKind]:
        """What the money is for, in the order of the list."""
        found = {line.row.kind for line in self.lines if line.row.state not in GONE}
        return [kind for kind in ReceiptKind if kind in found]

    @property
    def waiting(self) -> int:
        """Lines that somebody has yet to act on."""
        return sum(line.row.state not in SETTLED for line in self.lines)


@dataclass(frozen=True)
class Funds:
    """All money of a project, the latest month first.

    Attributes:
        planned: for the year of the day; None is 待定.
    """

    months: list[Month]
    agreed: Money
    planned: Money | None
    arrived: Money
    counted: Money

    @property
    def in_place(self) -> str:
        """资金到位率: what counts of what was agreed."""
        return percent(self.counted.fen, self.agreed.fen)

    @property
    def owing(self) -> list[Line]:
        """Lines that owe papers, the most urgent first."""
        lines = [line for month in self.months for line in month.lines if line.lacking]
        return sorted(lines, key=lambda line: line.days)


def funds(session: Session, actor: Actor, project: Project, today: date) -> Funds:
    """What a project that he reads has received, in five reads."""
    rows = session.scalars(
        scope.readable_receipts(actor)
        .where(Receipt.project_id == project.id)
        .options(
            joinedload(Receipt.report),
            joinedload(Receipt.reporter),
            joinedload(Receipt.reverses),
            selectinload(Receipt.papers),
        )
        .order_by(Receipt.arrived_on, Receipt.id)
    ).all()
    decisions = stored.decisions(session, Subject.RECEIPT, [row.id for row in rows])
    lines = [line(row, decisions.get(row.id), today) for row in rows]
    months = _months(lines)
    planned = session.scalar(
        select(PlannedFunds.amount).where(
            PlannedFunds.project_id == project.id, PlannedFunds.year == today.year
        )
    )
    return Funds(
        months,
        project.agreed,
        planned,
        sum((month.arrived for month in months), Money(0)),
        sum((month.counted for month in months), Money(0)),
    )


def line(row: Receipt, decision: DecisionRow | None, today: date) -> Line:
    """A receipt, its papers loaded, as a page tells it."""
    lacking = () if row.state in SETTLED else owed(row, given(row))
    return Line(row, decision, lacking, (row.owed_until - today).days)


def payers(session: Session, project: Project) -> list[str]:
    """Who paid before, and who signed: what the form offers while a name is typed."""
    paid = session.scalars(
        select(Receipt.payer).where(Receipt.project_id == project.id).distinct().limit(50)
    )
    return sorted({*paid, project.signing_party})


def _months(lines: list[Line]) -> list[Month]:
    """By booking month, the latest first; each adds to what came before it."""
    grouped: dict[tuple[int, int], list[Line]] = defaultdict(list)
    for one in lines:
        grouped[one.month].append(one)
    found, cumulative = [], Money(0)
    for (year, month), some in sorted(grouped.items()):
        arrived = sum((one.row.amount for one in some if one.row.state not in GONE), Money(0))
        counted = sum((one.row.amount for one in some if one.counts), Money(0))
        cumulative += arrived
        found.append(Month(year, month, some, arrived, counted, cumulative))
    return found[::-1]
