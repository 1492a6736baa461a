"""Reads of follow-ups and problems; their scope is the lead's or project's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

import crm.leads.queries.detail
import crm.projects.queries.detail
from crm.activities.models import Activity, Problem, ProblemAnswer
from crm.activities.rules import ProblemKind, ProblemState
from crm.core.actor import Actor
from crm.core.errors import Missing
from crm.core.forms import row_number
from crm.core.paging import Page, Sort, turn
from crm.leads.models import Lead
from crm.leads.queries.scope import readable as leads_readable
from crm.projects.models import Project
from crm.projects.queries.scope import readable as projects_readable

SIZE = 10


def of_lead(
    session: Session, actor: Actor, lead_id: int, after: str | None = None
) -> Page[Activity]:
    """A lead's follow-ups, the latest contact first, with who logged them and their files.

    Raises:
        Missing: the actor may not read the lead.
    """
    crm.leads.queries.detail.brief(session, actor, lead_id)
    return _page(session, Activity.lead_id == lead_id, after)


def of_project(
    session: Session, actor: Actor, project_id: int, after: str | None = None
) -> Page[Activity]:
    """A project's follow-ups, as `of_lead`."""
    crm.projects.queries.detail.project(session, actor, project_id)
    return _page(session, Activity.project_id == project_id, after)


def _page(session: Session, where: ColumnElement[bool], after: str | None) -> Page[Any]:
    query = (
        select(Activity)
        .options(joinedload(Activity.author), selectinload(Activity.files))
        .where(where)
    )
    sort = Sort(Activity.held_on.expression, Activity.id.expression, descending=True)
    return turn(session, query, sort, after=after, size=SIZE)


# --- problems ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ProblemFilter:
    """What the list of problems is narrowed to; without a state the open ones."""

    state: ProblemState | None = None
    kind: ProblemKind | None = None
    department: int | None = None
    mine: bool = False

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> ProblemFilter:
        """The filter in an address; what cannot be read is no filter."""
        state, kind = args.get("state", ""), args.get("kind", "")
        return cls(
            state=ProblemState(state) if state in list(ProblemState) else None,
            kind=ProblemKind(kind) if kind in list(ProblemKind) else None,
            department=row_number(args.get("department", "")),
            mine=args.get("mine") == "1",
        )


SHOWN = (
    joinedload(Problem.department),
    joinedload(Problem.author),
    joinedload(Problem.lead).joinedload(Lead.owner),
    joinedload(Problem.project).joinedload(Project.owner),
    selectinload(Problem.answers).joinedload(ProblemAnswer.author),
)
"""What a line and the page of a problem show."""


def known(actor: Actor) -> ColumnElement[bool]:
    """The problems of leads and projects that the actor reads."""
    return or_(
        Problem.lead_id.in_(select(Lead.id).where(leads_readable(actor))),
        Problem.project_id.in_(select(Project.id).where(projects_readable(actor))),
    )


def problem(session: Session, actor: Actor, problem_id: int) -> Problem:
    """One problem with its answers.

    Raises:
        Missing: the actor may not read its lead or project.
    """
    query = select(Problem).where(Problem.id == problem_id, known(actor)).options(*SHOWN)
    if (found := session.scalar(query)) is None:
        raise Missing
    return found


def problem_locked(session: Session, actor: Actor, problem_id: int) -> Problem:
    """The same about to be changed, its row locked."""
    query = select(Problem).where(Problem.id == problem_id, known(actor))
    fresh = query.with_for_update().execution_options(populate_existing=True)
    if (found := session.scalar(fresh)) is None:
        raise Missing
    return found


def problems(
    session: Session,
    actor: Actor,
    wanted: ProblemFilter,
    today: date,
    *,
    after: str | None = None,
    before: str | None = None,
) -> Page[Problem]:
    """A page of the problems the actor may know of, what is due first first."""
    query = select(Problem).where(*_wanted(actor, wanted, today)).options(*SHOWN)
    sort = Sort(Problem.due_on.expression, Problem.id.expression)
    return turn(session, query, sort, after=after, before=before)


def problem_count(session: Session, actor: Actor, wanted: ProblemFilter, today: date) -> int:
    """How many the same filter gives in all."""
    query: Select[int] = select(func.count()).select_from(Problem)
    return session.scalar(query.where(*_wanted(actor, wanted, today))) or 0


def problems_of(
    session: Session, actor: Actor, *, lead_id: int | None = None, project_id: int | None = None
) -> list[Problem]:
    """All problems of one lead or project, the open ones first, then by day.

    Raises:
        Missing: the actor may not read it.
    """
    if lead_id is not None:
        crm.leads.queries.detail.brief(session, actor, lead_id)
    else:
        crm.projects.queries.detail.project(session, actor, project_id or 0)
    of = Problem.lead_id == lead_id if lead_id is not None else Problem.project_id == project_id
    query = select(Problem).where(of).options(*SHOWN)
    order = (Problem.solved_on.is_not(None), Problem.due_on, Problem.id)
    return list(session.scalars(query.order_by(*order)))


def overdue(today: date) -> ColumnElement[bool]:
    """Problems past their day: what the work page, the letter and the meeting name."""
    return Problem.solved_on.is_(None) & (Problem.due_on < today)


def _wanted(actor: Actor, wanted: ProblemFilter, today: date) -> list[ColumnElement[bool]]:
    found = [known(actor)]
    if wanted.state is ProblemState.SOLVED:
        found.append(Problem.solved_on.is_not(None))
    else:
        found.append(Problem.solved_on.is_(None))
    if wanted.state is ProblemState.OVERDUE:
        found.append(overdue(today))
    if wanted.kind is not None:
        found.append(Problem.kind == wanted.kind)
    if wanted.department is not None:
        found.append(Problem.department_id == wanted.department)
    if wanted.mine:
        found.append(
            or_(
                Problem.lead_id.in_(select(Lead.id).where(Lead.owner_id == actor.id)),
                Problem.project_id.in_(select(Project.id).where(Project.owner_id == actor.id)),
            )
        )
    return found
