"""One project and everything that hangs on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from crm.accounts.models import Person
from crm.accounts.rules import Permission
from crm.catalog.models import Chain, District, park_district
from crm.companies.models import HeadFirm
from crm.core.actor import Actor
from crm.core.errors import Missing
from crm.leads.models import FOREVER, Lead, lead_collaborator
from crm.leads.queries.scope import readable as lead_readable
from crm.projects.models import Permit, Project, Promise, Reached
from crm.projects.queries.scope import (
    markable,
    promises_readable,
    readable,
    secret,
    supervised,
    writable,
)
from crm.projects.rules.kinds import Milestone, PermitKind, PermitState, Relation


@dataclass(frozen=True)
class Rights:
    """What the actor may do to a project he reads."""

    write: bool
    recognise: bool
    correct: bool
    terminate: bool
    mark: bool
    secret: bool


def project(session: Session, actor: Actor, project_id: int) -> Project:
    """A project he may read, with what every page of it shows. Missing otherwise."""
    found = session.scalar(
        select(Project)
        .options(
            joinedload(Project.company),
            joinedload(Project.brought_by),
            joinedload(Project.lead),
            joinedload(Project.parent),
            selectinload(Project.planned_funds),
            joinedload(Project.district),
            joinedload(Project.park),
            joinedload(Project.chain).joinedload(Chain.cluster),
            joinedload(Project.node),
            joinedload(Project.model),
            joinedload(Project.head_firm).joinedload(HeadFirm.company),
            joinedload(Project.scenario),
            joinedload(Project.unit),
            joinedload(Project.owner),
            joinedload(Project.termination_reason),
            selectinload(Project.tags),
        )
        .where(Project.id == project_id, readable(actor))
    )
    if found is None:
        raise Missing
    return found


def rights(session: Session, actor: Actor, project_id: int) -> Rights:
    """What he may do to it, in one query."""
    columns = (
        writable(actor),
        supervised(actor, Permission.RECOGNISE),
        supervised(actor, Permission.PROJECT_CORRECT),
        supervised(actor, Permission.PROJECT_WRITE_UNIT),
        markable(actor),
        secret(),
    )
    found = [
        select(func.count()).where(Project.id == project_id, condition).scalar_subquery()
        for condition in columns
    ]
    row = session.execute(select(*found)).one()
    return Rights(*(bool(count) for count in row))


def may_write(session: Session, actor: Actor, project_id: int) -> bool:
    """Whether he may change it."""
    query = select(Project.id).where(Project.id == project_id, writable(actor))
    return session.scalar(query) is not None


def reached(session: Session, project_id: int) -> dict[Milestone, Reached]:
    """The milestones reported for a project. The caller may read it."""
    rows = session.scalars(
        select(Reached)
        .options(joinedload(Reached.department), joinedload(Reached.reporter))
        .where(Reached.project_id == project_id)
    )
    return {row.milestone: row for row in rows}


def permits(session: Session, project_id: int) -> list[Permit]:
    """The four permits in their order; those nobody has written of yet are missing, without an id."""
    rows = session.scalars(
        select(Permit).options(joinedload(Permit.department)).where(Permit.project_id == project_id)
    )
    known = {row.kind: row for row in rows}
    return [known.get(kind) or blank_permit(project_id, kind) for kind in PermitKind]


def blank_permit(project_id: int, kind: PermitKind) -> Permit:
    """A permit of which nothing is known yet."""
    return Permit(
        project_id=project_id, kind=kind, state=PermitState.MISSING, number="", note="", version=0
    )


def promises(session: Session, actor: Actor, project_id: int) -> list[Promise]:
    """The promised conditions, for those who read them; Missing for all others."""
    promised_project(session, actor, project_id)
    return list(
        session.scalars(
            select(Promise).where(Promise.project_id == project_id).order_by(Promise.id)
        )
    )


def promised_project(session: Session, actor: Actor, project_id: int) -> Project:
    """The project as the page of its promises names it: the auditor reads no more of it than that."""
    found = session.scalar(
        select(Project)
        .options(joinedload(Project.owner), joinedload(Project.unit))
        .where(Project.id == project_id, promises_readable(actor))
    )
    if found is None:
        raise Missing
    return found


@dataclass(frozen=True)
class Promised:
    """A project with promised conditions, for the list of promises."""

    id: int
    number: str
    name: str
    promises: int


def promised_projects(session: Session, actor: Actor) -> list[Promised]:
    """Projects with promised conditions that he may read, the latest signed first."""
    rows = session.execute(
        select(Project.id, Project.number, Project.name, func.count(Promise.id))
        .join(Promise, Promise.project_id == Project.id)
        .where(promises_readable(actor))
        .group_by(Project.id, Project.number, Project.name, Project.signed_on)
        .order_by(Project.signed_on.desc(), Project.id.desc())
        .limit(500)
    )
    return [Promised(*row) for row in rows]


def collaborators(session: Session, lead_id: int | None) -> list[Person]:
    """Who works on the lead beside its owner."""
    if lead_id is None:
        return []
    lead = session.scalar(
        select(Lead).options(selectinload(Lead.collaborators)).where(Lead.id == lead_id)
    )
    return list(lead.collaborators) if lead else []


def first_projects(session: Session, actor: Actor) -> list[Project]:
    """Projects that a phase or a capital increase can be attached to."""
    return list(
        session.scalars(
            select(Project)
            .where(
                writable(actor),
                Project.relation == Relation.FIRST,
                Project.terminated_on == FOREVER,
            )
            .order_by(Project.pinyin, Project.id)
            .limit(500)
        )
    )


def earlier_signing(session: Session, actor: Actor, project: Project) -> Project | None:
    """The project under which the same thing was signed before, where he may read that one."""
    return session.scalar(
        select(Project).where(Project.id == project.earlier_signing_id, readable(actor))
    )


def signed_before(session: Session, actor: Actor, project: Project) -> list[Project]:
    """What he reads of the same investor's earlier signings: most likely one of them is meant."""
    return list(
        session.scalars(
            select(Project)
            .where(
                readable(actor),
                Project.company_id == project.company_id,
                Project.id != project.id,
                Project.signed_on <= project.signed_on,
            )
            .order_by(Project.signed_on.desc(), Project.id.desc())
            .limit(20)
        )
    )


def living_of_lead(session: Session, lead_id: int) -> int:
    """How many projects of a lead are not terminated; no scope: a rule asks, not a reader."""
    return (
        session.scalar(
            select(func.count()).where(Project.lead_id == lead_id, Project.terminated_on == FOREVER)
        )
        or 0
    )


def last_day(project: Project, reached: dict[Milestone, Reached]) -> date:
    """The latest day anything of it holds for; nothing that ends it can be earlier."""
    return max([project.signed_on, *(one.reported_on for one in reached.values())])


def park_lies_in(session: Session, park_id: int, district_id: int) -> bool:
    """Whether a park stands in a district, wholly or in part."""
    query = select(park_district.c.park_id).where(
        park_district.c.park_id == park_id, park_district.c.district_id == district_id
    )
    return session.scalar(query) is not None


def share_with(session: Session, project: Project) -> tuple[list[tuple[int, bool]], list[int]]:
    """Who reads the project's company because of it: (unit, managers only) and people.

    A confidential project opens its company to its owner's managers, its owner and collaborators.
    Collaborators read the lead's own investor through the lead, as long as they collaborate.
    """
    hidden = session.scalar(select(func.count()).where(Project.id == project.id, secret())) == 1
    units = [(project.unit_id, hidden)]
    landing = session.scalar(select(District.unit_id).where(District.id == project.district_id))
    if landing and landing != project.unit_id and not hidden:
        units.append((landing, False))
    together = (
        select(lead_collaborator.c.person_id)
        .join(Lead, Lead.id == lead_collaborator.c.lead_id)
        .where(Lead.id == project.lead_id, Lead.company_id != project.company_id)
    )
    return units, sorted({project.owner_id, *session.scalars(together)})


def owners(session: Session, actor: Actor) -> list[tuple[int, str]]:
    """Who owns a project that the actor reads, by name: for the filter."""
    ids = select(Project.owner_id).where(readable(actor)).distinct()
    rows = session.execute(
        select(Person.id, Person.name)
        .where(Person.id.in_(ids))
        .order_by(Person.name_pinyin, Person.id)
    )
    return [(number, name) for number, name in rows]


def reads_lead(session: Session, actor: Actor, lead_id: int) -> bool:
    """Whether the actor may open a lead: a landing district reads projects of leads that it does not."""
    query = select(Lead.id).where(Lead.id == lead_id, lead_readable(actor))
    return session.scalar(query) is not None
