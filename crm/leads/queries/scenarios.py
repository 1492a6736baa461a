"""Scenarios, read by everybody who reads leads; the firms matched with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from crm.accounts.models import Person
from crm.accounts.queries import in_scope
from crm.companies.models import Company
from crm.companies.queries import visible
from crm.core.actor import Actor
from crm.core.errors import Missing
from crm.core.forms import Option
from crm.core.paging import Page, Sort, turn
from crm.leads.models import Scenario, ScenarioMatch
from crm.leads.rules.kinds import ScenarioState
from crm.values.text import like_pattern


@dataclass(frozen=True)
class ScenarioFilter:
    """What the list of scenarios is cut down to."""

    text: str = ""
    cluster_id: int | None = None
    state: ScenarioState | None = None


def scenarios(
    session: Session,
    wanted: ScenarioFilter | None = None,
    *,
    after: str | None = None,
    before: str | None = None,
) -> Page[Scenario]:
    """A page of scenarios, the latest first, with cluster and owner."""
    query = _selection(wanted or ScenarioFilter()).options(
        joinedload(Scenario.cluster), joinedload(Scenario.owner)
    )
    sort = Sort(Scenario.id.expression, Scenario.id.expression, descending=True)
    return turn(session, query, sort, after=after, before=before)


def scenario_states(
    session: Session, wanted: ScenarioFilter | None = None
) -> dict[ScenarioState, int]:
    """How many scenarios stand in each state, of those the filter gives."""
    query = _selection(wanted or ScenarioFilter()).with_only_columns(Scenario.state, func.count())
    return dict(session.execute(query.group_by(Scenario.state)).all())


def scenario(session: Session, scenario_id: int) -> Scenario:
    """One scenario with cluster, district and owner."""
    found = session.scalar(
        select(Scenario)
        .where(Scenario.id == scenario_id)
        .options(
            joinedload(Scenario.cluster),
            joinedload(Scenario.district),
            joinedload(Scenario.owner),
        )
    )
    if found is None:
        raise Missing
    return found


def matches(session: Session, actor: Actor, scenario_id: int) -> list[ScenarioMatch]:
    """The firms matched with a scenario that the actor reads, the latest first."""
    return list(
        session.scalars(
            select(ScenarioMatch)
            .join(ScenarioMatch.company)
            .options(contains_eager(ScenarioMatch.company))
            .where(ScenarioMatch.scenario_id == scenario_id, visible(actor))
            .order_by(ScenarioMatch.matched_on.desc(), ScenarioMatch.id.desc())
        )
    )


def match_counts(session: Session, actor: Actor, ids: list[int]) -> dict[int, int]:
    """How many matched firms of each scenario the actor reads."""
    query = (
        select(ScenarioMatch.scenario_id, func.count())
        .join(Company, Company.id == ScenarioMatch.company_id)
        .where(ScenarioMatch.scenario_id.in_(ids), visible(actor))
        .group_by(ScenarioMatch.scenario_id)
    )
    return dict(session.execute(query).all())


def scenario_options(session: Session) -> list[Option]:
    """The scenarios to choose from, the latest first."""
    rows = session.execute(select(Scenario.id, Scenario.title).order_by(Scenario.id.desc()))
    return [(str(number), title) for number, title in rows]


def writes(actor: Actor) -> ColumnElement[bool]:
    """The scenarios an actor may edit: his own, his people's, and those that nobody has."""
    mine = select(Person.id).where(in_scope(actor))
    return or_(
        Scenario.owner_id.is_(None), Scenario.owner_id == actor.id, Scenario.owner_id.in_(mine)
    )


def may_write_scenario(session: Session, actor: Actor, scenario_id: int) -> bool:
    """Whether the actor may edit this one."""
    query = select(Scenario.id).where(Scenario.id == scenario_id, writes(actor))
    return session.scalar(query) is not None


def _selection(wanted: ScenarioFilter) -> Select[Any]:
    query = select(Scenario)
    if wanted.text:
        query = query.where(Scenario.title.like(f"%{like_pattern(wanted.text)}%", escape="\\"))
    if wanted.cluster_id is not None:
        query = query.where(Scenario.cluster_id == wanted.cluster_id)
    if wanted.state is not None:
        query = query.where(Scenario.state == wanted.state)
    return query
