"""A letter on its way: taken in hand before the conversation, settled after it."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.accounts.rules import Permission
from crm.audit.operations import record
from crm.core.actor import Actor
from crm.core.errors import Forbidden, Missing, Refused
from crm.core.versions import take
from crm.notices.models import Letter
from crm.notices.rules import Answer, LetterState, after, lost


def claim(session: Session, sender: str, *, now: datetime) -> Letter | None:
    """Take the next letter in hand; None where none is due. Two senders never take the same one."""
    row = session.scalar(
        select(Letter)
        .where(Letter.state == LetterState.WAITING, Letter.next_try_at <= now)
        .order_by(Letter.next_try_at, Letter.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if row is not None:
        row.state, row.claimed_by, row.claimed_at = LetterState.SENDING, sender, now
        row.attempts += 1
        session.flush()
    return row


def settle(
    session: Session, letter_id: int, sender: str, answer: Answer, *, now: datetime
) -> Letter | None:
    """Write down how the conversation ended; None where the letter is no longer this sender's."""
    row = session.get(Letter, letter_id, with_for_update=True, populate_existing=True)
    if row is None or row.state is not LetterState.SENDING or row.claimed_by != sender:
        return None
    coming = after(answer.outcome, row.attempts, now)
    row.state, row.next_try_at = coming.state, coming.at
    row.answer, row.claimed_by = answer.text[:500], ""
    row.settled_at = None if coming.state is LetterState.WAITING else now
    session.flush()
    return row


def decide_doubtful(
    session: Session,
    actor: Actor,
    letter_id: int,
    *,
    arrived: bool,
    reason: str,
    version: int | None = None,
    now: datetime,
) -> Letter:
    """An administrator's word on a letter nobody knows the end of: it was sent, or send it again.

    Raises:
        Refused: it is not doubtful, or no reason is given.
    """
    row = _locked(session, actor, letter_id, reason)
    if row.state is not LetterState.DOUBTFUL and not lost(row.state, row.claimed_at, now):
        raise Refused(_("There is no doubt about this letter."))
    take(row, version)
    row.state = LetterState.SENT if arrived else LetterState.WAITING
    row.next_try_at, row.claimed_by = now, ""
    row.settled_at = now if arrived else None
    record(session, actor, "letter.decided", row, now=now, note=reason.strip())
    return row


def send_again(
    session: Session,
    actor: Actor,
    letter_id: int,
    *,
    reason: str,
    version: int | None = None,
    now: datetime,
) -> Letter:
    """Send a letter that was sent or given up once more, as the same message, for a reason.

    Raises:
        Refused: it is still on its way, was skipped, or no reason is given.
    """
    row = _locked(session, actor, letter_id, reason)
    if row.state not in (LetterState.SENT, LetterState.FAILED):
        raise Refused(_("Only a letter that was sent or given up can be sent again."))
    take(row, version)
    row.state, row.attempts, row.next_try_at, row.settled_at = LetterState.WAITING, 0, now, None
    record(session, actor, "letter.sent_again", row, now=now, note=reason.strip())
    return row


def _locked(session: Session, actor: Actor, letter_id: int, reason: str) -> Letter:
    if not actor.may(Permission.MAIL_MANAGE):
        raise Forbidden
    row = session.get(Letter, letter_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Missing
    if not reason.strip():
        raise Refused(_("Say why, for whoever asks later."), "reason")
    return row
