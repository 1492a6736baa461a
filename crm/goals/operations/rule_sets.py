"""A rule set is tried before it is published, and published on a trial that still holds."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from crm.accounts.rules import Permission
from crm.audit.operations import record_values
from crm.core import runs
from crm.core.actor import Actor
from crm.core.clock import day_of
from crm.core.errors import Forbidden, Refused
from crm.counting.models import RuleSetVersion
from crm.counting.operations import rule_sets
from crm.counting.operations.holding import Hold
from crm.counting.queries.rules import rule_set_version
from crm.goals.queries.trials import PUBLISH, TRY, last_trial


def ask_trial(session: Session, actor: Actor, rule_set_id: int, *, now: datetime) -> int:
    """Have a draft tried in the background. Returns the run's number.

    Raises:
        Refused: it is published: what it does can be seen everywhere.
    """
    row = _draft(session, actor, rule_set_id)
    arguments = {"rule_set": row.id}
    number = runs.enqueue(session, actor, TRY, arguments, now=now, key=str(row.id))
    record_values(session, actor, "rule_set.tried", row, now=now, after={"run": number})
    return number


def ask_publishing(session: Session, actor: Actor, rule_set_id: int, *, now: datetime) -> int:
    """Have a draft published in the background. Returns the run's number.

    Raises:
        Refused: it is published, or was not tried as it is, under the rules in force, today.
    """
    row = _draft(session, actor, rule_set_id)
    _check_trial(session, row, now)
    arguments = {"rule_set": row.id}
    number = runs.enqueue(session, actor, PUBLISH, arguments, now=now, key=str(row.id))
    record_values(session, actor, "rule_set.sent", row, now=now, after={"run": number})
    return number


def publish_tried(session: Session, actor: Actor, rule_set_id: int, *, now: datetime) -> int:
    """Publish a draft on its trial and decide everything again: all readers switch with the commit.

    Returns:
        how many answers changed.

    Raises:
        Refused: as `ask_publishing`, asked once more: meanwhile it may have been edited.
    """
    Hold.take(session)
    row = _draft(session, actor, rule_set_id)
    session.refresh(row, with_for_update=True)
    _check_trial(session, row, now)
    return rule_sets.publish(session, actor, rule_set_id, now=now)


def _draft(session: Session, actor: Actor, rule_set_id: int) -> RuleSetVersion:
    if not actor.may(Permission.RULES_EDIT):
        raise Forbidden
    row = rule_set_version(session, rule_set_id)
    if row.published_at is not None:
        raise Refused(_("This version is published and stays as it is. Draft a new one."))
    return row


def _check_trial(session: Session, row: RuleSetVersion, now: datetime) -> None:
    tried = last_trial(session, row, day_of(now))
    if tried is None or not tried.fresh:
        raise Refused(_("Try this version first: today, exactly as it is now."))
