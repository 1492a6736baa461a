"""Scenarios: opened, worked, matched with firms: the anchor of 场景招商."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.accounts.models import Person
from crm.audit.operations import record
from crm.catalog.models import Cluster, District
from crm.catalog.queries import plan
from crm.companies.models import Company
from crm.companies.queries import visible
from crm.core.actor import Actor
from crm.core.clock import day_of
from crm.core.errors import Forbidden, Missing, Refused
from crm.core.versions import take
from crm.leads.models import Scenario, ScenarioMatch
from crm.leads.queries.scenarios import writes
from crm.leads.rules.kinds import ScenarioState


@dataclass(frozen=True)
class ScenarioDraft:
    """A scenario as typed.

    Attributes:
        opened_by: who opens it; demand: what is to be used or bought; volume: how much.
        open_from, open_until: the days between which firms can apply; either may be open.
    """

    title: str
    cluster_id: int | None = None
    opened_by: str = ""
    demand: str = ""
    volume: str = ""
    place: str = ""
    district_id: int | None = None
    open_from: date | None = None
    open_until: date | None = None
    state: ScenarioState = ScenarioState.PLANNED
    owner_id: int | None = None
    source: str = ""


def open_scenario(
    session: Session, actor: Actor, draft: ScenarioDraft, *, now: datetime
) -> Scenario:
    """Enter a scenario."""
    row = Scenario()
    _fill(session, row, draft)
    record(session, actor, "scenario.entered", row, now=now)
    return row


def edit_scenario(
    session: Session,
    actor: Actor,
    scenario_id: int,
    draft: ScenarioDraft,
    *,
    version: int | None,
    now: datetime,
) -> Scenario:
    """Change a scenario."""
    row = _writable(session, actor, scenario_id)
    take(row, version)
    _fill(session, row, draft)
    record(session, actor, "scenario.edited", row, now=now)
    return row


def set_scenario_state(
    session: Session, actor: Actor, scenario_id: int, state: ScenarioState, *, now: datetime
) -> Scenario:
    """Say how far a scenario is."""
    row = _writable(session, actor, scenario_id)
    if row.state != state:
        take(row, None)
        row.state = state
        record(session, actor, "scenario.state_set", row, now=now)
    return row


def match_firm(
    session: Session,
    actor: Actor,
    scenario_id: int,
    company_id: int,
    *,
    day: date,
    note: str = "",
    now: datetime,
) -> ScenarioMatch:
    """Note that a firm was brought together with a scenario; a published one is then 对接中.

    The firm must be one that the actor reads; the match is shown to those who read the firm as well.
    """
    row = _writable(session, actor, scenario_id)
    company = session.scalar(select(Company).where(Company.id == company_id, visible(actor)))
    if company is None:
        raise Refused(_("Choose one of the list."), field="company_id")
    if day > day_of(now):
        raise Refused(_("This day has not come yet."), field="matched_on")
    twice = select(ScenarioMatch.id).where(
        ScenarioMatch.scenario_id == scenario_id, ScenarioMatch.company_id == company_id
    )
    if session.scalar(twice) is not None:
        raise Refused(_("This firm is matched already."), field="company_id")
    match = ScenarioMatch(scenario_id=scenario_id, company_id=company_id, matched_on=day, note=note)
    record(session, actor, "scenario.matched", match, on=("scenario", scenario_id), now=now)
    if row.state in {ScenarioState.PLANNED, ScenarioState.PUBLISHED}:
        set_scenario_state(session, actor, scenario_id, ScenarioState.MATCHING, now=now)
    return match


def give_scenario(
    session: Session, actor: Actor, scenario_id: int, owner_id: int, *, now: datetime
) -> Scenario:
    """Hand a scenario to another owner; for the door that hands over all of a person's work."""
    row = _found(session, scenario_id)
    if row.owner_id != owner_id:
        take(row, None)
        row.owner_id = owner_id
        record(session, actor, "scenario.given", row, now=now)
    return row


def load_scenarios(session: Session, actor: Actor, *, now: datetime) -> int:
    """Enter the plan's scenarios that are not there yet, and say how many were."""
    known = set(session.scalars(select(Scenario.title)))
    clusters = {name: number for number, name in session.execute(select(Cluster.id, Cluster.name))}
    rows = [row for row in plan("scenarios_2025") if row["title"] not in known]
    for row in rows:
        draft = ScenarioDraft(
            title=row["title"], cluster_id=clusters.get(row["cluster"]), source=row["quote"]
        )
        open_scenario(session, actor, draft, now=now)
    return len(rows)


def _found(session: Session, scenario_id: int) -> Scenario:
    row = session.get(Scenario, scenario_id, with_for_update=True)
    if row is None:
        raise Missing
    return row


def _writable(session: Session, actor: Actor, scenario_id: int) -> Scenario:
    row = _found(session, scenario_id)
    if session.scalar(select(Scenario.id).where(Scenario.id == scenario_id, writes(actor))) is None:
        raise Forbidden
    return row


def _fill(session: Session, row: Scenario, draft: ScenarioDraft) -> None:
    with session.no_autoflush:
        same = session.scalar(select(Scenario.id).where(Scenario.title == draft.title))
        if same is not None and same != row.id:
            raise Refused(_("There is a scenario of this title already."), field="title")
        for kind, number, field in (
            (Cluster, draft.cluster_id, "cluster_id"),
            (District, draft.district_id, "district_id"),
            (Person, draft.owner_id, "owner_id"),
        ):
            if number is not None and session.get(kind, number) is None:
                raise Refused(_("Choose one of the list."), field=field)
    if draft.open_from and draft.open_until and draft.open_from > draft.open_until:
        raise Refused(_("It ends before it begins."), field="open_until")
    for name, value in vars(draft).items():
        setattr(row, name, value)
