"""What lies ahead and around the week: starts promised, visits out and receptions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from crm.activities.models import Activity, Problem
from crm.activities.queries import known, overdue
from crm.activities.rules import ActivityKind
from crm.agenda.queries.matters import lives
from crm.catalog.models import Term
from crm.core.actor import Actor
from crm.leads.models import Lead
from crm.leads.queries.scope import readable as leads_readable
from crm.meeting.rules import SOON
from crm.projects.models import Project
from crm.projects.queries.listing import reached_condition
from crm.projects.queries.scope import readable as projects_readable
from crm.projects.rules.kinds import Milestone

MOST = 30


def promised(session: Session, actor: Actor, on: date) -> list[Project]:
    """Projects that are to start within a month of a day and had not by then, the earliest first."""
    return list(
        session.scalars(
            select(Project)
            .options(joinedload(Project.company), joinedload(Project.district))
            .where(
                projects_readable(actor),
                lives(),
                Project.planned_start.between(on, on + SOON),
                ~reached_condition(Milestone.STARTED, by=on),
            )
            .order_by(Project.planned_start, Project.id)
            .limit(MOST)
        )
    )


def late_problems(session: Session, actor: Actor, today: date) -> list[tuple[Term, int]]:
    """The departments with problems past their day, those with most first."""
    count = func.count()
    query = (
        select(Term, count)
        .join(Problem, Problem.department_id == Term.id)
        .where(known(actor), overdue(today))
        .group_by(Term.id)
        .order_by(count.desc(), Term.sort, Term.id)
    )
    return [(term, number) for term, number in session.execute(query)]


@dataclass(frozen=True)
class Met:
    """A visit or a reception, with the lead or project it was about."""

    activity: Activity
    lead: Lead | None
    project: Project | None


def met(session: Session, actor: Actor, since: date, on: date) -> list[Met]:
    """Visits out and receptions after `since` up to the day, the latest first; who went is as written."""
    query = (
        select(Activity, Lead, Project)
        .outerjoin(Lead, Lead.id == Activity.lead_id)
        .outerjoin(Project, Project.id == Activity.project_id)
        .where(
            Activity.kind.in_([ActivityKind.VISIT, ActivityKind.RECEPTION]),
            Activity.held_on > since,
            Activity.held_on <= on,
            or_(
                Activity.lead_id.in_(select(Lead.id).where(leads_readable(actor)).correlate(None)),
                Activity.project_id.in_(
                    select(Project.id).where(projects_readable(actor)).correlate(None)
                ),
            ),
        )
        .order_by(Activity.held_on.desc(), Activity.id.desc())
        .limit(MOST)
    )
    return [Met(activity, lead, project) for activity, lead, project in session.execute(query)]
