"""Closing a meeting, deciding, and carrying a decision out."""

from __future__ import annotations

from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.accounts.models import Person
from crm.accounts.queries import in_scope
from crm.audit.operations import record, record_values
from crm.core.actor import Actor
from crm.core.clock import day_of
from crm.core.errors import Forbidden, Missing, Refused
from crm.core.versions import take
from crm.meeting.models import FOREVER, Decision, Meeting
from crm.meeting.queries.figures import figures, rows
from crm.meeting.queries.meetings import followed, holds
from crm.meeting.rules import frozen


def close(session: Session, actor: Actor, *, since: date, note: str = "", now: datetime) -> Meeting:
    """Freeze the figures from the evening of `since` to today, with the numbers of the leads behind them.

    Raises:
        Refused: it was closed today already, or looks back to no day before today.
    """
    if actor.id is None or actor.unit_id is None or not holds(actor):
        raise Forbidden
    held_on = day_of(now)
    if since >= held_on:
        raise Refused(_("A meeting looks back to a day before its own."), "since")
    known = select(Meeting.id).where(Meeting.unit_id == actor.unit_id, Meeting.held_on == held_on)
    if session.scalar(known) is not None:
        raise Refused(_("Today's meeting is closed already."))
    row = Meeting(
        unit_id=actor.unit_id,
        since=since,
        held_on=held_on,
        figures=frozen(figures(session, actor, since, held_on)),
        rows=rows(session, actor, since, held_on),
        note=note,
        closed_at=now,
        closed_by=actor.id,
    )
    session.add(row)
    session.flush()
    after = {"since": since.isoformat(), "held_on": held_on.isoformat()}
    record_values(session, actor, "meeting.closed", row, now=now, after=after)
    return row


def decide(
    session: Session, actor: Actor, *, text: str, owner_id: int, due_on: date, now: datetime
) -> Decision:
    """Write down what was decided: who does what by when.

    Raises:
        Refused: a day that is over, or somebody outside the unit.
    """
    if actor.id is None or actor.unit_id is None or not holds(actor):
        raise Forbidden
    if due_on < day_of(now):
        raise Refused(_("Choose today or a later day."), "due_on")
    owner = session.scalar(
        select(Person).where(Person.id == owner_id, Person.active, in_scope(actor))
    )
    if owner is None:
        raise Refused(_("Choose a colleague of your unit."), "owner_id")
    row = Decision(
        unit_id=actor.unit_id,
        text=text,
        owner_id=owner.id,
        due_on=due_on,
        decided_on=day_of(now),
        decided_by=actor.id,
    )
    record(session, actor, "decision.made", row, now=now)
    return row


def carry_out(
    session: Session, actor: Actor, decision_id: int, *, result: str = "", now: datetime
) -> Decision:
    """Say that a decision is carried out: its owner, or a manager of the unit.

    Raises:
        Missing: he may not know of it.
        Refused: it is done already.
    """
    row = session.scalar(
        select(Decision).where(Decision.id == decision_id, followed(actor)).with_for_update()
    )
    if row is None:
        raise Missing
    if row.done_on != FOREVER:
        raise Refused(_("This decision is carried out already."))
    take(row, None)
    row.done_on = day_of(now)
    row.result = result
    record(session, actor, "decision.carried_out", row, now=now)
    return row
