"""Reviewing, confirming, returning: each step by somebody who may, none of it undone."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.core.actor import Actor
from crm.core.errors import Refused, RefusedTogether
from crm.core.versions import take
from crm.counting.rules.facts import ReceiptState
from crm.ledger.models import Receipt, ReceiptStep
from crm.ledger.operations.handing import hand, note
from crm.ledger.operations.reversing import YearGate
from crm.ledger.queries import scope
from crm.ledger.queries.lines import owed, papers_of
from crm.ledger.rules import HANDLED, MOVES, Paper, Step

Versions = Mapping[int, int | None]
"""Receipts by their numbers, each with the version that was looked at; None comes from no page."""


def review(session: Session, actor: Actor, receipt_id: int, *, now: datetime) -> Receipt:
    """The district has checked it; owed papers may still come until it is confirmed."""
    return review_several(session, actor, {receipt_id: None}, now=now)[0]


def review_several(
    session: Session, actor: Actor, looked_at: Versions | Collection[int], *, now: datetime
) -> list[Receipt]:
    """Review what was checked together: all of them or none.

    Raises:
        Refused: some changed since they were looked at, or do not wait for a review; each is named.
    """
    rows = _taken(session, actor, looked_at, scope.reviewable)
    _refuse([_wrong_step(row, Step.REVIEWED) for row in rows])
    for row in rows:
        row.state = MOVES[row.state, Step.REVIEWED]
        row.reviewed_by, row.reviewed_at = actor.id, now
    note(session, actor, rows, Step.REVIEWED, now=now)
    hand(session, actor, rows, now=now)
    return rows


def confirm(session: Session, actor: Actor, receipt_id: int, *, now: datetime) -> Receipt:
    """The city confirms it: from now on it counts, and is never edited."""
    return confirm_several(session, actor, {receipt_id: None}, now=now)[0]


def confirm_several(
    session: Session, actor: Actor, looked_at: Versions | Collection[int], *, now: datetime
) -> list[Receipt]:
    """Confirm what was looked at together: all of them or none.

    Raises:
        Refused: some changed since they were looked at, he reported, corrected or reviewed them, their
            papers are owed, or they reverse money of a closed year; each is named.
    """
    rows = _taken(session, actor, looked_at, scope.confirmable)
    numbers = [row.id for row in rows]
    given, handled = papers_of(session, numbers), _handled(session, actor, numbers)
    _refuse([_not_confirmed(session, row, row.id in handled, given[row.id], now) for row in rows])
    for row in rows:
        row.state = MOVES[row.state, Step.CONFIRMED]
        row.confirmed_by, row.confirmed_at = actor.id, now
    note(session, actor, rows, Step.CONFIRMED, now=now)
    hand(session, actor, rows, now=now)
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
    _refuse([_wrong_step(row, Step.RETURNED)])
    may = scope.confirmable if row.state is ReceiptState.REVIEWED else scope.reviewable
    (row,) = scope.locked(session, actor, [receipt_id], may)
    if not reason.strip():
        raise Refused(_("Say what is to be corrected."), "reason")
    take(row, version)
    row.state = MOVES[row.state, Step.RETURNED]
    note(session, actor, [row], Step.RETURNED, now=now, reason=reason)
    hand(session, actor, [row], now=now)
    return row


def _taken(
    session: Session,
    actor: Actor,
    looked_at: Versions | Collection[int],
    right: scope.Right,
) -> list[Receipt]:
    """The receipts, locked, each still as it was looked at; they count up to their next version."""
    if not isinstance(looked_at, Mapping):
        looked_at = dict.fromkeys(looked_at)
    rows = scope.locked(session, actor, looked_at.keys(), right)
    _refuse([_changed(row, looked_at[row.id]) for row in rows])
    for row in rows:
        row.version += 1
    return rows


def _handled(session: Session, actor: Actor, numbers: list[int]) -> set[int]:
    """Those that he reported, corrected or reviewed himself."""
    query = select(ReceiptStep.receipt_id).where(
        ReceiptStep.receipt_id.in_(numbers),
        ReceiptStep.by_id == actor.id,
        ReceiptStep.step.in_(HANDLED),
    )
    return set(session.scalars(query))


def _refuse(found: list[Refused | None]) -> None:
    """Say every no there is; nothing is written then."""
    noes = [one for one in found if one is not None]
    if noes:
        raise RefusedTogether(noes)


def _changed(row: Receipt, version: int | None) -> Refused | None:
    if version is None or row.version == version:
        return None
    return Refused(
        _("%(number)s was changed since you looked at it. Look at it again.", number=row.number)
    )


def _not_confirmed(
    session: Session, row: Receipt, handled: bool, given: set[Paper], now: datetime
) -> Refused | None:
    if wrong := _wrong_step(row, Step.CONFIRMED):
        return wrong
    if handled:
        return Refused(
            _("You reported or reviewed %(number)s. Somebody else confirms it.", number=row.number)
        )
    if owed(row, given):
        sentence = _(
            "Papers of %(number)s are owed. It is confirmed once they are here.", number=row.number
        )
        return Refused(sentence)
    if row.reverses_id is not None:
        return YearGate.no(session, row.arrived_on, now)
    return None


def _wrong_step(row: Receipt, step: Step) -> Refused | None:
    if (row.state, step) in MOVES:
        return None
    if row.state is ReceiptState.CONFIRMED:
        return Refused(_("%(number)s is confirmed. To change it, reverse it.", number=row.number))
    if step is Step.CONFIRMED:
        return Refused(_("%(number)s awaits the district's review first.", number=row.number))
    return Refused(_("%(number)s is not waiting for this.", number=row.number))
