"""Reporting money, correcting what was returned, withdrawing it, reversing what was confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.accounts.rules import Permission
from crm.audit.operations import record
from crm.core.actor import Actor
from crm.core.clock import day_of
from crm.core.errors import Forbidden, Missing, Refused
from crm.core.numbers import next_number
from crm.core.versions import take
from crm.counting.queries.rules import in_force
from crm.counting.rules.facts import MoneyFrom, ReceiptState
from crm.leads.models import FOREVER
from crm.ledger.models import MonthlyReport, Receipt
from crm.ledger.operations.handing import Trail, hand
from crm.ledger.queries import lines, scope
from crm.ledger.rules import (
    HOME,
    MOVES,
    AmountFault,
    Price,
    ReceiptKind,
    Step,
    above_agreed,
    in_yuan,
    out_of_proportion,
    owed_until,
    price_fault,
)
from crm.projects.models import Project
from crm.projects.queries import scope as projects
from crm.values.money import Money
from crm.values.period import BookingMonth

SENTENCES: dict[AmountFault, tuple[str, Any]] = {
    AmountFault.NOT_POSITIVE: (
        "amount",
        _l("Money that arrived is more than nothing. To take a receipt back, reverse it."),
    ),
    AmountFault.NO_RATE: ("rate", _l("Enter the rate: yuan for one of this currency.")),
    AmountFault.NO_RATE_RULE: ("rate_rule", _l("Say which rate it is.")),
    AmountFault.RATE_AT_HOME: ("rate", _l("Yuan need no rate. Leave it empty.")),
    AmountFault.UNKNOWN_CURRENCY: ("currency", _l("Choose a currency of the list.")),
    AmountFault.FINER_THAN_CENT: ("amount", _l("Amounts have at most two decimals.")),
    AmountFault.RATE_TOO_FINE: ("rate", _l("Rates have at most six decimals.")),
    AmountFault.OUT_OF_RANGE: ("amount", _l("This amount is too large.")),
}


@dataclass(frozen=True)
class ReceiptDraft:
    """A line of a monthly report. Money of several origins is several lines.

    Attributes:
        why_late, why_above: said where its month is closed, where more arrived than was agreed.
        sure: the amount was looked at again, where it is out of proportion.
    """

    arrived_on: date
    price: Price
    kind: ReceiptKind
    origin: MoneyFrom
    payer: str
    fiscal: bool = False
    note: str = ""
    why_late: str = ""
    why_above: str = ""
    sure: bool = False


def report(
    session: Session, actor: Actor, project_id: int, draft: ReceiptDraft, *, now: datetime
) -> Receipt:
    """Report money that arrived, as a line of the project's report of that booking month.

    Raises:
        Refused: a rule's no, or a question to answer first, beside its field of the form.
    """
    if not actor.may(Permission.FUNDS_REPORT):
        raise Forbidden
    project = projects.locked(session, actor, project_id)
    amount = _checked(session, project, draft, now)
    row = Receipt(
        number=next_number(session, "DZ", draft.arrived_on.year),
        report_id=_report(session, actor, project, draft.arrived_on, now).id,
        project_id=project.id,
        state=ReceiptState.REPORTED,
        reported_by=actor.id or 0,
        reported_at=now,
        owed_until=owed_until(day_of(now)),
        **_columns(draft, amount),
    )
    record(session, actor, "receipt.reported", row, now=now, on=("project", project.id))
    Trail.add(session, actor, row, Step.REPORTED, now)
    hand(session, actor, [row], now=now)
    return row


def correct(
    session: Session,
    actor: Actor,
    receipt_id: int,
    draft: ReceiptDraft,
    *,
    version: int | None = None,
    now: datetime,
) -> Receipt:
    """Report a returned line again, corrected.

    Raises:
        Refused: it was not returned, is a reversal, or a rule's no.
    """
    row = _mine(session, actor, receipt_id, Step.CORRECTED)
    if row.reverses_id is not None:
        raise Refused(_("A reversal is what it reverses. Withdraw it instead."))
    take(row, version)
    project = scope.project_of(row)
    amount = _checked(session, project, draft, now, without=row.id)
    row.report_id = _report(session, actor, project, draft.arrived_on, now).id
    for name, value in _columns(draft, amount).items():
        setattr(row, name, value)
    row.state = MOVES[row.state, Step.CORRECTED]
    row.reported_by, row.reported_at = actor.id or 0, now
    row.reviewed_by = row.reviewed_at = None
    row.owed_until = owed_until(day_of(now))
    record(session, actor, "receipt.corrected", row, now=now, on=("project", project.id))
    Trail.add(session, actor, row, Step.CORRECTED, now)
    hand(session, actor, [row], now=now)
    return row


def withdraw(
    session: Session, actor: Actor, receipt_id: int, *, reason: str, now: datetime
) -> Receipt:
    """Take back what was reported by mistake and is not reviewed; it stays on record."""
    row = _mine(session, actor, receipt_id, Step.WITHDRAWN)
    if not reason.strip():
        raise Refused(_("Say why it is withdrawn."), "reason")
    row.state = MOVES[row.state, Step.WITHDRAWN]
    row.version += 1
    record(
        session,
        actor,
        "receipt.withdrawn",
        row,
        now=now,
        on=("project", row.project_id),
        note=reason,
    )
    Trail.add(session, actor, row, Step.WITHDRAWN, now, reason.strip())
    hand(session, actor, [row], now=now)
    return row


def reverse(
    session: Session, actor: Actor, receipt_id: int, *, reason: str, now: datetime
) -> Receipt:
    """Report what takes a confirmed receipt back: it is reviewed and confirmed like any other.

    It keeps the arrival day and is booked to the first open month of the same year.

    Raises:
        Refused: it is not confirmed, is a reversal, is reversed already, or its year is closed.
    """
    if not actor.may(Permission.FUNDS_REPORT):
        raise Forbidden
    (row,) = scope.locked(session, actor, [receipt_id], projects.writable(actor))
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
    YearGate.check(session, row.arrived_on, now)
    back = Receipt(
        number=next_number(session, "DZ", row.arrived_on.year),
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
    )
    record(
        session,
        actor,
        "receipt.reversed",
        back,
        now=now,
        on=("project", row.project_id),
        note=reason.strip(),
    )
    Trail.add(session, actor, back, Step.REPORTED, now, reason.strip())
    hand(session, actor, [back], now=now)
    return back


class YearGate:
    """A reversal needs its year open, or reopened."""

    @staticmethod
    def check(session: Session, arrived_on: date, now: datetime) -> None:
        """Refused where the year is closed."""
        year, force = arrived_on.year, in_force(session)
        if not force.books.year_open(year, now, force.rules.of(year)):
            raise Refused(
                _("%(year)s is closed. An administrator must reopen it first.", year=str(year))
            )


def _mine(session: Session, actor: Actor, receipt_id: int, step: Step) -> Receipt:
    """A receipt of a project that he writes, in a state from which the step leads on."""
    if not actor.may(Permission.FUNDS_REPORT):
        raise Forbidden
    (row,) = scope.locked(session, actor, [receipt_id], projects.writable(actor))
    if (row.state, step) not in MOVES:
        if step is Step.WITHDRAWN:
            raise Refused(_("It is reviewed already. Ask for its return, or reverse it."))
        raise Refused(_("Only a returned receipt is corrected."))
    return row


def _columns(draft: ReceiptDraft, amount: Money) -> dict[str, Any]:
    return {
        "arrived_on": draft.arrived_on,
        "currency": draft.price.currency,
        "entered": draft.price.amount,
        "rate": draft.price.rate,
        "rate_rule": draft.price.rate_rule if draft.price.currency != HOME else None,
        "amount": amount,
        "kind": draft.kind,
        "origin": draft.origin,
        "payer": draft.payer.strip(),
        "fiscal": draft.fiscal,
        "note": draft.note,
        "why_late": draft.why_late.strip(),
        "why_above": draft.why_above.strip(),
        "sure": draft.sure,
    }


def _checked(
    session: Session,
    project: Project,
    draft: ReceiptDraft,
    now: datetime,
    without: int | None = None,
) -> Money:
    """The amount in yuan, once every rule is content and every question answered."""
    if fault := price_fault(draft.price):
        field, sentence = SENTENCES[fault]
        raise Refused(sentence, field)
    if draft.arrived_on > day_of(now):
        raise Refused(_("This day is still to come."), "arrived_on")
    if project.terminated_on != FOREVER and draft.arrived_on > project.terminated_on:
        raise Refused(_("The project was terminated before this day."), "arrived_on")
    if not draft.payer.strip():
        raise Refused(_("Name who paid."), "payer")
    _ask_late(session, draft, now)
    amount = in_yuan(draft.price)
    so_far = lines.arrived(session, project.id, without)
    if not draft.sure and out_of_proportion(amount, so_far.amounts):
        raise Refused(
            _(
                "This is some 10,000 times off the project's other receipts. Is it 万元 or 亿元? "
                "Check it, or say that you are sure."
            ),
            "sure",
        )
    if above_agreed(project.agreed, so_far.total, amount) and not draft.why_above.strip():
        raise Refused(_("With this, more arrived than was agreed. Say why."), "why_above")
    return amount


def _ask_late(session: Session, draft: ReceiptDraft, now: datetime) -> None:
    """Money of a closed month is booked later: the officer knows, and says why it comes late."""
    year, force = draft.arrived_on.year, in_force(session)
    rules = force.rules.of(year)
    month = BookingMonth.of(draft.arrived_on, rules.months)
    if draft.why_late.strip() or force.books.month_open(month, now, rules):
        return
    if not force.books.year_open(year, now, rules):
        raise Refused(
            _(
                "%(year)s is closed: this money will be listed and count in neither year. Say why it "
                "comes late.",
                year=str(year),
            ),
            "why_late",
        )
    raise Refused(
        _("%(month)s is closed: it will be booked later, as 补报. Say why.", month=str(month)),
        "why_late",
    )


def _report(
    session: Session, actor: Actor, project: Project, day: date, now: datetime
) -> MonthlyReport:
    """The project's report of the booking month; opened with its first line."""
    rules = in_force(session).rules.of(day.year)
    month = BookingMonth.of(day, rules.months)
    found = session.scalar(
        select(MonthlyReport).where(
            MonthlyReport.project_id == project.id,
            MonthlyReport.year == month.year,
            MonthlyReport.month == month.month,
        )
    )
    if found is None:
        if actor.id is None:
            raise Missing
        found = MonthlyReport(
            project_id=project.id,
            year=month.year,
            month=month.month,
            opened_at=now,
            opened_by=actor.id,
        )
        session.add(found)
        session.flush()
    return found
