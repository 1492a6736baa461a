"""How far the anchors of the three main models are: head firms, scenarios, gaps in the chains.

Anchors are the city's; the leads that tell how far they are, those of the reader's scope on the day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from crm.catalog.queries import node_states
from crm.catalog.rules import NodeState
from crm.companies.models import HeadFirm
from crm.core.actor import Actor
from crm.funnel.queries.rows import FIRSTS
from crm.funnel.queries.states import Asked, in_pipeline, of_day
from crm.leads.models import Lead, LeadState, Scenario, ScenarioMatch
from crm.leads.rules.kinds import ScenarioState, Stage
from crm.values.period import Quarter

REACHED = (Stage.CONTACTED, Stage.NEGOTIATING, Stage.SIGNED)


@dataclass(frozen=True)
class Anchors:
    """How many there are, and how far.

    Attributes:
        firms_at: head firms of which a lead ever reached the stage.
        unvisited: head firms without a contact at high level in the day's quarter.
        opened, matched, landed: of the scenarios, each including the later ones.
        gaps_with_lead: gaps with a lead in hand.
    """

    firms: int
    firms_at: dict[Stage, int]
    unvisited: int
    quarter: Quarter
    scenarios: int
    opened: int
    matched: int
    landed: int
    gaps: int
    gaps_with_lead: int


def anchors(session: Session, actor: Actor, asked: Asked) -> Anchors:
    """The three lines: five reads."""
    quarter = Quarter.of(asked.on)
    firms, unvisited = session.execute(
        select(func.count(), func.count().filter(_no_contact_since(quarter.first_day))).select_from(
            HeadFirm
        )
    ).one()
    matched = select(ScenarioMatch.scenario_id).where(ScenarioMatch.matched_on <= asked.on)
    scenarios, opened, met, landed = session.execute(
        select(
            func.count(),
            func.count().filter(Scenario.state != ScenarioState.PLANNED),
            func.count().filter(
                or_(
                    Scenario.state.in_([ScenarioState.MATCHING, ScenarioState.LANDED]),
                    Scenario.id.in_(matched),
                )
            ),
            func.count().filter(Scenario.state == ScenarioState.LANDED),
        )
    ).one()
    states = node_states(session, asked.on.year)
    gaps = {number for number, state in states.items() if state is NodeState.GAP}
    busy = select(LeadState.node_id).distinct().where(*of_day(actor, asked), in_pipeline())
    return Anchors(
        firms, _firms_at(session, actor, asked), unvisited, quarter,
        scenarios, opened, met, landed,
        len(gaps), len(gaps & set(session.scalars(busy))),
    )  # fmt: skip


def _no_contact_since(day: date) -> ColumnElement[bool]:
    contact = HeadFirm.high_level_contact_on
    return or_(contact.is_(None), contact < day)


def _firms_at(session: Session, actor: Actor, asked: Asked) -> dict[Stage, int]:
    firm = Lead.head_firm_id.distinct()
    counts = [func.count(firm).filter(FIRSTS[stage] <= asked.on) for stage in REACHED]
    query = (
        select(*counts)
        .select_from(LeadState)
        .join(Lead, Lead.id == LeadState.lead_id)
        .where(*of_day(actor, asked), Lead.head_firm_id.is_not(None))
    )
    return dict(zip(REACHED, session.execute(query).one(), strict=True))
