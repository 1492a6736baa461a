"""Handing the facts of projects to counting, in the transaction that changes them.

The last thing an operation does: counting takes its lock after the rows of the project.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from crm.core.actor import Actor
from crm.counting.operations.deciding import decide_projects
from crm.counting.operations.gathering import Gathered
from crm.counting.rules.decisions import Decision
from crm.projects.queries.facts import facts_of


def hand(
    session: Session, actor: Actor, project_ids: Collection[int], *, now: datetime
) -> list[Decision]:
    """Let counting decide on projects as they are now, in the order of their numbers.

    Many at once cost no more queries than one. Where they are gathered, it decides nothing yet.
    """
    session.flush()
    if (gathered := Gathered.of(session)) is not None:
        gathered.projects.update(project_ids)
        return []
    return decide_projects(session, actor, facts_of(session, project_ids), now=now)
