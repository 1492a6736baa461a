"""The rules and the books in force; rule-set versions. Read by everybody who is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from crm.accounts.queries import at_bureau
from crm.accounts.rules import Permission
from crm.catalog.queries import work_calendar
from crm.core.actor import Actor
from crm.core.errors import Missing
from crm.counting.models import BookEventRow, RuleSetVersion
from crm.counting.rules.books import BookEvent, Books
from crm.counting.rules.sets import Rules, rule_set
from crm.values.period import BookingMonth


@dataclass(frozen=True)
class InForce:
    """What decides now: the rules by year with their versions, and the books."""

    rules: Rules
    versions: dict[int, RuleSetVersion]
    books: Books

    def version(self, year: int) -> RuleSetVersion | None:
        """The version that a year goes by; None for the defaults."""
        source = self.rules.source(year)
        return None if source is None else self.versions[source]


def in_force(session: Session) -> InForce:
    """The published rule sets and the events of the books, in three small reads."""
    published = select(RuleSetVersion).where(RuleSetVersion.published_at.is_not(None))
    versions = {
        row.year: row
        for row in session.scalars(published.order_by(RuleSetVersion.year, RuleSetVersion.number))
    }
    rules = Rules({year: rule_set(row.parameters) for year, row in versions.items()})
    return InForce(rules, versions, books(session))


def books(session: Session) -> Books:
    """Working days, early closes and reopenings."""
    rows = session.scalars(select(BookEventRow).order_by(BookEventRow.at, BookEventRow.id))
    events = tuple(BookEvent(row.year, row.month, row.at, row.opens) for row in rows)
    return Books(work_calendar(session), events)


def rule_sets(session: Session, year: int | None = None) -> list[RuleSetVersion]:
    """The versions of a year, or of all, newest first, with who made and published them."""
    query = select(RuleSetVersion).options(
        joinedload(RuleSetVersion.creator), joinedload(RuleSetVersion.publisher)
    )
    if year is not None:
        query = query.where(RuleSetVersion.year == year)
    return list(
        session.scalars(query.order_by(RuleSetVersion.year.desc(), RuleSetVersion.number.desc()))
    )


def rule_set_version(session: Session, rule_set_id: int) -> RuleSetVersion:
    """One version. Missing if there is none."""
    found = session.get(RuleSetVersion, rule_set_id)
    if found is None:
        raise Missing
    return found


@dataclass(frozen=True)
class MonthState:
    """A booking month as it is at an instant."""

    month: BookingMonth
    closes_on: date
    open: bool


def month_states(session: Session, year: int, at: datetime) -> list[MonthState]:
    """The twelve months of a year: when each closes by itself, and whether it is open now."""
    now = in_force(session)
    rules = now.rules.of(year)
    return [
        MonthState(month, now.books.closes_on(month, rules), now.books.month_open(month, at, rules))
        for month in BookingMonth.of_year(year, rules.months)
    ]


def closed_months(session: Session, year: int, at: datetime) -> int:
    """How many months of the year are closed from January on, without a gap."""
    states = month_states(session, year, at)
    return next((place for place, state in enumerate(states) if state.open), len(states))


def keeps(session: Session, actor: Actor, permission: Permission) -> bool:
    """Whether he closes and reopens the city's months (BOOKS_CLOSE) or years (BOOKS_REOPEN)."""
    return actor.may(permission) and at_bureau(session, actor)


def book_events(session: Session, year: int) -> list[BookEventRow]:
    """What people closed and reopened in a year, latest first, with who did it."""
    query = select(BookEventRow).options(joinedload(BookEventRow.by))
    return list(
        session.scalars(
            query.where(BookEventRow.year == year).order_by(
                BookEventRow.at.desc(), BookEventRow.id.desc()
            )
        )
    )
