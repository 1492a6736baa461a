"""A lead's dated history, read. The caller has checked that the reader may see the lead."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, or_, select
from sqlalchemy.orm import Session, joinedload

from crm.companies.rules import Position
from crm.leads.models import Appraisal, Lead, LeadEvent, LeadState
from crm.leads.rules.history import (
    DATED,
    Happening,
    Placed,
    Segment,
    State,
    on_day,
    stage_after,
)
from crm.leads.rules.kinds import AppraisalKind, Stage, Standing, Verdict
from crm.leads.rules.moves import Facts
from crm.values.money import Money

_READ: dict[str, Callable[[Any], Any]] = {
    "stage": Stage,
    "standing": Standing,
    "amount": Money,
    "position": Position,
}


def happenings(session: Session, lead_id: int, *, by: datetime | None = None) -> list[Happening]:
    """What the lead's events changed, in the order in which they were recorded.

    Args:
        by: only what was recorded up to this moment.
    """
    query = _HAPPENINGS if by is None else _HAPPENINGS.where(LeadEvent.recorded_at <= by)
    rows = session.execute(query, {"lead_id": lead_id})
    return [Happening(day, _values(changes)) for day, changes in rows]


_HAPPENINGS = (
    select(LeadEvent.day, LeadEvent.changes)
    .where(LeadEvent.lead_id == bindparam("lead_id"))
    .order_by(LeadEvent.id)
)


def _values(changes: dict[str, list[Any]]) -> dict[str, Any]:
    return {
        name: None if after is None else _READ.get(name, int)(after)
        for name, (_before, after) in changes.items()
        if name in DATED
    }


def states(session: Session, lead_id: int, *, by: datetime | None = None) -> list[LeadState]:
    """The dated states as known today, or as they were known at a moment, by day."""
    query = select(LeadState).where(LeadState.lead_id == lead_id, as_known(by))
    return list(session.scalars(query.order_by(LeadState.day_from)))


def as_known(by: datetime | None) -> ColumnElement[bool]:
    """Which states were known at a moment; None: the ones that hold now."""
    if by is None:
        return LeadState.current.expression
    living = or_(LeadState.superseded_at.is_(None), LeadState.superseded_at > by)
    return (LeadState.recorded_at <= by) & living


def segments(session: Session, lead_id: int, *, by: datetime | None = None) -> list[Segment]:
    """The states as values of the rules."""
    if by is None:
        return [one.segment for one in standing(session, lead_id).values()]
    return [segment_of(row) for row in states(session, lead_id, by=by)]


def standing(session: Session, lead_id: int) -> dict[int, Placed]:
    """The states that hold now, each with its place, by their numbers, in the order of their days."""
    rows = session.execute(_STANDING, {"lead_id": lead_id})
    return {row.id: placed_of(row) for row in rows}


_STANDING = (
    select(
        LeadState.id,
        LeadState.day_from,
        LeadState.day_until,
        LeadState.staged_from,
        LeadState.stage_next,
        *(getattr(LeadState, name) for name in DATED),
    )
    .where(LeadState.lead_id == bindparam("lead_id"), LeadState.current.is_(True))
    .order_by(LeadState.day_from)
)


def segment_of(row: Any) -> Segment:
    """One state as a value of the rules."""
    state = State(**{name: getattr(row, name) for name in DATED})
    return Segment(row.day_from, row.day_until, state)


def placed_of(row: Any) -> Placed:
    """One state with its place in the history."""
    return Placed(segment_of(row), row.staged_from, row.stage_next)


def events(session: Session, lead_id: int) -> list[LeadEvent]:
    """What happened to a lead, the latest day first, with who said so and why."""
    return list(
        session.scalars(
            select(LeadEvent)
            .options(joinedload(LeadEvent.person), joinedload(LeadEvent.reason))
            .where(LeadEvent.lead_id == lead_id)
            .order_by(LeadEvent.day.desc(), LeadEvent.id.desc())
        )
    )


def review(session: Session, lead_id: int, day: date) -> Verdict | None:
    """What the latest project review up to a day says; None without one."""
    return session.scalar(
        select(Appraisal.verdict)
        .where(
            Appraisal.lead_id == lead_id,
            Appraisal.kind == AppraisalKind.REVIEW,
            Appraisal.decided_on <= day,
        )
        .order_by(Appraisal.decided_on.desc(), Appraisal.id.desc())
        .limit(1)
    )


def facts(session: Session, lead: Lead, day: date, today: date, *, reviewed: bool = True) -> Facts:
    """What the rules ask of a lead as it stood on a day; a wrong day is judged by today's state.

    Args:
        reviewed: whether the rules will ask for the project review.

    Reads beside what the caller has set in the lead, and flushes nothing of it.
    """
    with session.no_autoflush:
        told = segments(session, lead.id)
        verdict = review(session, lead.id, day) if reviewed else None
    judged = day if lead.entered_on <= day <= today else today
    state = on_day(told, judged)
    return Facts(
        entered_on=lead.entered_on,
        today=today,
        stage=state.stage,
        standing=state.standing,
        investor=lead.company_id is not None,
        review=verdict,
        later_stage=stage_after(told, judged),
    )
