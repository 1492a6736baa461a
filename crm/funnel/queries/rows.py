"""The leads behind a figure of a day, by page; what the reader may not open is folded by district."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, func, not_, select
from sqlalchemy.orm import Session, joinedload

from crm.catalog.models import District
from crm.companies.models import HeadFirm
from crm.core.actor import Actor
from crm.core.paging import PAGE, Page, Sort, turn
from crm.counting.rules.goals import Sum
from crm.funnel.queries.lost import reason
from crm.funnel.queries.pace import aged
from crm.funnel.queries.scope import opened
from crm.funnel.queries.standing import fen
from crm.funnel.queries.states import Asked, in_pipeline, of_day, part, stuck
from crm.funnel.rules.ages import Age
from crm.leads.models import Lead, LeadState
from crm.leads.queries.staleness import deadlines
from crm.leads.rules.kinds import Stage, Standing
from crm.values.money import Money


class Of(StrEnum):
    """Which leads of a day: those in hand, stuck, on hold, lost, signed, or all."""

    IN_HAND = "in_hand"
    STUCK = "stuck"
    ON_HOLD = "on_hold"
    LOST = "lost"
    SIGNED = "signed"
    ALL = "all"


@dataclass(frozen=True)
class Wanted:
    """Which rows of a day.

    Attributes:
        entered, signed: first and last day between which they entered, or were first signed.
        reached: a stage reached by the day; see `domain.md`: stood in it or a later one at any time.
        age: for how long in its stage on the day.
        reason: given when it was last lost, in a tuple: None is one not said.
    """

    asked: Asked
    of: Of = Of.IN_HAND
    entered: tuple[date, date] | None = None
    signed: tuple[date, date] | None = None
    reached: Stage | None = None
    age: Age | None = None
    reason: tuple[int | None] | None = None


@dataclass(frozen=True)
class Row:
    """A lead as it stood on the day, and as it is called today."""

    state: LeadState
    lead: Lead


@dataclass(frozen=True)
class Fold:
    """What of a district's leads the reader may not open; None is 未定."""

    district: District | None
    sum: Sum


@dataclass(frozen=True)
class Found:
    """A page of rows: `whole` is the figure, all pages and the folds together make it."""

    whole: Sum
    rows: Page[Row]
    folds: list[Fold]


FIRSTS = {
    Stage.IDENTIFIED: Lead.entered_on,
    Stage.CONTACTED: Lead.contacted_first,
    Stage.NEGOTIATING: Lead.negotiating_first,
    Stage.DRAFTED: Lead.drafted_first,
    Stage.SIGNED: Lead.signed_first,
}
"""The day each stage was first reached."""


def behind(
    session: Session,
    actor: Actor,
    wanted: Wanted,
    *,
    after: str | None = None,
    before: str | None = None,
    size: int = PAGE,
) -> Found:
    """One page, the largest amounts first, in a constant number of reads."""
    conditions = _conditions(session, actor, wanted)
    query = select(LeadState).where(*conditions, opened(actor))
    order = Sort(LeadState.amount.expression, LeadState.id.expression, descending=True)
    found = turn(session, query, order, after=after, before=before, size=size)
    count, amount = session.execute(
        select(func.count(), fen(LeadState.amount)).where(*conditions)
    ).one()
    rows = [Row(state, lead) for state, lead in with_leads(session, found.rows)]
    return Found(
        Sum(count, Money(amount)),
        Page(rows, found.after, found.before),
        folds(session, [*conditions, not_(opened(actor))]),
    )


def with_leads(session: Session, states: list[LeadState]) -> list[tuple[LeadState, Lead]]:
    """States with their leads and all that a row says of these; one read."""
    leads = {
        lead.id: lead
        for lead in session.scalars(
            select(Lead)
            .options(
                joinedload(Lead.company),
                joinedload(Lead.model),
                joinedload(Lead.head_firm).joinedload(HeadFirm.company),
                joinedload(Lead.scenario),
                joinedload(Lead.owner),
                joinedload(Lead.district),
            )
            .where(Lead.id.in_([state.lead_id for state in states]))
        )
    }
    return [(state, leads[state.lead_id]) for state in states]


def folds(session: Session, conditions: list[ColumnElement[bool]]) -> list[Fold]:
    """What the conditions give, by the district of the day, in the order officers list them."""
    query = (
        select(LeadState.district_id, func.count(), fen(LeadState.amount))
        .where(*conditions)
        .group_by(LeadState.district_id)
    )
    told = {key: Sum(count, Money(amount)) for key, count, amount in session.execute(query)}
    names = session.scalars(
        select(District).where(District.id.in_(list(told))).order_by(District.sort)
    )
    found = [Fold(row, told[row.id]) for row in names]
    return [*found, Fold(None, told[None])] if None in told else found


def _conditions(session: Session, actor: Actor, wanted: Wanted) -> list[ColumnElement[bool]]:
    found = of_day(actor, wanted.asked)
    if wanted.of is Of.STUCK:
        found.append(stuck(deadlines(session, wanted.asked.on)))
    else:
        found += OF[wanted.of]
    if wanted.age:
        found.append(aged(wanted.asked.on, wanted.age))
    if wanted.reason:
        found.append(part(reason(wanted.asked), wanted.reason[0]))
    leads: list[ColumnElement[bool]] = []
    if wanted.entered:
        leads.append(Lead.entered_on.between(*wanted.entered))
    if wanted.signed:
        leads.append(Lead.signed_first.between(*wanted.signed))
    if wanted.reached:
        leads.append(FIRSTS[wanted.reached] <= wanted.asked.on)
    if leads:
        found.append(LeadState.lead_id.in_(select(Lead.id).where(*leads).correlate(None)))
    return found


OF: Mapping[Of, list[Any]] = {
    Of.IN_HAND: [in_pipeline()],
    Of.ON_HOLD: [LeadState.standing == Standing.ON_HOLD],
    Of.LOST: [LeadState.standing == Standing.LOST],
    Of.SIGNED: [LeadState.standing == Standing.OPEN, LeadState.stage == Stage.SIGNED],
    Of.ALL: [],
}
"""The conditions of each kind of row; those that are stuck need the day's limits."""
