"""Closing a month early, reopening a month or a year: each with its reason, none undone, only followed.

Months are the bureau's manager's: who may close one early may take it back. Years are the administrator's.
Everything else is Forbidden.
"""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.accounts.rules import Permission
from crm.audit.operations import record
from crm.core.actor import Actor
from crm.core.clock import day_of
from crm.core.errors import Forbidden, Refused
from crm.counting.models import ALWAYS, BookEventRow, DecisionRow, Subject
from crm.counting.operations.deciding import redecide
from crm.counting.operations.holding import Hold
from crm.counting.queries.rules import keeps
from crm.counting.rules.books import DECEMBER, WHOLE_YEAR, Books
from crm.counting.rules.decisions import Reason
from crm.counting.rules.sets import RuleSet
from crm.values.period import BookingMonth


def close_month(
    session: Session, actor: Actor, year: int, month: int, *, reason: str, now: datetime
) -> BookEventRow:
    """Close a month before its day: what is confirmed from now on is booked to the next open one.

    Raises:
        Refused: December (it closes with the year), a month closed already or not begun.
    """
    _may(session, actor, Permission.BOOKS_CLOSE)
    rules, books = _state(session, year)
    booking = BookingMonth(year, month, rules.months)
    if month == DECEMBER:
        raise Refused(_("December closes with the year; it cannot be closed by itself."))
    if not books.month_open(booking, now, rules):
        raise Refused(_("This month is closed already."))
    if booking.first_day > day_of(now):
        raise Refused(_("This month has not begun yet."))
    return _note(session, actor, "month.closed", year, month, False, reason, now)


def reopen_month(
    session: Session, actor: Actor, year: int, month: int, *, reason: str, now: datetime
) -> BookEventRow:
    """Let a closed month of an open year take receipts again, marked 补报.

    Raises:
        Refused: it is open, or its year is closed.
    """
    _may(session, actor, Permission.BOOKS_CLOSE)
    rules, books = _state(session, year)
    if not books.year_open(year, now, rules):
        raise Refused(_("The year is closed. Reopen the year first."))
    if books.month_open(BookingMonth(year, month, rules.months), now, rules):
        raise Refused(_("This month is open."))
    return _note(session, actor, "month.reopened", year, month, True, reason, now)


def reopen_year(
    session: Session, actor: Actor, year: int, *, reason: str, now: datetime
) -> BookEventRow:
    """Let a closed year take money again: what was listed since its close counts now, marked 补报.

    Raises:
        Refused: the year is open.
    """
    _may(session, actor, Permission.BOOKS_REOPEN)
    rules, books = _state(session, year)
    if books.year_open(year, now, rules):
        raise Refused(_("This year is open."))
    row = _note(session, actor, "year.reopened", year, WHOLE_YEAR, True, reason, now)
    listed = select(DecisionRow.subject_id).where(
        DecisionRow.subject == Subject.RECEIPT,
        DecisionRow.reason == Reason.YEAR_CLOSED,
        DecisionRow.rules_of == year,
        DecisionRow.replaced_at == ALWAYS,
    )
    redecide(session, actor, now=now, receipts=list(session.scalars(listed)))
    return row


def close_year_again(
    session: Session, actor: Actor, year: int, *, reason: str, now: datetime
) -> BookEventRow:
    """End a year's reopening; what counted by it stays.

    Raises:
        Refused: the year is not reopened; by itself it closes on its day.
    """
    _may(session, actor, Permission.BOOKS_REOPEN)
    rules, books = _state(session, year)
    if not books.year_open(year, now, rules) or day_of(now) <= rules.year_closes(year):
        raise Refused(_("Only a reopened year can be closed by hand."))
    return _note(session, actor, "year.closed", year, WHOLE_YEAR, False, reason, now)


def _may(session: Session, actor: Actor, permission: Permission) -> None:
    if not keeps(session, actor, permission):
        raise Forbidden


def _state(session: Session, year: int) -> tuple[RuleSet, Books]:
    Hold.take(session)
    now = Hold.of(session)
    return now.rules.of(year), now.books


def _note(
    session: Session,
    actor: Actor,
    action: str,
    year: int,
    month: int,
    opens: bool,
    reason: str,
    now: datetime,
) -> BookEventRow:
    if not reason.strip():
        raise Refused(_("Say why, for whoever asks later."), field="reason")
    row = BookEventRow(
        year=year, month=month, opens=opens, at=now, by_id=actor.id, reason=reason.strip()
    )
    record(session, actor, action, row, now=now, on=("books", year), note=row.reason)
    Hold.renew(session)
    return row
