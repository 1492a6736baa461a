"""What is owed: one meaning of 待补佐证 for the list, the page, the counters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from crm.core.actor import Actor
from crm.leads.models import FOREVER
from crm.projects.models import Evidence, Owed, Project
from crm.projects.queries.scope import readable
from crm.projects.rules import demands
from crm.projects.rules.demands import Demand, OwedState
from crm.projects.rules.kinds import EvidenceKind, Milestone


@dataclass(frozen=True)
class Debt:
    """A demand of a project on a day, as a page shows it.

    Attributes:
        days: left until the due day; negative once late.
        lacking: what each alternative still lacks; () once one is whole.
        by_company: settled without a paper, since the company's code became known.
    """

    id: int
    demand: Demand
    milestone: Milestone
    due_on: date
    days: int
    state: OwedState
    given: list[Evidence] = field(default_factory=list)
    lacking: tuple[tuple[EvidenceKind, ...], ...] = ()
    by_company: bool = False

    @property
    def asked(self) -> tuple[EvidenceKind, ...]:
        """Every paper that would help, in order: the choices of the form."""
        wanted = {kind for papers in self.lacking for kind in papers}
        return tuple(kind for kind in EvidenceKind if kind in wanted)


def open_owed() -> ColumnElement[bool]:
    """An Owed row that still waits."""
    return Owed.settled_on.is_(None)


def owing() -> ColumnElement[bool]:
    """A Project that owes something."""
    return select(1).where(Owed.project_id == Project.id, open_owed()).correlate(Project).exists()


def debts(session: Session, project_id: int, today: date) -> list[Debt]:
    """Every demand of a project, given ones too, in the order of the milestones. The caller may read it."""
    rows = session.scalars(
        select(Owed)
        .options(
            selectinload(Owed.given).options(
                joinedload(Evidence.attachment), joinedload(Evidence.person)
            )
        )
        .where(Owed.project_id == project_id)
        .order_by(Owed.id)
    ).all()
    found = [_debt(row, today) for row in rows]
    return sorted(found, key=lambda debt: (list(Milestone).index(debt.milestone), debt.id))


def debt(session: Session, project_id: int, owed_id: int, today: date) -> Debt | None:
    """One demand of a project, or None."""
    return next((one for one in debts(session, project_id, today) if one.id == owed_id), None)


@dataclass(frozen=True)
class Owing:
    """How much a project owes: the number of demands and the first due day."""

    count: int
    due_on: date


def owing_of(session: Session, project_ids: Collection[int]) -> dict[int, Owing]:
    """What some projects owe, in one query; those that owe nothing are absent."""
    if not project_ids:
        return {}
    rows = session.execute(
        select(Owed.project_id, func.count(), func.min(Owed.due_on))
        .where(Owed.project_id.in_(project_ids), open_owed())
        .group_by(Owed.project_id)
    )
    return {project_id: Owing(count, due_on) for project_id, count, due_on in rows}


@dataclass(frozen=True)
class OwedLine:
    """A demand that waits, for a list of what somebody has to bring."""

    project_id: int
    project_name: str
    milestone: Milestone
    demand: str
    due_on: date


def owed_by(session: Session, actor: Actor, *, limit: int = 50) -> list[OwedLine]:
    """What the actor's own projects owe, the first due first: for his work page."""
    line = select(Project.id, Project.name, Owed.milestone, Owed.demand, Owed.due_on)
    query = _own(line.select_from(Owed), actor)
    rows = session.execute(query.order_by(Owed.due_on, Owed.id).limit(limit))
    return [OwedLine(*row) for row in rows]


def owed_count(session: Session, actor: Actor) -> int:
    """How many demands wait in the actor's own projects."""
    return int(session.scalar(_own(select(func.count()).select_from(Owed), actor)) or 0)


def _own(query: Any, actor: Actor) -> Any:
    return query.join(Owed.project).where(
        open_owed(),
        Project.owner_id == actor.id,
        readable(actor),
        Project.terminated_on == FOREVER,
    )


def by_milestone(found: list[Debt]) -> dict[Milestone, list[Debt]]:
    """The demands under their milestones."""
    grouped: dict[Milestone, list[Debt]] = defaultdict(list)
    for one in found:
        grouped[one.milestone].append(one)
    return grouped


def _debt(row: Owed, today: date) -> Debt:
    demand = demands.DEMAND[row.demand]
    given = {evidence.kind for evidence in row.given}
    done = row.settled_on is not None
    return Debt(
        id=row.id,
        demand=demand,
        milestone=row.milestone,
        due_on=row.due_on,
        days=(row.due_on - today).days,
        state=demands.owed_state(row.due_on, done, today),
        given=list(row.given),
        lacking=() if done else demands.missing(demand, given),
        by_company=done and not given,
    )
