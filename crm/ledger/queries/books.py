"""The year's books: each month's state, what is booked and what waits in it; money that came too late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Select, cast, func, literal_column, select
from sqlalchemy.orm import Session, joinedload

from crm.core.actor import Actor
from crm.core.paging import Page, Sort, turn
from crm.counting.models import ALWAYS, BookEventRow, DecisionRow, Subject
from crm.counting.queries import figures
from crm.counting.queries.rules import MonthState, book_events, in_force, month_states
from crm.counting.rules.books import WHOLE_YEAR
from crm.counting.rules.decisions import Reason
from crm.counting.rules.facts import ReceiptState
from crm.counting.rules.goals import Sum
from crm.ledger.models import MonthlyReport, Receipt
from crm.ledger.queries.rows import Fold, in_order, without
from crm.ledger.queries.scope import readable
from crm.projects.models import Project
from crm.values.money import Money
from crm.values.period import BookingMonth, MonthKind, Year

LISTED: Any = literal_column(f"'{Reason.YEAR_CLOSED.value}'")
"""Written out, for only so do the databases take the index of late money."""

WAITING = frozenset({ReceiptState.REPORTED, ReceiptState.REVIEWED})
"""States of money that somebody has yet to look at; a returned line waits for its reporter."""


@dataclass(frozen=True)
class Month:
    """A booking month on the page of the books.

    Attributes:
        begun: its first day has come.
        event: what people did to it last, if anything.
        booked: what counts in it. waiting: reported or reviewed with a day of arrival in it.
    """

    state: MonthState
    begun: bool
    event: BookEventRow | None
    booked: Sum
    waiting: Sum


@dataclass(frozen=True)
class Book:
    """A year of booking months.

    Attributes:
        closes_on: the last day on which the year is open by itself.
        reopened: it is open after that day, by an administrator.
        events: all that people closed and reopened, latest first.
        late: confirmed too late for it, counted in no year.
    """

    year: int
    closes_on: date
    open: bool
    reopened: bool
    months: list[Month]
    events: list[BookEventRow]
    late: Sum

    @property
    def last_day(self) -> date:
        """The year's."""
        return Year(self.year).last_day

    @property
    def waiting(self) -> Sum:
        """What waits in all months."""
        return sum((month.waiting for month in self.months), Sum())


def book(session: Session, year: int, *, at: datetime, today: date) -> Book:
    """The year as it is at the instant. Counts and sums are the city's, and public."""
    now = in_force(session)
    rules = now.rules.of(year)
    events = book_events(session, year)
    last = {event.month: event for event in reversed(events)}
    booked = figures.by_booking_month(session, year)
    waiting = _waiting(session, year, rules.months)
    months = [
        Month(
            state,
            state.month.first_day <= today,
            last.get(state.month.month),
            booked[place],
            waiting[place],
        )
        for place, state in enumerate(month_states(session, year, at))
    ]
    is_open, closes_on = now.books.year_open(year, at, rules), rules.year_closes(year)
    return Book(
        year,
        closes_on,
        is_open,
        is_open and WHOLE_YEAR in last and today > closes_on,
        months,
        events,
        sum(_late_by_district(session, year).values(), Sum()),
    )


def years(session: Session, today: date) -> list[int]:
    """The years that have books, this one included, the latest first."""
    first: Any = select(func.min(MonthlyReport.year))
    return list(range(today.year, min(session.scalar(first) or today.year, today.year) - 1, -1))


def _waiting(session: Session, year: int, kind: MonthKind) -> list[Sum]:
    rows = session.execute(
        select(Receipt.arrived_on, func.count(), cast(func.sum(Receipt.amount), BigInteger))
        .where(
            Receipt.state.in_(WAITING),
            Receipt.arrived_on.between(Year(year).first_day, Year(year).last_day),
        )
        .group_by(Receipt.arrived_on)
    )
    months = [Sum() for _ in range(12)]
    for arrived, count, fen in rows:
        months[BookingMonth.of(arrived, kind).month - 1] += Sum(count, Money(fen))
    return months


# --- late money of closed years ------------------------------------------------------------------


@dataclass(frozen=True)
class Late:
    """Money listed in neither year: what the reader may read, the rest folded by district."""

    whole: Sum
    receipts: Page[Receipt]
    folds: list[Fold]


def late(
    session: Session,
    actor: Actor,
    year: int,
    *,
    after: str | None = None,
    before: str | None = None,
) -> Late:
    """What was confirmed after the year had closed, by day of arrival."""
    whole = _late_by_district(session, year)
    shown = (
        select(Receipt)
        .join(Receipt.project)
        .join(DecisionRow, DecisionRow.subject_id == Receipt.id)
        .where(*_is_late(year), readable(actor))
        .options(
            joinedload(Receipt.project).joinedload(Project.company),
            joinedload(Receipt.project).joinedload(Project.district),
            joinedload(Receipt.confirmer),
        )
    )
    sort = Sort(Receipt.arrived_on, Receipt.id)  # type: ignore[arg-type]
    found = turn(session, shown, sort, after=after, before=before)
    own = _by_district(session, _late(year).where(readable(actor)))
    return Late(sum(whole.values(), Sum()), found, in_order(session, without(whole, own)))


def _late_by_district(session: Session, year: int) -> dict[int, Sum]:
    return _by_district(session, _late(year))


def _late(year: int) -> Select[int, int, int]:
    return (
        select(Project.district_id, func.count(), cast(func.sum(DecisionRow.amount), BigInteger))
        .join(Project, Project.id == DecisionRow.project_id)
        .where(*_is_late(year))
        .group_by(Project.district_id)
    )


def _is_late(year: int) -> tuple[Any, ...]:
    return (
        DecisionRow.subject == Subject.RECEIPT,
        DecisionRow.reason == LISTED,
        DecisionRow.replaced_at == ALWAYS,
        DecisionRow.rules_of == year,
    )


def _by_district(session: Session, query: Select[int, int, int]) -> dict[int, Sum]:
    return {district: Sum(count, Money(fen)) for district, count, fen in session.execute(query)}
