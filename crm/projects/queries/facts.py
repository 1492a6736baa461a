"""What counting looks at of projects: their facts, whole, in a constant number of queries.

Not scoped: whether a project counts does not depend on who asks, and confidentiality is no fact.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import select
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


def facts_of(session: Session, project_ids: Collection[int]) -> list[ProjectFacts]:
    """The facts of some projects, in the order of their numbers: four queries, however many they are."""
    rows = session.execute(
        select(Project, Chain.cluster_id, First.filing_code)
        .outerjoin(Chain, Chain.id == Project.chain_id)
        .outerjoin(First, First.id == Project.parent_id)
        .where(Project.id.in_(project_ids))
        .order_by(Project.id)
    ).all()
    reached = _reached(session, project_ids)
    debts = _debts(session, project_ids, reached)
    planned = _planned(session, project_ids)
    return [
        _facts(row, cluster, first or "", reached[row.id], debts[row.id], planned[row.id])
        for row, cluster, first in rows
    ]


ByMilestone = dict[Milestone, Reached]


def _reached(session: Session, project_ids: Collection[int]) -> dict[int, ByMilestone]:
    found: dict[int, ByMilestone] = defaultdict(dict)
    for row in session.scalars(select(Reached).where(Reached.project_id.in_(project_ids))):
        found[row.project_id][row.milestone] = row
    return found


def _debts(
    session: Session, project_ids: Collection[int], reached: dict[int, ByMilestone]
) -> dict[int, list[Debt]]:
    """What was and is owed, from the day each milestone was reached; in the order it fell due."""
    found: dict[int, list[Debt]] = defaultdict(list)
    query = select(Owed).where(Owed.project_id.in_(project_ids)).order_by(Owed.id)
    for row in session.scalars(query):
        since = reached[row.project_id][row.milestone].reported_on
        debt = Debt(row.demand, since, row.due_on, row.settled_on)
        found[row.project_id].append(debt)
    return found


def _planned(session: Session, project_ids: Collection[int]) -> dict[int, list[Planned]]:
    found: dict[int, list[Planned]] = defaultdict(list)
    query = select(PlannedFunds).where(PlannedFunds.project_id.in_(project_ids))
    for row in session.scalars(query.order_by(PlannedFunds.year)):
        found[row.project_id].append(Planned(row.year, row.amount))
    return found


def _facts(
    row: Project,
    cluster: int | None,
    first_filing_code: str,
    reached: ByMilestone,
    debts: list[Debt],
    planned: list[Planned],
) -> ProjectFacts:
    start = reached.get(Milestone.STARTED)
    return ProjectFacts(
        project=row.id,
        place=place_of(row, cluster),
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
        first_filing_code=first_filing_code,
        earlier_signing=row.earlier_signing_id,
        planned=tuple(planned),
        reported_on=start.reported_on if start else None,
        accepted_on=start.accepted_on if start else None,
        recognised_on=start.recognised_on if start else None,
        debts=tuple(debts),
        terminated_on=None if row.terminated_on == FOREVER else row.terminated_on,
    )


def place_of(row: Project, cluster: int | None) -> Place:
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
