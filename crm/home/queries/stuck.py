"""What is stuck, in the reader's scope: leads that nobody moves, projects past the day they were to start."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, joinedload

from crm.core.actor import Actor
from crm.leads.models import FOREVER, Lead
from crm.leads.queries.scope import readable as leads_readable
from crm.leads.queries.staleness import deadlines, overstayed, silent
from crm.projects.models import Project
from crm.projects.queries.listing import reached_condition
from crm.projects.queries.scope import readable as projects_readable
from crm.projects.rules.kinds import Milestone, Relation

MOST = 5
"""Rows of each kind that a first page has room for."""


@dataclass(frozen=True)
class Stuck:
    """How many, and the largest of them.

    Attributes:
        leads: silent, or longer in their stage than its limit.
        projects: planned to start before today, and not reported as started.
    """

    lead_count: int
    leads: list[Lead]
    project_count: int
    projects: list[Project]


def stuck(session: Session, actor: Actor, today: date, *, most: int = MOST) -> Stuck:
    """In five reads, however many there are."""
    limits = deadlines(session, today)
    slow = (leads_readable(actor), or_(silent(limits), overstayed(limits)))
    late = (projects_readable(actor), *_not_started(today))
    leads = select(Lead).where(*slow).order_by(Lead.amount_low.desc(), Lead.id)
    projects = (
        select(Project)
        .options(joinedload(Project.district))
        .where(*late)
        .order_by(Project.agreed.desc(), Project.id)
    )
    return Stuck(
        lead_count=session.scalar(select(func.count()).select_from(Lead).where(*slow)) or 0,
        leads=list(session.scalars(leads.limit(most))),
        project_count=session.scalar(select(func.count()).select_from(Project).where(*late)) or 0,
        projects=list(session.scalars(projects.limit(most))),
    )


def _not_started(today: date) -> tuple[ColumnElement[bool], ...]:
    return (
        Project.planned_start < today,
        Project.terminated_on == FOREVER,
        Project.relation != Relation.INCREASE,
        ~reached_condition(Milestone.STARTED),
    )
