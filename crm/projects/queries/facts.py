"""What counting looks at of projects: their facts, whole, in a constant number of queries.

Not scoped: whether a project counts does not depend on who asks, and confidentiality is no fact.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, aliased

from crm.catalog.models import Chain
from crm.counting.rules.facts import (
    Debt,
    Kind,
    Place,
    Planned,
    ProjectFacts,
    Purse,
    Signing,
    Works,
)
from crm.leads.models import FOREVER
from crm.projects.models import Owed, PlannedFunds, Project, Reached
from crm.projects.rules.kinds import Milestone

First = aliased(Project)
"""The first project, of a later phase or capital increase."""


LOOKED_AT = (
    "id", "kind", "agreed", "signed_on", "relation", "phase_one", "construction",
    "inside_old_plant", "moved_from", "funding", "fiscal", "fiscal_in_phase_one", "increment",
    "filing_code", "earlier_signing_id", "terminated_on", "district_id", "chain_id", "node_id",
    "position", "model_id", "head_firm_id", "scenario_id",
)  # fmt: skip
"""The columns of a project that its facts are made of."""

ByMilestone = dict[Milestone, Any]
"""What was reported and recognised of each."""


def facts_of(session: Session, project_ids: Collection[int]) -> list[ProjectFacts]:
    """The facts of some projects, in the order of their numbers: four queries, however many they are."""
    told = {"numbers": list(project_ids)}
    rows = session.execute(_PROJECTS, told).all()
    reached: dict[int, ByMilestone] = defaultdict(dict)
    for row in session.execute(_REACHED, told):
        reached[row.project_id][row.milestone] = row
    debts: dict[int, list[Debt]] = defaultdict(list)
    for debt in session.execute(_OWED, told):
        since = reached[debt.project_id][debt.milestone].reported_on
        told_of = Debt(debt.demand, since, debt.due_on, debt.settled_on)
        debts[debt.project_id].append(told_of)
    planned: dict[int, list[Planned]] = defaultdict(list)
    for plan in session.execute(_PLANNED, told):
        planned[plan.project_id].append(Planned(plan.year, plan.amount))
    return [_facts(row, reached[row.id], debts[row.id], planned[row.id]) for row in rows]


_NUMBERS: Any = bindparam("numbers", expanding=True)
_PROJECTS = (
    select(
        *(getattr(Project, name) for name in LOOKED_AT),
        Chain.cluster_id,
        First.filing_code.label("first_filing_code"),
    )
    .outerjoin(Chain, Chain.id == Project.chain_id)
    .outerjoin(First, First.id == Project.parent_id)
    .where(Project.id.in_(_NUMBERS))
    .order_by(Project.id)
)
_REACHED = select(
    Reached.project_id,
    Reached.milestone,
    Reached.reported_on,
    Reached.accepted_on,
    Reached.recognised_on,
).where(Reached.project_id.in_(_NUMBERS))
_OWED = (
    select(Owed.project_id, Owed.milestone, Owed.demand, Owed.due_on, Owed.settled_on)
    .where(Owed.project_id.in_(_NUMBERS))
    .order_by(Owed.id)
)
"""What was and is owed, in the order in which it fell due."""
_PLANNED = (
    select(PlannedFunds.project_id, PlannedFunds.year, PlannedFunds.amount)
    .where(PlannedFunds.project_id.in_(_NUMBERS))
    .order_by(PlannedFunds.year)
)


def _facts(
    row: Any,
    reached: ByMilestone,
    debts: list[Debt],
    planned: list[Planned],
) -> ProjectFacts:
    start = reached.get(Milestone.STARTED)
    return ProjectFacts(
        project=row.id,
        place=place_of(row, row.cluster_id),
        kind=Kind(row.kind.value),
        total=row.agreed,
        signed_on=row.signed_on,
        signing=Signing(row.relation.value),
        phase_one=row.phase_one,
        works=Works(row.construction.value),
        inside_old_plant=row.inside_old_plant,
        moved_from=row.moved_from,
        purse=Purse(row.funding.value),
        fiscal=row.fiscal,
        fiscal_in_phase_one=row.fiscal_in_phase_one,
        increment=row.increment,
        filing_code=row.filing_code,
        first_filing_code=row.first_filing_code or "",
        earlier_signing=row.earlier_signing_id,
        planned=tuple(planned),
        reported_on=start.reported_on if start else None,
        accepted_on=start.accepted_on if start else None,
        recognised_on=start.recognised_on if start else None,
        debts=tuple(debts),
        terminated_on=None if row.terminated_on == FOREVER else row.terminated_on,
    )


def place_of(row: Any, cluster: int | None) -> Place:
    """By what its figures are split."""
    anchors = (("head_firm", row.head_firm_id), ("scenario", row.scenario_id))
    return Place(
        district=row.district_id,
        cluster=cluster,
        chain=row.chain_id,
        node=row.node_id,
        position=row.position.value if row.position else "",
        model=row.model_id,
        anchor=next((f"{kind}:{number}" for kind, number in anchors if number), ""),
    )


def plan_of(session: Session, project_id: int) -> dict[int, PlannedFunds]:
    """The rows of a project's plan, by year."""
    rows = select(PlannedFunds).where(PlannedFunds.project_id == project_id)
    return {row.year: row for row in session.scalars(rows.order_by(PlannedFunds.year))}


def family_of(session: Session, project_id: int) -> list[int]:
    """A project with its phases and increases: whose facts change with its filing code."""
    query = select(Project.id).where((Project.id == project_id) | (Project.parent_id == project_id))
    return list(session.scalars(query.order_by(Project.id)))


def signings_before(session: Session, project_id: int) -> list[int]:
    """The signings that a project says came before it, the latest first; none of them twice."""
    found: list[int] = []
    number: int | None = project_id
    while number is not None:
        query = select(Project.earlier_signing_id).where(Project.id == number)
        number = session.scalar(query)
        if number is None or number in found:
            break
        found.append(number)
    return found
