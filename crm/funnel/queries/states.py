"""The states of a day, narrowed: what every figure of a day starts from."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, null, or_, select
from sqlalchemy.orm import aliased

from crm.accounts.queries import units_below
from crm.catalog.models import Chain, Division
from crm.catalog.rules import Region
from crm.companies.models import Company
from crm.core.actor import Actor
from crm.core.clock import SHANGHAI
from crm.funnel.queries.scope import counted
from crm.funnel.rules.dimensions import SIZES, Dimension, Narrowed
from crm.leads.models import Lead, LeadState
from crm.leads.queries.history import as_known
from crm.leads.rules.clocks import Deadlines
from crm.leads.rules.kinds import Stage, Standing

Own = aliased(Lead)
"""The state's lead, in a select of its own: the query around it may name leads too."""


@dataclass(frozen=True)
class Asked:
    """What a figure is asked for.

    Attributes:
        on: the day, its evening.
        then: as it was known on that evening, not as it is known today.
        only: what it is narrowed to.
        below: a unit's path; that unit and all below it.
    """

    on: date
    then: bool = False
    only: Narrowed = field(default_factory=dict)
    below: str = ""

    @property
    def known(self) -> datetime | None:
        """The moment of the knowledge; None for today's."""
        return datetime.combine(self.on, time.max, SHANGHAI) if self.then else None


def of_day(actor: Actor, asked: Asked) -> list[ColumnElement[bool]]:
    """What a state must fulfil: it held on the day, in the actor's scope, narrowed."""
    return [*on_day(asked.on), as_known(asked.known), *counted(actor), *narrowing(asked)]


def on_day(day: date) -> list[ColumnElement[bool]]:
    """The state held on that day's evening."""
    return [LeadState.day_from <= day, LeadState.day_until > day]


def narrowing(asked: Asked, state: Any = LeadState) -> list[ColumnElement[bool]]:
    """What the figure is narrowed to."""
    found = [part(column(dimension, state), key) for dimension, key in asked.only.items()]
    if asked.below:
        found.append(state.unit_id.in_(units_below(asked.below)))
    return found


def part(of: ColumnElement[Any], key: Any) -> ColumnElement[bool]:
    """A dimension has this part; None is 未定."""
    return of.is_(None) if key is None else of == key


def in_pipeline(state: Any = LeadState) -> ColumnElement[bool]:
    """In hand and not signed: the open pipeline. On hold stands beside it."""
    return and_(state.standing == Standing.OPEN, state.stage != Stage.SIGNED)


def stuck(limits: Deadlines, state: Any = LeadState) -> ColumnElement[bool]:
    """In hand, and in its stage for longer than the stage's limit on the day of the limits."""
    over = [
        and_(state.stage == stage, state.staged_from < day) for stage, day in limits.stages.items()
    ]
    return and_(state.standing == Standing.OPEN, or_(false(), *over))


def column(dimension: Dimension, state: Any = LeadState) -> ColumnElement[Any]:
    """What a dimension is split by, of a state."""
    plain = {
        Dimension.POSITION: state.position,
        Dimension.MODEL: state.model_id,
        Dimension.CHAIN: state.chain_id,
        Dimension.NODE: state.node_id,
        Dimension.DISTRICT: state.district_id,
        Dimension.UNIT: state.unit_id,
        Dimension.OWNER: state.owner_id,
        Dimension.STAGE: state.stage,
    }
    if dimension in plain:
        return plain[dimension]  # type: ignore[no-any-return]
    if dimension is Dimension.SIZE:
        return size(state.amount)
    if dimension is Dimension.CLUSTER:
        return select(Chain.cluster_id).where(Chain.id == state.chain_id).scalar_subquery()
    if dimension is Dimension.SOURCE:
        return select(Own.source_id).where(Own.id == state.lead_id).scalar_subquery()
    return _region(state)


def size(amount: Any) -> ColumnElement[Any]:
    """`rules.dimensions.size_of` as an expression."""
    return case(*((amount >= least, one.value) for one, least in SIZES), else_=null())


def _region(state: Any) -> ColumnElement[Any]:
    abroad = case((Company.country != "CN", Region.ABROAD.value), else_=Division.region)
    return (
        select(abroad)
        .select_from(Own)
        .join(Company, Company.id == Own.company_id)
        .outerjoin(Division, Division.code == Company.division_code)
        .where(Own.id == state.lead_id)
        .scalar_subquery()
    )
