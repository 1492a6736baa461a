"""Reversing what was confirmed: a receipt of its own takes it back, nothing is edited."""

from __future__ import annotations

from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.accounts.rules import Permission
from crm.core.actor import Actor
from crm.core.clock import day_of
from crm.core.errors import Forbidden, Refused
from crm.core.numbers import next_number
from crm.core.versions import VersionBehind
from crm.counting.queries.rules import in_force
from crm.counting.rules.facts import ReceiptState
from crm.ledger.models import Receipt
from crm.ledger.operations.handing import hand, note
from crm.ledger.queries import scope
from crm.ledger.rules import SERIES, Step, owed_until
from crm.projects.queries import scope as projects


def reverse(
    session: Session,
    actor: Actor,
    receipt_id: int,
    *,
    reason: str,
    version: int | None = None,
    now: datetime,
) -> Receipt:
    """Report what takes a confirmed receipt back: it is reviewed and confirmed like any other.

    It keeps the arrival day and is booked to the first open month of the same year.

    Raises:
        VersionBehind: it is not the version that was read; a confirmed one changes no more.
        Refused: it is not confirmed, is a reversal, is reversed already, or its year is closed.
    """
    if not actor.may(Permission.FUNDS_REPORT):
        raise Forbidden
    (row,) = scope.locked(session, actor, [receipt_id], projects.writable)
    if version is not None and row.version != version:
        raise VersionBehind
    if row.state is not ReceiptState.CONFIRMED:
        raise Refused(_("Only what is confirmed is reversed. Return or withdraw this one."))
    if row.reverses_id is not None:
        raise Refused(_("A reversal is not reversed. Report the money anew."))
    if not reason.strip():
        raise Refused(_("Say why it is reversed."), "reason")
    before = select(Receipt.number).where(
        Receipt.reverses_id == row.id, Receipt.state != ReceiptState.WITHDRAWN
    )
    if (number := session.scalar(before)) is not None:
        raise Refused(_("It is reversed already, by %(number)s.", number=number))
    if closed := YearGate.no(session, row.arrived_on, now):
        raise closed
    back = Receipt(
        number=next_number(session, SERIES, row.arrived_on.year),
        report_id=row.report_id,
        project_id=row.project_id,
        arrived_on=row.arrived_on,
        currency=row.currency,
        entered=-row.entered,
        rate=row.rate,
        rate_rule=row.rate_rule,
        amount=-row.amount,
        kind=row.kind,
        origin=row.origin,
        payer=row.payer,
        fiscal=row.fiscal,
        note=reason.strip(),
        state=ReceiptState.REPORTED,
        reported_by=actor.id or 0,
        reported_at=now,
        owed_until=owed_until(day_of(now)),
        reverses_id=row.id,
        demo_note=row.demo_note,
    )
    note(
        session,
        actor,
        [back],
        Step.REPORTED,
        now=now,
        reason=reason,
        action="receipt.reversed",
    )
    hand(session, actor, [back], now=now)
    return back


class YearGate:
    """A reversal needs its year open, or reopened."""

    @staticmethod
    def no(session: Session, arrived_on: date, now: datetime) -> Refused | None:
        """The no where the year is closed."""
        year, force = arrived_on.year, in_force(session)
        if not force.books.year_open(year, now, force.rules.of(year)):
            return Refused(
                _("%(year)s is closed. An administrator must reopen it first.", year=str(year))
            )
        return None
