"""Somebody leaves or moves: what he has in hand goes to a colleague, in the transaction that lets him go."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

import crm.accounts.operations
import crm.companies.operations.head_firms
import crm.companies.operations.sharing
import crm.leads.operations.care
from crm.accounts.models import Person
from crm.accounts.queries import in_scope
from crm.accounts.rules import GRANTS, Permission
from crm.audit.operations import record, record_values
from crm.companies.models import HeadFirm
from crm.core.actor import Actor
from crm.core.errors import Forbidden, Missing, Refused
from crm.projects.models import Project
from crm.projects.queries import scope
from crm.projects.queries.detail import share_with
from crm.projects.queries.handover import work_of


def hand_over(
    session: Session, actor: Actor, person_id: int, to_id: int | None, *, now: datetime
) -> None:
    """Give a person's leads, scenarios, projects and head firms to another; to himself: into his new unit.

    Raises:
        Forbidden: the actor does not manage people.
        Refused: there is work and nobody able to take it was chosen.
    """
    if not actor.may(Permission.PEOPLE_MANAGE):
        raise Forbidden
    person = session.get(Person, person_id, with_for_update=True)
    if person is None:
        raise Missing
    work = work_of(session, person_id)
    if not work.any:
        return
    heir = session.get(Person, to_id) if to_id is not None else None
    if heir is None or not heir.active or Permission.LEAD_WRITE not in GRANTS[heir.role]:
        raise Refused(_("Choose an active colleague who can take the work."), "to_id")
    crm.leads.operations.care.hand_over(session, actor, person_id, heir.id, now=now)
    owned = select(Project).where(Project.owner_id == person_id).order_by(Project.id)
    for project in session.scalars(owned.with_for_update()).all():
        _give(session, actor, project, heir, now)
    firms = select(HeadFirm.id).where(HeadFirm.owner_id == person_id).order_by(HeadFirm.id)
    for head_firm_id in session.scalars(firms).all():
        crm.companies.operations.head_firms.give_head_firm(
            session, actor, head_firm_id, heir.id, now=now
        )
    record_values(
        session, actor, "work.handed_over", person, now=now, after={"to": heir.name, **vars(work)}
    )


def let_go(
    session: Session, actor: Actor, person_id: int, to_id: int | None, *, now: datetime
) -> None:
    """Hand over what a person has, then disable his account."""
    if to_id == person_id:
        raise Refused(_("Choose somebody else."), "to_id")
    hand_over(session, actor, person_id, to_id, now=now)
    crm.accounts.operations.disable(session, actor, person_id, now)


def move_away(
    session: Session,
    actor: Actor,
    person_id: int,
    to_id: int | None,
    unit_id: int | None,
    *,
    now: datetime,
) -> None:
    """Put a person into another unit; his work goes to a colleague, or with him if he is chosen himself."""
    if unit_id is None:
        raise Refused(_("Choose the new unit."), "unit_id")
    if to_id != person_id:
        hand_over(session, actor, person_id, to_id, now=now)
    crm.accounts.operations.move_person(session, actor, person_id, unit_id, now)
    if to_id == person_id:
        hand_over(session, actor, person_id, to_id, now=now)


def assign(
    session: Session, actor: Actor, project_id: int, owner_id: int, *, now: datetime
) -> Project:
    """Give one project to a colleague of the actor's unit or below; it then belongs to that one's unit."""
    row = scope.locked_to_supervise(session, actor, project_id, Permission.PROJECT_WRITE_UNIT)
    heir = session.scalar(
        select(Person).where(Person.id == owner_id, Person.active, in_scope(actor))
    )
    if heir is None or Permission.PROJECT_WRITE not in GRANTS[heir.role]:
        raise Refused(_("Choose a colleague of your unit who works on projects."), "owner_id")
    _give(session, actor, row, heir, now)
    return row


def _give(session: Session, actor: Actor, row: Project, heir: Person, now: datetime) -> None:
    row.owner_id, row.unit_id = heir.id, heir.unit_id
    row.version += 1
    record(session, actor, "project.assigned", row, now=now)
    units, people = share_with(session, row)
    crm.companies.operations.sharing.share(
        session,
        company_id=row.company_id,
        via=("project", row.id),
        units=units,
        people=people,
        lead_id=row.lead_id,
    )
