"""Signed before: the project under which the same thing was signed first, where alone it counts."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.accounts.rules import Permission
from crm.audit.operations import record
from crm.core.actor import Actor
from crm.core.errors import Refused
from crm.core.versions import take
from crm.counting.operations.holding import Hold
from crm.projects.models import Project
from crm.projects.operations.handing import hand
from crm.projects.queries import scope
from crm.projects.queries.facts import signings_before


def say_earlier(
    session: Session,
    actor: Actor,
    project_id: int,
    number: str,
    why: str,
    *,
    version: int | None = None,
    now: datetime,
) -> Project:
    """Say under which project the same thing was signed before (按首次签约计一次); "" takes it back.

    A reviewer's or manager's word, with a reason.

    Args:
        number: as it stands on that project's page, "XM-2024-0012"; one that the actor reads.

    Raises:
        Refused: no such project, itself, one signed later, or one that names this one as earlier.
    """
    row = scope.locked_to_supervise(session, actor, project_id, Permission.RECOGNISE)
    earlier = _named(session, actor, number) if number else None
    if not why:
        raise Refused(_("Say why: a start and its money move with this."), "why")
    if earlier is not None:
        _check(session, row, earlier)
    take(row, version)
    row.earlier_signing_id = earlier.id if earlier else None
    record(session, actor, "project.earlier_said", row, now=now, note=why)
    hand(session, actor, [project_id], now=now)
    return row


def _named(session: Session, actor: Actor, number: str) -> Project:
    found = session.scalar(
        select(Project).where(Project.number == number.upper(), scope.readable(actor))
    )
    if found is None:
        raise Refused(_("There is no such project. Look the number up on its page."), "number")
    return found


def _check(session: Session, row: Project, earlier: Project) -> None:
    """Under the lock of counting, so that two who name each other at once do not pass each other."""
    if earlier.id == row.id:
        raise Refused(_("A project is not its own earlier signing."), "number")
    if earlier.signed_on > row.signed_on:
        raise Refused(_("That project was signed later than this one."), "number")
    Hold.take(session)
    if row.id in signings_before(session, earlier.id):
        raise Refused(_("That project names this one as its earlier signing already."), "number")
