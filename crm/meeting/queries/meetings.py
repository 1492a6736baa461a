"""Meetings that one may read, and decisions that wait with somebody."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import Session, joinedload

from crm.accounts.queries import units_of
from crm.accounts.rules import Permission
from crm.core.actor import Actor
from crm.core.errors import Missing
from crm.meeting.models import FOREVER, Decision, Meeting

LATEST = 30


def holds(actor: Actor) -> bool:
    """Whether he runs a meeting: a manager, of his unit."""
    return actor.may(Permission.LEAD_WRITE_UNIT) and actor.unit_id is not None


def readable(actor: Actor) -> ColumnElement[bool]:
    """Meetings of his unit and below: their figures are those of a manager's scope."""
    return Meeting.unit_id.in_(units_of(actor)) if holds(actor) else false()


def meetings(session: Session, actor: Actor) -> list[Meeting]:
    """The latest closed ones."""
    return list(
        session.scalars(
            select(Meeting)
            .options(joinedload(Meeting.unit), joinedload(Meeting.closer))
            .where(readable(actor))
            .order_by(Meeting.held_on.desc(), Meeting.id.desc())
            .limit(LATEST)
        )
    )


def meeting(session: Session, actor: Actor, meeting_id: int) -> Meeting:
    """One closed meeting.

    Raises:
        Missing: there is none for this actor.
    """
    found = session.scalar(
        select(Meeting)
        .options(joinedload(Meeting.unit), joinedload(Meeting.closer))
        .where(Meeting.id == meeting_id, readable(actor))
    )
    if found is None:
        raise Missing
    return found


def last(session: Session, actor: Actor, before: date) -> Meeting | None:
    """The latest meeting of his own unit before a day."""
    return session.scalar(
        select(Meeting)
        .where(Meeting.unit_id == actor.unit_id, Meeting.held_on < before, readable(actor))
        .order_by(Meeting.held_on.desc())
        .limit(1)
    )


# --- decisions -----------------------------------------------------------------------------------


def followed(actor: Actor) -> ColumnElement[bool]:
    """Decisions that he may know of: his own; a manager those of his unit and below."""
    mine = Decision.owner_id == actor.id
    if not holds(actor):
        return mine
    return or_(mine, Decision.unit_id.in_(units_of(actor)))


def waiting(session: Session, actor: Actor, on: date) -> list[Decision]:
    """What he may know of and was not done on the evening of a day, the earliest due first."""
    stood = and_(Decision.decided_on <= on, Decision.done_on > on)
    return _decisions(session, and_(followed(actor), stood))


def mine(session: Session, actor: Actor) -> list[Decision]:
    """What waits with himself, the earliest due first."""
    return _decisions(session, and_(Decision.owner_id == actor.id, Decision.done_on == FOREVER))


def waiting_with(session: Session, owners: Collection[int]) -> dict[int, list[Decision]]:
    """What waits with each of many, the earliest due first; one query. For the composer of letters alone.

    A decision names no lead of its own: its words are what a manager wrote to its owner.
    """
    rows = session.scalars(
        select(Decision)
        .where(Decision.owner_id.in_(owners), Decision.done_on == FOREVER)
        .order_by(Decision.due_on, Decision.id)
    )
    found: dict[int, list[Decision]] = {}
    for row in rows:
        found.setdefault(row.owner_id, []).append(row)
    return found


def followed_since(session: Session, actor: Actor, since: date, on: date) -> list[Decision]:
    """What he may know of and is not done, or was carried out after `since`, up to a day."""
    done = and_(Decision.done_on > since, Decision.done_on <= on)
    return _decisions(session, and_(followed(actor), or_(Decision.done_on == FOREVER, done)))


def _decisions(session: Session, condition: ColumnElement[bool]) -> list[Decision]:
    return list(
        session.scalars(
            select(Decision)
            .options(joinedload(Decision.owner))
            .where(condition)
            .order_by(Decision.due_on, Decision.id)
            .limit(200)
        )
    )
