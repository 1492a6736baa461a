"""How far a reader sees: which projects' rows he may read, told by districts and the few exceptions.

Joined to a million rows, the conditions of a project's scope cost seconds; asked once of the projects
themselves they cost little. Whoever reads a district reads all that lands there but a few confidential
projects, so these are told, and what he may read elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, not_, or_, select, true
from sqlalchemy.orm import Session

from crm.accounts.rules import Permission
from crm.core.actor import Actor
from crm.core.listed import among
from crm.counting.models import StandingRow
from crm.projects.models import Project
from crm.projects.queries.scope import grounds, landing, readable, secrets


@dataclass(frozen=True)
class Sight:
    """The projects that a reader may read.

    Attributes:
        districts: where he reads all projects but those `away`; None: in the whole city.
        away: the confidential projects that he may not read, wherever they are.
        own: the projects that he may read in the other districts.
    """

    districts: frozenset[int] | None
    away: frozenset[int]
    own: frozenset[int]

    def within(self, district: int) -> bool:
        """Whether he reads all of a district but what is away."""
        return self.districts is None or district in self.districts

    @property
    def near(self) -> ColumnElement[bool]:
        """Rows of those districts."""
        return true() if self.districts is None else StandingRow.district_id.in_(self.districts)

    @property
    def readable(self) -> ColumnElement[bool]:
        """Rows that he may read."""
        near = and_(self.near, not_(among(StandingRow.project_id, self.away)))
        far = and_(not_(self.near), among(StandingRow.project_id, self.own))
        if self.districts is None:
            return near
        return or_(near, far) if self.districts else far


def sight(session: Session, actor: Actor, known: datetime | None = None) -> Sight:
    """The reader's sight; nothing where his role reads no project.

    Args:
        known: of rows as known at that instant, when a project may have stood in another district.
    """
    away, nothing = hidden(session, actor), frozenset[int]()
    if not actor.may(Permission.PROJECT_READ):
        return Sight(nothing, away, nothing)
    if len(actor.unit_path.strip("/").split("/")) == 1:
        return Sight(None, away, nothing)
    near = nothing if known else frozenset(session.scalars(landing(actor)))
    own = select(Project.id).where(Project.id.in_(grounds(actor, without=near)), readable(actor))
    return Sight(near, away, frozenset(session.scalars(own)))


def hidden(session: Session, actor: Actor) -> frozenset[int]:
    """The confidential projects that he may not read."""
    query = select(Project.id).where(Project.id.in_(secrets()), not_(readable(actor)))
    return frozenset(session.scalars(query))
