"""What somebody has in hand, counted for whoever hands it over: no names, no figures."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crm.accounts.models import Person, Unit
from crm.accounts.rules import GRANTS, Permission, Role
from crm.companies.models import HeadFirm
from crm.leads.models import Lead, Scenario
from crm.projects.models import Project


@dataclass(frozen=True)
class Work:
    """How much a person has; leads and projects with the closed ones, which need an owner too."""

    leads: int
    projects: int
    head_firms: int
    scenarios: int

    @property
    def any(self) -> bool:
        """Whether there is anything to hand over."""
        return bool(self.leads or self.projects or self.head_firms or self.scenarios)


def work_of(session: Session, person_id: int) -> Work:
    """What a person owns, in one query. The caller manages people; he learns counts only."""
    owned = (Lead, Project, HeadFirm, Scenario)
    counts = [
        select(func.count()).where(kind.owner_id == person_id).scalar_subquery() for kind in owned
    ]
    return Work(*session.execute(select(*counts)).one())


def heirs(session: Session, but: int) -> list[tuple[int, str]]:
    """(id, "name · unit") of the active people who can own work, but one."""
    able = [role for role in Role if Permission.LEAD_WRITE in GRANTS[role]]
    rows = session.execute(
        select(Person.id, Person.name, Unit.name)
        .join(Person.unit)
        .where(Person.active, Person.id != but, Person.role.in_(able))
        .order_by(Unit.path, Person.name_pinyin, Person.id)
    )
    return [(number, f"{name} · {unit}") for number, name, unit in rows]
