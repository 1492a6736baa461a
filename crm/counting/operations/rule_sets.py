"""Rule sets: drafted, edited, published. A published version is never edited; a new one is drafted."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.accounts.rules import Permission
from crm.audit.operations import record, record_values
from crm.core.actor import Actor
from crm.core.errors import Forbidden, Missing, Refused
from crm.core.versions import take
from crm.counting.models import RuleSetVersion
from crm.counting.operations.deciding import redecide
from crm.counting.operations.holding import Hold
from crm.counting.rules.sets import RuleSet, parameters


def draft(
    session: Session, actor: Actor, *, year: int, rules: RuleSet, now: datetime, note: str = ""
) -> RuleSetVersion:
    """A new version of a year's rules, in force for nobody until it is published."""
    _check(actor)
    Hold.take(session)
    last = session.scalar(
        select(func.max(RuleSetVersion.number)).where(RuleSetVersion.year == year)
    )
    row = RuleSetVersion(
        year=year,
        number=(last or 0) + 1,
        parameters=parameters(rules),
        note=note,
        created_at=now,
        created_by=actor.id,
    )
    record(session, actor, "rule_set.drafted", row, now=now)
    return row


def edit_draft(
    session: Session,
    actor: Actor,
    rule_set_id: int,
    rules: RuleSet,
    *,
    note: str,
    version: int | None,
    now: datetime,
) -> RuleSetVersion:
    """Change a draft.

    Raises:
        Refused: it is published.
    """
    _check(actor)
    row = _draft(session, rule_set_id)
    take(row, version)
    row.parameters, row.note = parameters(rules), note
    record(session, actor, "rule_set.edited", row, now=now)
    return row


def discard(session: Session, actor: Actor, rule_set_id: int, *, now: datetime) -> int:
    """Throw a draft away; its number is given again. Returns the year.

    Raises:
        Refused: it is published.
    """
    _check(actor)
    row = _draft(session, rule_set_id)
    record_values(
        session,
        actor,
        "rule_set.discarded",
        row,
        now=now,
        before={"year": row.year, "number": row.number, "parameters": row.parameters},
    )
    session.delete(row)
    session.flush()
    return row.year


def publish(session: Session, actor: Actor, rule_set_id: int, *, now: datetime) -> int:
    """Put a draft in force and decide everything again: every reader switches at once.

    Returns:
        how many answers changed.

    Raises:
        Refused: it is published, or a newer version is.
    """
    _check(actor)
    Hold.take(session)
    row = _draft(session, rule_set_id)
    newer = session.scalar(
        select(func.count()).where(
            RuleSetVersion.year == row.year,
            RuleSetVersion.number > row.number,
            RuleSetVersion.published_at.is_not(None),
        )
    )
    if newer:
        raise Refused(_("A newer version is published. Draft a new one from it."))
    row.published_at, row.published_by = now, actor.id
    record(session, actor, "rule_set.published", row, now=now)
    return redecide(session, actor, now=now)


def _check(actor: Actor) -> None:
    if not actor.may(Permission.RULES_EDIT):
        raise Forbidden


def _draft(session: Session, rule_set_id: int) -> RuleSetVersion:
    row = session.get(RuleSetVersion, rule_set_id, with_for_update=True)
    if row is None:
        raise Missing
    if row.published_at is not None:
        raise Refused(_("This version is published and stays as it is. Draft a new one."))
    return row
