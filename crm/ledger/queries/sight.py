"""How far a reader sees: which projects' rows he may read, told by the numbers of the fewer side.

Joined to a million rows, the conditions of a project's scope cost seconds; asked once of the projects
themselves they cost little. Who stands at the top of the tree reads all but confidential projects, so
for him the few that he may not read are told; for everybody else the few that he may.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, not_, select
from sqlalchemy.orm import Session

from crm.accounts.rules import Permission
from crm.core.actor import Actor
from crm.counting.models import StandingRow
from crm.projects.models import Project
from crm.projects.queries.scope import readable, secret


@dataclass(frozen=True)
class Sight:
    """The projects that a reader may read.

    Attributes:
        wide: `numbers` are those that he may not read; else those that he may.
    """

    wide: bool
    numbers: frozenset[int]

    @property
    def readable(self) -> ColumnElement[bool]:
        """Rows that he may read."""
        told = among(StandingRow.project_id, self.numbers)
        return not_(told) if self.wide else told


def sight(session: Session, actor: Actor) -> Sight:
    """The reader's sight; nothing where his role reads no project."""
    if not actor.may(Permission.PROJECT_READ):
        return Sight(False, frozenset())
    if len(actor.unit_path.strip("/").split("/")) == 1:
        return Sight(True, hidden(session, actor))
    return Sight(False, frozenset(session.scalars(select(Project.id).where(readable(actor)))))


def hidden(session: Session, actor: Actor) -> frozenset[int]:
    """The confidential projects that he may not read."""
    query = select(Project.id).where(and_(secret(), not_(readable(actor))))
    return frozenset(session.scalars(query))


def among(column: Any, numbers: Collection[int]) -> ColumnElement[bool]:
    """The column is one of the numbers, however many: written into the statement, for they are ours."""
    found: ColumnElement[bool] = column.in_(
        bindparam(None, sorted(numbers), expanding=True, literal_execute=True, unique=True)
    )
    return found
