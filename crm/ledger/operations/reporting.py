"""Reporting money as lines of a project's monthly report, correcting what was returned, withdrawing it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from crm.accounts.rules import Permission
from crm.core.actor import Actor
from crm.core.clock import day_of
from crm.core.errors import Forbidden, Refused, RefusedTogether
from crm.core.numbers import next_numbers
from crm.core.versions import take
from crm.counting.operations.holding import Hold
from crm.counting.rules.facts import ReceiptState
from crm.ledger.models import MonthlyReport, Receipt
from crm.ledger.operations.checking import Desk, ReceiptDraft
from crm.ledger.operations.handing import hand, note
from crm.ledger.operations.papers import Bundle, Given, come_with
from crm.ledger.queries import scope
from crm.ledger.queries.lines import arrived
from crm.ledger.rules import HOME, MOVES, SERIES, Step, owed_until
from crm.projects.models import Project
from crm.projects.queries import scope as projects
from crm.values.money import Money
from crm.values.period import BookingMonth


@dataclass(frozen=True)
class ReportLine:
    """A line of a report with the papers that came with it; none: they are owed."""

    draft: ReceiptDraft
    papers: tuple[Given, ...] = ()


Line = tuple[Project, ReportLine]
"""A line, and the project that it belongs to."""


def report(
    session: Session, actor: Actor, project_id: int, draft: ReceiptDraft, *, now: datetime
) -> Receipt:
    """Report money that arrived: a report of one line, its papers owed."""
    return report_lines(session, actor, project_id, [ReportLine(draft)], now=now)[0]


def report_lines(
    session: Session,
    actor: Actor,
    project_id: int,
    lines: Sequence[ReportLine],
    *,
    now: datetime,
) -> list[Receipt]:
    """Report money that arrived for a project, line by line with its papers: all lines or none."""
    return report_projects(session, actor, {project_id: lines}, now=now)[project_id]


def report_projects(
    session: Session,
    actor: Actor,
    reports: Mapping[int, Sequence[ReportLine]],
    *,
    now: datetime,
) -> dict[int, list[Receipt]]:
    """Report the money of several projects, by their numbers, as a month's sheet does: all or none.

    A line stands in its project's report of its booking month, and is looked at beside the project's
    lines before it, as if they had been reported one after another.

    Raises:
        Refused: rules' noes and questions to answer first, each beside its line and field; lines are
            counted through all projects.
    """
    if not actor.may(Permission.FUNDS_REPORT):
        raise Forbidden
    owners = projects.locked_all(session, actor, reports)
    Hold.take(session)
    lines = [(project, line) for project in owners for line in reports[project.id]]
    amounts = _amounts(session, lines, now)
    monthly = _reports(session, actor, lines, now)
    numbers = _numbers(session, [line.draft.arrived_on.year for _project, line in lines])
    rows = [
        Receipt(
            number=number,
            report_id=report.id,
            project_id=project.id,
            state=ReceiptState.REPORTED,
            reported_by=actor.id or 0,
            reported_at=now,
            owed_until=owed_until(day_of(now)),
            demo_note=line.draft.demo_note,
            **_columns(line.draft, amount),
        )
        for (project, line), amount, report, number in zip(
            lines, amounts, monthly, numbers, strict=True
        )
    ]
    papers = [Bundle(line.papers).named() for _project, line in lines]
    note(session, actor, rows, Step.REPORTED, now=now, came_with=papers)
    given = [
        (row, paper) for row, (_p, line) in zip(rows, lines, strict=True) for paper in line.papers
    ]
    come_with(session, actor, given, now=now)
    hand(session, actor, rows, now=now)
    return {number: [row for row in rows if row.project_id == number] for number in reports}


def correct(
    session: Session,
    actor: Actor,
    receipt_id: int,
    line: ReportLine,
    *,
    version: int | None = None,
    now: datetime,
) -> Receipt:
    """Report a returned line again, corrected; papers may come with it.

    Raises:
        Refused: it was not returned, is a reversal, or a rule's no.
    """
    row = _mine(session, actor, receipt_id, Step.CORRECTED)
    if row.reverses_id is not None:
        raise Refused(_("A reversal is what it reverses. Withdraw it instead."))
    take(row, version)
    project, draft = scope.project_of(row), line.draft
    Hold.take(session)
    (amount,) = _amounts(session, [(project, line)], now, without=row.id)
    (report,) = _reports(session, actor, [(project, line)], now)
    row.report_id = report.id
    for name, value in _columns(draft, amount).items():
        setattr(row, name, value)
    row.state = MOVES[row.state, Step.CORRECTED]
    row.reported_by, row.reported_at = actor.id or 0, now
    row.reviewed_by = row.reviewed_at = None
    row.owed_until = owed_until(day_of(now))
    papers = Bundle(line.papers).named()
    note(session, actor, [row], Step.CORRECTED, now=now, came_with=[papers])
    come_with(session, actor, [(row, paper) for paper in line.papers], now=now)
    hand(session, actor, [row], now=now)
    return row


def withdraw(
    session: Session,
    actor: Actor,
    receipt_id: int,
    *,
    reason: str,
    version: int | None = None,
    now: datetime,
) -> Receipt:
    """Take back what was reported by mistake and is not reviewed; it stays on record."""
    row = _mine(session, actor, receipt_id, Step.WITHDRAWN)
    if not reason.strip():
        raise Refused(_("Say why it is withdrawn."), "reason")
    take(row, version)
    row.state = MOVES[row.state, Step.WITHDRAWN]
    note(session, actor, [row], Step.WITHDRAWN, now=now, reason=reason)
    hand(session, actor, [row], now=now)
    return row


def _mine(session: Session, actor: Actor, receipt_id: int, step: Step) -> Receipt:
    """A receipt of a project that he writes, in a state from which the step leads on."""
    if not actor.may(Permission.FUNDS_REPORT):
        raise Forbidden
    (row,) = scope.locked(session, actor, [receipt_id], projects.writable)
    if (row.state, step) not in MOVES:
        if step is Step.WITHDRAWN:
            raise Refused(_("It is reviewed already. Ask for its return, or reverse it."))
        raise Refused(_("Only a returned receipt is corrected."))
    return row


def _amounts(
    session: Session, lines: Sequence[Line], now: datetime, without: int | None = None
) -> list[Money]:
    """The amounts in yuan, once every rule is content with every line and every question answered."""
    so_far = arrived(session, {project.id for project, _line in lines}, without)
    amounts, refusals = [], []
    for place, (project, line) in enumerate(lines):
        desk = Desk(project, so_far[project.id], Hold.of(session), now)
        amount, noes = desk.look(line.draft)
        misfit = None if amount is None else Bundle(line.papers).misfit(line.draft.kind, amount)
        if misfit:
            noes = [*noes, misfit]
        refusals += [Refused(no.message, no.field, place) for no in noes]
        amounts.append(amount or Money(0))
    if refusals:
        raise RefusedTogether(refusals)
    return amounts


def _numbers(session: Session, years: Sequence[int]) -> list[str]:
    """The next number of each line's year, in the order of the lines."""
    series = {
        year: iter(next_numbers(session, SERIES, year, count))
        for year, count in sorted(Counter(years).items())
    }
    return [next(series[year]) for year in years]


def _reports(
    session: Session, actor: Actor, lines: Sequence[Line], now: datetime
) -> list[MonthlyReport]:
    """Each project's report of each line's booking month; opened with its first line."""
    rules = Hold.of(session).rules
    places = []
    for project, line in lines:
        day = line.draft.arrived_on
        month = BookingMonth.of(day, rules.of(day.year).months)
        places.append((project.id, month.year, month.month))
    columns = (MonthlyReport.project_id, MonthlyReport.year, MonthlyReport.month)
    known = {
        (row.project_id, row.year, row.month): row
        for row in session.scalars(
            select(MonthlyReport).where(tuple_(*columns).in_(sorted(set(places))))
        )
    }
    for project_id, year, month_number in sorted(set(places) - known.keys()):
        known[project_id, year, month_number] = MonthlyReport(
            project_id=project_id,
            year=year,
            month=month_number,
            opened_at=now,
            opened_by=actor.id or 0,
        )
        session.add(known[project_id, year, month_number])
    session.flush()
    return [known[place] for place in places]


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
