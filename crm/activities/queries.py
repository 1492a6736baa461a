"""Reads of follow-ups; their scope is the lead's or project's."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload, selectinload

import crm.leads.queries.detail
import crm.projects.queries.detail
from crm.activities.models import Activity
from crm.core.actor import Actor
from crm.core.paging import Page, Sort, turn

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
