"""Reviewing, confirming, returning: each step by somebody who may, none of it undone."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.core.actor import Actor
from crm.core.errors import Refused
from crm.core.versions import take
from crm.counting.rules.facts import ReceiptState
from crm.ledger.models import Receipt, ReceiptStep
from crm.ledger.operations.handing import hand, note
from crm.ledger.operations.reversing import YearGate
from crm.ledger.queries import scope
from crm.ledger.queries.lines import owed, papers_of
from crm.ledger.rules import HANDLED, MOVES, Paper, Step


def review(
    session: Session,
    actor: Actor,
    receipt_id: int,
    *,
    version: int | None = None,
    now: datetime,
) -> Receipt:
    """The district has checked it; owed papers may still come until it is confirmed."""
    (row,) = scope.locked(session, actor, [receipt_id], scope.reviewable)
    take(row, version)
    _review(session, actor, [row], now)
    return row


def review_several(
    session: Session, actor: Actor, receipt_ids: Collection[int], *, now: datetime
) -> list[Receipt]:
    """Review what was checked together: all of them or none."""
    rows = scope.locked(session, actor, receipt_ids, scope.reviewable)
    for row in rows:
        row.version += 1
    _review(session, actor, rows, now)
    return rows


def confirm(
    session: Session,
    actor: Actor,
    receipt_id: int,
    *,
    version: int | None = None,
    now: datetime,
) -> Receipt:
    """The city confirms it: from now on it counts, and is never edited.

    Raises:
        Refused: he reported, corrected or reviewed it; papers are owed; a reversal of a closed year.
    """
    (row,) = scope.locked(session, actor, [receipt_id], scope.confirmable)
    take(row, version)
    _confirm(session, actor, [row], now)
    return row


def confirm_several(
    session: Session, actor: Actor, receipt_ids: Collection[int], *, now: datetime
) -> list[Receipt]:
    """Confirm what was looked at together: all of them or none."""
    rows = scope.locked(session, actor, receipt_ids, scope.confirmable)
    for row in rows:
        row.version += 1
    _confirm(session, actor, rows, now)
    return rows


def send_back(
    session: Session,
    actor: Actor,
    receipt_id: int,
    *,
    reason: str,
    version: int | None = None,
    now: datetime,
) -> Receipt:
    """Return it for correction: a reported one by a reviewer, a reviewed one by the city.

    Raises:
        Refused: no reason was given, or it is confirmed.
    """
    (row,) = scope.locked(session, actor, [receipt_id], scope.readable)
    _check_move(row, Step.RETURNED)
    may = scope.confirmable if row.state is ReceiptState.REVIEWED else scope.reviewable
    (row,) = scope.locked(session, actor, [receipt_id], may)
    if not reason.strip():
        raise Refused(_("Say what is to be corrected."), "reason")
    take(row, version)
    row.state = MOVES[row.state, Step.RETURNED]
    note(session, actor, [row], Step.RETURNED, now=now, reason=reason)
    hand(session, actor, [row], now=now)
    return row


def _review(session: Session, actor: Actor, rows: list[Receipt], now: datetime) -> None:
    for row in rows:
        _check_move(row, Step.REVIEWED)
        row.state = MOVES[row.state, Step.REVIEWED]
        row.reviewed_by, row.reviewed_at = actor.id, now
    note(session, actor, rows, Step.REVIEWED, now=now)
    hand(session, actor, rows, now=now)


def _confirm(session: Session, actor: Actor, rows: list[Receipt], now: datetime) -> None:
    numbers = [row.id for row in rows]
    given = papers_of(session, numbers)
    handled = set(
        session.scalars(
            select(ReceiptStep.receipt_id).where(
                ReceiptStep.receipt_id.in_(numbers),
                ReceiptStep.by_id == actor.id,
                ReceiptStep.step.in_(HANDLED),
            )
        )
    )
    for row in rows:
        _check_confirmation(session, row, row.id in handled, given[row.id], now)
        row.state = MOVES[row.state, Step.CONFIRMED]
        row.confirmed_by, row.confirmed_at = actor.id, now
    note(session, actor, rows, Step.CONFIRMED, now=now)
    hand(session, actor, rows, now=now)


def _check_confirmation(
    session: Session, row: Receipt, handled: bool, given: set[Paper], now: datetime
) -> None:
    _check_move(row, Step.CONFIRMED)
    if handled:
        raise Refused(
            _("You reported or reviewed %(number)s. Somebody else confirms it.", number=row.number)
        )
    if owed(row, given):
        raise Refused(
            _(
                "Papers of %(number)s are owed. It is confirmed once they are here.",
                number=row.number,
            )
        )
    if row.reverses_id is not None:
        YearGate.check(session, row.arrived_on, now)


def _check_move(row: Receipt, step: Step) -> None:
    if (row.state, step) in MOVES:
        return
    if row.state is ReceiptState.CONFIRMED:
        raise Refused(_("%(number)s is confirmed. To change it, reverse it.", number=row.number))
    if step is Step.CONFIRMED:
        raise Refused(_("%(number)s awaits the district's review first.", number=row.number))
    raise Refused(_("%(number)s is not waiting for this.", number=row.number))
