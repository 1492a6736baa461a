"""The week's figures in the scope of whoever holds the meeting, and the leads behind them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from crm.core.actor import Actor
from crm.counting.models import ALWAYS, StandingRow
from crm.counting.rules.decisions import Measure
from crm.counting.rules.goals import Sum
from crm.funnel.queries.bridge import bridges, turns
from crm.funnel.queries.rows import Of, Wanted, behind
from crm.funnel.queries.standing import fen, levels
from crm.funnel.queries.states import Asked
from crm.funnel.rules.bridge import CITY
from crm.leads.models import Lead, LeadEvent
from crm.leads.queries.scope import readable as leads_readable
from crm.leads.queries.staleness import deadlines
from crm.meeting.rules import TERMS, Item
from crm.projects.models import Project
from crm.projects.queries.scope import readable
from crm.values.money import Money

MOST_ROWS = 2_000
"""Leads behind a figure that are kept with a closed meeting."""


def figures(
    session: Session, actor: Actor, since: date, on: date, *, late: Sum | None = None
) -> dict[Item, Sum]:
    """From the evening of `since` to the evening of `on`, as known now.

    Args:
        late: what is stuck, where the caller has read it already.
    """
    bridge = bridges(session, actor, Asked(on), since).whole
    counted = _counted(session, actor, since, on)
    return {
        Item.OPENING: bridge.opening,
        **{item: bridge.terms[term] for item, term in TERMS.items()},
        Item.CLOSING: bridge.closing,
        Item.STUCK: late if late is not None else _stuck(session, actor, on),
        Item.STARTS: counted.get(Measure.STARTS_COUNTED, Sum()),
        Item.FUNDS: counted.get(Measure.FUNDS_COUNTED, Sum()),
    }


def _stuck(session: Session, actor: Actor, on: date) -> Sum:
    found = levels(session, actor, Asked(on), deadlines(session, on))
    return sum((level.stuck for level in found.values()), Sum())


def rows(session: Session, actor: Actor, since: date, on: date) -> dict[str, list[int]]:
    """The numbers of the leads behind each figure that has any, at most `MOST_ROWS` of each."""
    asked = Asked(on)
    found = {
        item.value: [
            row.lead.id
            for row in turns(session, actor, asked, since, term, CITY, size=MOST_ROWS).rows.rows
        ]
        for item, term in TERMS.items()
    }
    late = behind(session, actor, Wanted(asked, Of.STUCK), size=MOST_ROWS)
    found[Item.STUCK.value] = [row.lead.id for row in late.rows.rows]
    return found


def _counted(session: Session, actor: Actor, since: date, on: date) -> dict[Measure, Sum]:
    """Starts and money of readable projects that began to count in the span."""
    query = (
        select(StandingRow.measure, func.count(), fen(StandingRow.amount))
        .join(Project, Project.id == StandingRow.project_id)
        .where(
            StandingRow.known_until == ALWAYS,
            StandingRow.measure.in_([Measure.STARTS_COUNTED, Measure.FUNDS_COUNTED]),
            StandingRow.day_from > since,
            StandingRow.day_from <= on,
            StandingRow.day_until > on,
            readable(actor),
        )
        .group_by(StandingRow.measure)
    )
    return {measure: Sum(count, Money(amount)) for measure, count, amount in session.execute(query)}


def leads(session: Session, actor: Actor, numbers: list[int]) -> list[Lead]:
    """Those of these leads that the actor reads today, by their numbers."""
    return list(
        session.scalars(
            select(Lead)
            .options(joinedload(Lead.company), joinedload(Lead.owner))
            .where(Lead.id.in_(numbers), leads_readable(actor))
            .order_by(Lead.number)
        )
    )


MOST_LATE = 50


def told_later(
    session: Session, actor: Actor, on: date, closed_at: datetime
) -> list[tuple[LeadEvent, Lead]]:
    """What was recorded after the meeting had closed and holds for its days or before: why figures differ."""
    query = (
        select(LeadEvent, Lead)
        .join(Lead, Lead.id == LeadEvent.lead_id)
        .options(joinedload(LeadEvent.person))
        .where(
            LeadEvent.recorded_at > closed_at,
            LeadEvent.day <= on,
            leads_readable(actor),
        )
        .order_by(LeadEvent.recorded_at.desc(), LeadEvent.id.desc())
        .limit(MOST_LATE)
    )
    return [(event, lead) for event, lead in session.execute(query)]
