"""Logging a follow-up: the contact itself, what it means for its lead or project, its files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy.orm import Session

import crm.files.operations
import crm.leads.operations.care
import crm.leads.operations.protection
import crm.projects.operations.changes
from crm.activities.models import Activity
from crm.activities.rules import ActivityKind, DayFault, held_fault, next_fault
from crm.audit.operations import Subject, record
from crm.core.actor import Actor
from crm.core.clock import day_of
from crm.core.errors import Refused
from crm.files.operations import Received


@dataclass(frozen=True)
class ActivityDraft:
    """A follow-up as a person tells it.

    Attributes:
        next_step, next_step_on: "" and None together say that there is no next step.
        files: contents already in the store.
    """

    kind: ActivityKind
    held_on: date
    said: str
    who_went: str = ""
    with_whom: str = ""
    result: str = ""
    next_step: str = ""
    next_step_on: date | None = None
    files: tuple[Received, ...] = ()


def log(
    session: Session, actor: Actor, draft: ActivityDraft, *, on: Subject, now: datetime
) -> Activity:
    """Log a follow-up on a lead or project and set its last contact and next step.

    Args:
        on: ("lead", id) or ("project", id).

    Raises:
        Missing, Forbidden: the actor may not read, or not write, the subject.
        Refused: a day that cannot be.
    """
    if actor.id is None:
        raise ValueError("a follow-up is a person's")
    _check_days(draft, day_of(now))
    kind, subject_id = on
    _touch(session, actor, draft, on, now)
    if kind == "lead":
        crm.leads.operations.protection.contacted_on(
            session, actor, subject_id, day=draft.held_on, with_whom=draft.with_whom, now=now
        )
    row = Activity(
        lead_id=subject_id if kind == "lead" else None,
        project_id=subject_id if kind == "project" else None,
        kind=draft.kind,
        held_on=draft.held_on,
        who_went=draft.who_went,
        with_whom=draft.with_whom,
        said=draft.said,
        result=draft.result,
        next_step=draft.next_step,
        next_step_on=draft.next_step_on,
        author_id=actor.id,
        recorded_at=now,
    )
    row.files = [
        crm.files.operations.attach(session, actor, one.stored, one.name, on=on, now=now)
        for one in draft.files
    ]
    record(session, actor, "activity.logged", row, now=now, on=on)
    return row


def _touch(
    session: Session, actor: Actor, draft: ActivityDraft, on: Subject, now: datetime
) -> None:
    """The subject's own columns, through its own package, which also asks whether the actor may."""
    touch = {
        "lead": crm.leads.operations.care.touch,
        "project": crm.projects.operations.changes.touch,
    }
    touch[on[0]](
        session,
        actor,
        on[1],
        day=draft.held_on,
        next_step=draft.next_step,
        next_step_on=draft.next_step_on,
        now=now,
    )


def _check_days(draft: ActivityDraft, today: date) -> None:
    match held_fault(draft.held_on, today):
        case DayFault.FUTURE:
            raise Refused(_("This day is still to come. Plan it as the next step."), "held_on")
        case DayFault.LONG_AGO:
            raise Refused(_("This is more than a year ago. Check the year."), "held_on")
    if draft.next_step_on is not None and next_fault(draft.next_step_on, today):
        raise Refused(_("The next step lies ahead: choose today or later."), "next_step_on")
