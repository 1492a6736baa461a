"""Whose projects an actor reads, writes and recognises: every other query starts from here."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    exists,
    false,
    or_,
    select,
    true,
    union,
)
from sqlalchemy.orm import Session

from crm.accounts.queries import units_of
from crm.accounts.rules import Permission
from crm.catalog.models import District
from crm.core.actor import Actor
from crm.core.errors import Forbidden, Missing
from crm.leads.models import Lead, lead_collaborator
from crm.projects.models import Project


def readable(actor: Actor) -> ColumnElement[bool]:
    """What he may know of: his own, his units' and what lands with them, less the confidential ones.

    A project is confidential by its own mark or by its lead's; then owner, the lead's collaborators
    and managers at or above the owner's unit are left.
    """
    if not actor.may(Permission.PROJECT_READ):
        return false()
    return or_(_mine(actor), and_(_in_scope(actor), or_(~secret(), _manages(actor))))


def writable(actor: Actor) -> ColumnElement[bool]:
    """What he may change: his own and what he collaborates on, with the wider permission his scope's."""
    grounds = []
    if actor.may(Permission.PROJECT_WRITE):
        grounds.append(_mine(actor))
    if actor.may(Permission.PROJECT_WRITE_UNIT):
        grounds.append(_in_scope(actor))
    return and_(readable(actor), or_(false(), *grounds))


def markable(actor: Actor) -> ColumnElement[bool]:
    """Whose own mark he may set or lift: his own projects, a manager those of his units.

    As with a lead's mark: not a collaborator, nor the district where it lands.
    """
    mine = and_(Project.owner_id == actor.id, writable(actor))
    return and_(readable(actor), or_(mine, _manages(actor)))


def supervised(actor: Actor, permission: Permission) -> ColumnElement[bool]:
    """What he may recognise or correct: his scope's, if his role gives the permission."""
    return and_(readable(actor), _in_scope(actor)) if actor.may(permission) else false()


def promises_readable(actor: Actor) -> ColumnElement[bool]:
    """Projects whose promised conditions he reads: a manager's scope, and everything for the auditor."""
    if not actor.may(Permission.PROMISE_READ):
        return false()
    return true() if actor.may(Permission.AUDIT_READ) else readable(actor)


def secret() -> ColumnElement[bool]:
    """Confidential by its own mark or its lead's: the lead's need not be copied to be kept."""
    marked = exists(select(1).where(Lead.id == Project.lead_id, Lead.confidential))
    return or_(Project.confidential, marked)


def secrets() -> Select[int]:
    """The numbers of all confidential projects, by the indexes that hold these few alone."""
    marked = select(Project.id).where(Project.confidential)
    leads = select(Lead.id).where(Lead.confidential)
    by_lead = select(Project.id).where(Project.lead_id.in_(leads))
    return select(marked.union(by_lead).subquery().c.id)


def grounds(actor: Actor, without: Collection[int]) -> Select[int]:
    """The numbers of all projects but of some districts that he may have a ground to read, by indexes.

    A condition beside `readable`, never instead of it: read alone, that walks all projects.
    """
    elsewhere = select(Project.id).where(Project.district_id.not_in(without))
    together = select(lead_collaborator.c.lead_id).where(lead_collaborator.c.person_id == actor.id)
    found = union(
        elsewhere.where(Project.owner_id == actor.id),
        elsewhere.where(Project.lead_id.in_(together)),
        elsewhere.where(Project.unit_id.in_(units_of(actor))),
        elsewhere.where(Project.district_id.in_(landing(actor))),
    )
    return select(found.subquery().c.id)


def landing(actor: Actor) -> Select[int]:
    """The districts of his units: what lands there is in his scope, whoever won it."""
    return select(District.id).where(District.unit_id.in_(units_of(actor)))


def locked(session: Session, actor: Actor, project_id: int) -> Project:
    """A project about to be changed by somebody who may, locked until the commit.

    Raises:
        Missing: he may not know of it.
        Forbidden: he reads it and may not change it.
    """
    return locked_all(session, actor, [project_id])[0]


def locked_all(session: Session, actor: Actor, project_ids: Collection[int]) -> list[Project]:
    """As `locked`, for several in the order of their numbers: all of them or an exception."""
    return _take(session, project_ids, _for_change(actor, writable))


def locked_to_supervise(
    session: Session, actor: Actor, project_id: int, permission: Permission
) -> Project:
    """As `locked`, for what a reviewer or manager decides in his scope."""
    return _take(session, [project_id], _for_change(actor, supervised, permission))[0]


def locked_to_mark(session: Session, actor: Actor, project_id: int) -> Project:
    """As `locked`, for who may set or lift the confidential mark."""
    return _take(session, [project_id], _for_change(actor, markable))[0]


def locked_to_promise(session: Session, actor: Actor, project_id: int) -> Project:
    """As `locked`, for promised conditions: who may not read them learns nothing of them."""
    if not actor.may(Permission.PROMISE_READ):
        raise Missing
    return locked_to_supervise(session, actor, project_id, Permission.PROMISE_WRITE)


def _take(
    session: Session, project_ids: Collection[int], query: Select[Project, bool]
) -> list[Project]:
    found = session.execute(query, {"numbers": list(project_ids)}).all()
    if len(found) < len(set(project_ids)):
        raise Missing
    if not all(may for _, may in found):
        raise Forbidden
    return [row for row, _ in found]


@lru_cache(maxsize=1024)
def _for_change(
    actor: Actor, allowed: Callable[..., ColumnElement[bool]], *permission: Permission
) -> Select[Project, bool]:
    """Projects that he reads, locked, each with whether the condition above allows it.

    Made once for each actor: writing the statement anew costs as much as running it.
    """
    return (
        select(Project, allowed(actor, *permission))
        .where(Project.id.in_(bindparam("numbers", expanding=True)), readable(actor))
        .order_by(Project.id)
        .with_for_update(of=Project)
        .execution_options(populate_existing=True)
    )


def may(session: Session, condition: ColumnElement[bool], project_id: int) -> bool:
    """Whether a condition above holds for one project."""
    query: Any = select(exists(select(1).where(Project.id == project_id, condition)))
    return bool(session.scalar(query))


def _mine(actor: Actor) -> ColumnElement[bool]:
    together = exists(
        select(1).where(
            lead_collaborator.c.lead_id == Project.lead_id,
            lead_collaborator.c.person_id == actor.id,
        )
    )
    return or_(Project.owner_id == actor.id, together)


def _in_scope(actor: Actor) -> ColumnElement[bool]:
    units = units_of(actor)
    return or_(Project.unit_id.in_(units), Project.district_id.in_(landing(actor)))


def _manages(actor: Actor) -> ColumnElement[bool]:
    """Not the landing district's manager: the mark keeps a project with the unit that won it."""
    return Project.unit_id.in_(units_of(actor)) if actor.sees_confidential else false()
