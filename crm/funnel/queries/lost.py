"""Why leads were lost: those lost on the day, by the reason last given up to it; what was written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from crm.core.actor import Actor
from crm.core.paging import PAGE, Page, Sort, turn
from crm.counting.rules.goals import Sum
from crm.funnel.queries.scope import opened
from crm.funnel.queries.standing import fen
from crm.funnel.queries.states import Asked, of_day
from crm.leads.models import Lead, LeadEvent, LeadState
from crm.leads.rules.kinds import EventKind, Stage, Standing
from crm.values.money import Money
from crm.values.text import like_pattern

Reasons = dict[tuple[Stage, int | None, int | None], Sum]
"""(stage, model, reason) → how many, how much; None is 未定 or not said."""


def reasons(session: Session, actor: Actor, asked: Asked) -> Reasons:
    """What was lost, by stage, model and reason; one read."""
    told = (
        select(
            LeadState.stage.label("stage"),
            LeadState.model_id.label("model"),
            reason(asked).label("reason"),
            LeadState.amount.label("amount"),
        )
        .where(*of_day(actor, asked), LeadState.standing == Standing.LOST)
        .subquery()
    )
    columns = (told.c.stage, told.c.model, told.c.reason)
    query = select(*columns, func.count(), fen(told.c.amount)).group_by(*columns)
    return {
        (stage, model, why): Sum(count, Money(amount))
        for stage, model, why, count, amount in session.execute(query)
    }


def reason(asked: Asked) -> ColumnElement[Any]:
    """The reason given when it was last lost, up to the day."""
    told = aliased(LeadEvent)
    return (
        select(told.reason_id)
        .where(
            told.lead_id == LeadState.lead_id,
            told.kind == EventKind.LOST,
            told.day <= asked.on,
        )
        .order_by(told.day.desc(), told.id.desc())
        .limit(1)
        .scalar_subquery()
    )


@dataclass(frozen=True)
class Rival:
    """A competing place, and what went there."""

    place: str
    sum: Sum


MOST_RIVALS = 20


def rivals(session: Session, actor: Actor, asked: Asked) -> list[Rival]:
    """The competing places named most, of what is lost; at most `MOST_RIVALS`."""
    count = func.count()
    query = (
        select(Lead.competing_place, count, fen(LeadState.amount))
        .join(LeadState, LeadState.lead_id == Lead.id)
        .where(
            *of_day(actor, asked),
            LeadState.standing == Standing.LOST,
            Lead.competing_place != "",
        )
        .group_by(Lead.competing_place)
        .order_by(count.desc(), Lead.competing_place)
        .limit(MOST_RIVALS)
    )
    return [
        Rival(place, Sum(number, Money(amount))) for place, number, amount in session.execute(query)
    ]


@dataclass(frozen=True)
class Note:
    """What was written when a lead was lost."""

    event: LeadEvent
    lead: Lead


def notes(
    session: Session,
    actor: Actor,
    asked: Asked,
    text: str,
    *,
    after: str | None = None,
    before: str | None = None,
    size: int = PAGE,
) -> Page[Note]:
    """Losses up to the day whose note holds the text, the latest first; of leads one may open."""
    lost = select(LeadState.lead_id).where(
        *of_day(actor, asked), LeadState.standing == Standing.LOST, opened(actor)
    )
    query = (
        select(LeadEvent)
        .options(joinedload(LeadEvent.reason))
        .where(
            LeadEvent.kind == EventKind.LOST,
            LeadEvent.day <= asked.on,
            LeadEvent.lead_id.in_(lost),
        )
    )
    if text:
        query = query.where(LeadEvent.note.like(f"%{like_pattern(text)}%", escape="\\"))
    order = Sort(LeadEvent.day.expression, LeadEvent.id.expression, descending=True)
    found = turn(session, query, order, after=after, before=before, size=size)
    leads = {
        lead.id: lead
        for lead in session.scalars(
            select(Lead)
            .options(joinedload(Lead.company))
            .where(Lead.id.in_([event.lead_id for event in found.rows]))
        )
    }
    rows = [Note(event, leads[event.lead_id]) for event in found.rows]
    return Page(rows, found.after, found.before)
