"""The one place where a lead's events and dated states are written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from crm.audit.operations import record
from crm.core.actor import Actor
from crm.core.database import Base
from crm.leads.models import Lead, LeadEvent, LeadState
from crm.leads.queries.history import happenings, standing
from crm.leads.rules.history import (
    DATED,
    Happening,
    Placed,
    Segment,
    first_reached,
    fold,
    moved_on,
    placed,
    staged_from,
    state_on,
)
from crm.leads.rules.kinds import EventKind, Stage
from crm.values.money import Money

COLUMNS = {"amount": "amount_low"}
"""Where a dated dimension has another name in the lead's own row."""

FIRSTS = {
    Stage.CONTACTED: "contacted_first",
    Stage.NEGOTIATING: "negotiating_first",
    Stage.DRAFTED: "drafted_first",
    Stage.SIGNED: "signed_first",
}


def begin(
    session: Session, actor: Actor, lead: Lead, *, person_id: int, now: datetime, note: str = ""
) -> None:
    """Record a lead just entered, and open its history on the day it entered."""
    values = {name: getattr(lead, COLUMNS.get(name, name)) for name in DATED}
    told = [Happening(lead.entered_on, values)]
    _show(lead, fold(told))
    record(session, actor, "lead.entered", lead, now=now)
    _happened(
        session,
        lead_id=lead.id,
        kind=EventKind.ENTERED,
        day=lead.entered_on,
        recorded_at=now,
        person_id=person_id,
        stage_from=None,
        stage_to=lead.stage,
        reason_id=None,
        note=note,
        changes={name: [None, _plain(value)] for name, value in values.items()},
    )
    _keep(session, lead.id, {}, fold(told), now)


def change(
    session: Session,
    actor: Actor,
    lead: Lead,
    kind: EventKind,
    values: Mapping[str, Any],
    *,
    action: str,
    day: date,
    now: datetime,
    reason_id: int | None = None,
    note: str = "",
) -> None:
    """Record what happened to a lead on a day, and rewrite its dated states from that day on.

    Other attributes of the lead may have been set before; they go into the same audit entry. What
    happened to the same dimension after the day is not undone. The lead's row is locked.

    Args:
        values: new values of some dated dimensions (`rules.history.DATED`).
        action: what the audit calls it.
    """
    with session.no_autoflush:  # or the audit would not see what the caller has set
        told = happenings(session, lead.id)
        kept = standing(session, lead.id)
    before = state_on(told, day)
    changed = {name: new for name, new in values.items() if getattr(before, name) != new}
    history = fold([*told, Happening(day, changed)])
    _show(lead, history)
    record(session, actor, action, lead, now=now, note=note)
    _happened(
        session,
        lead_id=lead.id,
        kind=kind,
        day=day,
        recorded_at=now,
        person_id=actor.id if actor.id is not None else lead.owner_id,
        stage_from=before.stage if "stage" in changed else None,
        stage_to=changed.get("stage"),
        reason_id=reason_id,
        note=note,
        changes={
            name: [_plain(getattr(before, name)), _plain(value)] for name, value in changed.items()
        },
    )
    _keep(session, lead.id, kept, history, now)


def remark(
    session: Session,
    actor: Actor,
    lead: Lead,
    kind: EventKind,
    row: Base,
    *,
    action: str,
    day: date,
    now: datetime,
    note: str = "",
) -> None:
    """Record what happened to a row that hangs on a lead, and show it on the lead's timeline.

    It changes no dated dimension: a first report filed, begun, extended, given up, ruled on.
    """
    record(session, actor, action, row, now=now, on=("lead", lead.id), note=note)
    session.add(
        LeadEvent(
            lead_id=lead.id,
            kind=kind,
            day=day,
            recorded_at=now,
            person_id=actor.id if actor.id is not None else lead.owner_id,
            note=note,
            changes={},
        )
    )
    session.flush()


def recount(
    session: Session, actor: Actor, *, now: datetime, lead_ids: Iterable[int] | None = None
) -> int:
    """Build states and derived columns again from the events; how many leads differed.

    The events are the truth: a lead that differs is mended and audited.
    """
    query = select(Lead).order_by(Lead.id)
    if lead_ids is not None:
        query = query.where(Lead.id.in_(list(lead_ids)))
    mended = 0
    for lead in session.scalars(query.with_for_update()).all():
        history = fold(happenings(session, lead.id))
        kept = standing(session, lead.id)
        _show(lead, history)
        right = list(kept.values()) == placed(history)
        if right and not session.is_modified(lead):
            continue
        mended += 1
        record(session, actor, "lead.recounted", lead, now=now)
        _keep(session, lead.id, kept, history, now)
    return mended


def _show(lead: Lead, history: list[Segment]) -> None:
    """Put today's state and the derived days into the lead's row."""
    for name in DATED:
        column, value = COLUMNS.get(name, name), getattr(history[-1].state, name)
        if getattr(lead, column) != value:
            setattr(lead, column, value)
    firsts = first_reached(history)
    for stage, column in FIRSTS.items():
        if getattr(lead, column) != firsts.get(stage):
            setattr(lead, column, firsts.get(stage))
    for column, day in (
        ("moved_on", moved_on(history)),
        ("staged_from", staged_from(history, lead.standing_until)),
    ):
        if getattr(lead, column) != day:
            setattr(lead, column, day)


def _happened(session: Session, **told: Any) -> None:
    """Add an event; nothing of it is read again here, so it needs no object."""
    session.connection().execute(insert(_EVENTS), [told])


def _keep(
    session: Session, lead_id: int, kept: dict[int, Placed], history: list[Segment], now: datetime
) -> None:
    """Set aside the states that no longer hold, add the ones that now do; the rest stays as it is."""
    wanted, old = placed(history), []
    for number, one in kept.items():
        if one in wanted:
            wanted.remove(one)
        else:
            old.append({"number": number, "at": now})
    connection = session.connection()
    if old:  # first: two current states of one day would collide
        connection.execute(_SET_ASIDE, old)
    if wanted:
        connection.execute(
            insert(_STATES),
            [
                {
                    "lead_id": lead_id,
                    "day_from": one.segment.day_from,
                    "day_until": one.segment.day_until,
                    "recorded_at": now,
                    "staged_from": one.staged_from,
                    "stage_next": one.stage_next,
                    **{name: getattr(one.segment.state, name) for name in DATED},
                }
                for one in wanted
            ],
        )


_EVENTS = cast(Table, LeadEvent.__table__)
_STATES = cast(Table, LeadState.__table__)
_SET_ASIDE = (
    update(_STATES)
    .where(_STATES.c.id == bindparam("number"))
    .values(current=False, superseded_at=bindparam("at"))
)


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    return value.fen if isinstance(value, Money) else value
