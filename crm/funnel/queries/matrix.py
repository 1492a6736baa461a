"""Two dimensions crossed: leads of a day, their conversion and days, and what of them counts.

Starts and money are those of the projects that the reader may read, under the project's own dimensions
as fixed at signing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, select
from sqlalchemy.orm import Session

from crm.accounts.queries import units_below
from crm.catalog.models import Chain, Division
from crm.catalog.rules import Region
from crm.companies.models import Company
from crm.core.actor import Actor
from crm.core.days import days_between
from crm.counting.models import ALWAYS, StandingRow
from crm.counting.rules.decisions import Measure
from crm.counting.rules.goals import Sum
from crm.funnel.queries.standing import fen
from crm.funnel.queries.states import Asked, column, in_pipeline, of_day, part, size
from crm.funnel.rules.dimensions import Dimension, Key
from crm.funnel.rules.heat import Cell
from crm.leads.models import Lead, LeadState
from crm.leads.rules.kinds import Stage
from crm.projects.models import Project
from crm.projects.queries.scope import readable
from crm.values.money import Money
from crm.values.period import Year


@dataclass(frozen=True)
class Crossing:
    """What is crossed.

    Attributes:
        row, column: the two dimensions.
        since: the first day of the period of conversion and days; its last is the day asked about.
    """

    asked: Asked
    row: Dimension
    column: Dimension
    since: date


Place = tuple[Key, Key]


def cells(session: Session, actor: Actor, crossing: Crossing) -> dict[Place, Cell]:
    """The cells with anything in them: four reads, whatever the dimensions."""
    found: dict[Place, Cell] = {}
    for place, cell in (
        *_of_leads(session, actor, crossing),
        *_of_days(session, actor, crossing),
        *_of_projects(session, actor, crossing),
    ):
        found[place] = found.get(place, Cell()) + cell
    return {place: cell for place, cell in found.items() if not cell.nothing}


def _of_leads(session: Session, actor: Actor, crossing: Crossing) -> Iterable[tuple[Place, Cell]]:
    """In hand, entered, and signed of these."""
    asked = crossing.asked
    entered = Lead.entered_on.between(crossing.since, asked.on)
    signed = and_(entered, Lead.signed_first <= asked.on)
    states = (
        select(
            column(crossing.row).label("row"),
            column(crossing.column).label("column"),
            case((in_pipeline(), 1)).label("in_hand"),
            case((in_pipeline(), LeadState.amount)).label("amount"),
            case((entered, 1)).label("entered"),
            case((signed, 1)).label("signed"),
        )
        .select_from(LeadState)
        .join(Lead, Lead.id == LeadState.lead_id)
        .where(*of_day(actor, asked))
        .subquery()
    )
    query = select(
        states.c.row,
        states.c.column,
        func.count(states.c.in_hand),
        fen(states.c.amount),
        func.count(states.c.entered),
        func.count(states.c.signed),
    ).group_by(states.c.row, states.c.column)
    for row, col, count, amount, new, done in session.execute(query):
        yield (row, col), Cell(Sum(count, Money(amount)), new, done)


def _of_days(session: Session, actor: Actor, crossing: Crossing) -> Iterable[tuple[Place, Cell]]:
    """How long the leads signed in the period took, as counted days."""
    asked = crossing.asked
    states = (
        select(
            column(crossing.row).label("row"),
            column(crossing.column).label("column"),
            days_between(Lead.entered_on, Lead.signed_first).label("days"),
        )
        .select_from(LeadState)
        .join(Lead, Lead.id == LeadState.lead_id)
        .where(*of_day(actor, asked), Lead.signed_first.between(crossing.since, asked.on))
        .subquery()
    )
    query = select(states.c.row, states.c.column, states.c.days, func.count()).group_by(
        states.c.row, states.c.column, states.c.days
    )
    for row, col, days, count in session.execute(query):
        yield (row, col), Cell(days={days: count})


# --- projects ------------------------------------------------------------------------------------


def _of_projects(
    session: Session, actor: Actor, crossing: Crossing
) -> Iterable[tuple[Place, Cell]]:
    """Starts and money that count in the year of the day, up to it."""
    told = (
        select(
            of_project(crossing.row).label("row"),
            of_project(crossing.column).label("column"),
            StandingRow.measure.label("measure"),
            StandingRow.amount.label("amount"),
        )
        .select_from(StandingRow)
        .join(Project, Project.id == StandingRow.project_id)
        .where(*standing(actor, crossing.asked))
        .subquery()
    )
    query = select(
        told.c.row, told.c.column, told.c.measure, func.count(), fen(told.c.amount)
    ).group_by(told.c.row, told.c.column, told.c.measure)
    for row, col, measure, count, amount in session.execute(query):
        summed = Sum(count, Money(amount))
        starts = measure is Measure.STARTS_COUNTED
        yield (row, col), Cell(counted=summed) if starts else Cell(funds=summed)


COUNTED = (Measure.STARTS_COUNTED, Measure.FUNDS_COUNTED)


def standing(actor: Actor, asked: Asked) -> list[ColumnElement[bool]]:
    """What counts of readable projects in the day's year up to the day, narrowed as the leads are."""
    first, last = Year.of(asked.on).first_day, asked.on
    found = [
        StandingRow.known_until == ALWAYS,
        StandingRow.measure.in_(COUNTED),
        StandingRow.day_from.between(first, last),
        StandingRow.day_until > last,
        readable(actor),
        *(part(of_project(dimension), key) for dimension, key in asked.only.items()),
    ]
    if asked.below:
        found.append(Project.unit_id.in_(units_below(asked.below)))
    return found


def of_project(dimension: Dimension) -> ColumnElement[Any]:
    """What a dimension is split by, of a project; its stage is 签约."""
    plain: dict[Dimension, Any] = {
        Dimension.POSITION: Project.position,
        Dimension.MODEL: Project.model_id,
        Dimension.CHAIN: Project.chain_id,
        Dimension.NODE: Project.node_id,
        Dimension.DISTRICT: Project.district_id,
        Dimension.UNIT: Project.unit_id,
        Dimension.OWNER: Project.owner_id,
        Dimension.STAGE: literal(Stage.SIGNED.value),
    }
    if dimension in plain:
        return plain[dimension]  # type: ignore[no-any-return]
    if dimension is Dimension.SIZE:
        return size(Project.agreed)
    if dimension is Dimension.CLUSTER:
        return select(Chain.cluster_id).where(Chain.id == Project.chain_id).scalar_subquery()
    if dimension is Dimension.SOURCE:
        return select(Lead.source_id).where(Lead.id == Project.lead_id).scalar_subquery()
    abroad = case((Company.country != "CN", Region.ABROAD.value), else_=Division.region)
    return (
        select(abroad)
        .select_from(Company)
        .outerjoin(Division, Division.code == Company.division_code)
        .where(Company.id == Project.company_id)
        .scalar_subquery()
    )
