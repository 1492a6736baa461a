"""Housekeeping of sign-ins, run by the scheduler."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, or_

from config import Config
from crm.accounts.models import Attempt, SignIn
from crm.core.database import Database

TRIES_KEPT = timedelta(days=1)
SIGN_INS_KEPT = timedelta(days=90)
"""How long one can look back at where one was signed in."""


def forget_sign_ins(database: Database, config: Config, now: datetime) -> None:
    """Drop tries at passwords that no longer count, and sign-ins that ended or went stale long ago."""
    with database.write("job") as session:
        session.execute(delete(Attempt).where(Attempt.last < now - TRIES_KEPT))
        before = now - SIGN_INS_KEPT
        session.execute(
            delete(SignIn).where(or_(SignIn.ended_at < before, SignIn.seen_at < before))
        )
