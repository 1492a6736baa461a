"""The four permits: done, not needed or missing, by which department, until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.audit.operations import record
from crm.core.actor import Actor
from crm.core.clock import day_of
from crm.core.errors import Refused
from crm.core.versions import take
from crm.projects.models import Permit
from crm.projects.queries import scope
from crm.projects.rules.kinds import PermitKind, PermitState


@dataclass(frozen=True)
class PermitDraft:
    """How far a permit is."""

    state: PermitState
    department_id: int | None = None
    due_on: date | None = None
    done_on: date | None = None
    number: str = ""
    note: str = ""


def set_permit(
    session: Session,
    actor: Actor,
    project_id: int,
    kind: PermitKind,
    draft: PermitDraft,
    *,
    version: int | None = None,
    now: datetime,
) -> Permit:
    """Say how far a permit is; version 0: the form was opened before anybody had."""
    scope.locked(session, actor, project_id)
    _check(draft, day_of(now))
    row = session.scalar(
        select(Permit).where(Permit.project_id == project_id, Permit.kind == kind).with_for_update()
    )
    if row is None:
        row = Permit(project_id=project_id, kind=kind, state=draft.state)
    else:
        take(row, version)
    row.state, row.department_id = draft.state, draft.department_id
    row.due_on, row.done_on = draft.due_on, draft.done_on
    row.number, row.note = draft.number, draft.note
    record(session, actor, "permit.set", row, now=now, on=("project", project_id))
    return row


def _check(draft: PermitDraft, today: date) -> None:
    done = draft.state is PermitState.DONE
    if done and draft.done_on is None:
        raise Refused(_("Enter the day it was granted."), "done_on")
    if not done and draft.done_on is not None:
        raise Refused(_("It has a day: mark it as done, or clear the day."), "done_on")
    if draft.done_on is not None and draft.done_on > today:
        raise Refused(_("This day is still to come."), "done_on")
    if draft.state is PermitState.NOT_NEEDED and not draft.note:
        raise Refused(_("Say why it is not needed."), "note")
