"""Milestones: reported by the officer, recognised by a department, corrected with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.accounts.rules import Permission
from crm.audit.operations import record
from crm.catalog.models import Term
from crm.catalog.queries import clocks
from crm.catalog.rules import TermKind
from crm.companies.operations.firms import CODE_FAULTS
from crm.companies.rules import MAINLAND, code_fault, normal_code
from crm.core.actor import Actor
from crm.core.clock import day_of
from crm.core.errors import Missing, Refused
from crm.core.versions import take
from crm.leads.models import FOREVER
from crm.projects.models import Owed, Project, Reached
from crm.projects.operations.handing import hand
from crm.projects.queries import scope
from crm.projects.rules.demands import (
    RECOGNISED,
    Facts,
    ReachFault,
    check_reach,
    check_recognition,
    missing_now,
    owed_after,
)
from crm.projects.rules.kinds import Milestone

SENTENCES: dict[ReachFault, Any] = {
    ReachFault.TERMINATED: _l("The project was terminated; no milestone can be reported."),
    ReachFault.TWICE: _l("This milestone is reported already. Correct its day instead."),
    ReachFault.FUTURE: _l("This day is still to come. Report it when it is reached."),
    ReachFault.NEEDS_COMMISSIONED: _l("Report the commissioning first."),
    ReachFault.BEFORE_COMMISSIONED: _l("Capacity cannot be reached before commissioning."),
    ReachFault.BY_SIGNING_ALONE: _l("A project is signed by its signing, not reported here."),
    ReachFault.ACCEPTED_LATER: _l("A department accepts a day that is past. Check both days."),
}

LACKING: dict[str, Any] = {
    "day": _l("Enter the day."),
    "seen": _l("Say what was seen on site."),
    "registered_name": _l("Enter the name as registered."),
    "registered_code": _l("Enter the credit code."),
}


@dataclass(frozen=True)
class ReachDraft:
    """A milestone as an officer reports it."""

    milestone: Milestone
    day: date
    seen: str = ""
    registered_name: str = ""
    registered_code: str = ""


def reach(
    session: Session, actor: Actor, project_id: int, draft: ReachDraft, *, now: datetime
) -> Reached:
    """Report a milestone; what it demands becomes owed, with due days.

    Raises:
        Refused: it cannot be reported so, or lacks what is needed at the table.
    """
    project = scope.locked(session, actor, project_id)
    reached = {row.milestone: row.reported_on for row in _reached(session, project_id)}
    fault = check_reach(
        draft.milestone, draft.day, day_of(now), reached, project.terminated_on != FOREVER
    )
    if fault is not None:
        raise Refused(SENTENCES[fault], "day" if fault is ReachFault.FUTURE else None)
    code = _checked(draft)
    row = Reached(
        project_id=project_id,
        milestone=draft.milestone,
        reported_on=draft.day,
        reported_by=actor.id or 0,
        recorded_at=now,
        seen=draft.seen,
        registered_name=draft.registered_name,
        registered_code=code,
    )
    record(session, actor, "milestone.reported", row, now=now, on=("project", project_id))
    for demand, due_on in _due(session, project, draft.milestone, draft.day).items():
        session.add(
            Owed(
                project_id=project_id,
                milestone=draft.milestone,
                demand=demand,
                due_on=due_on,
                recorded_at=now,
            )
        )
    hand(session, actor, [project_id], now=now)
    return row


@dataclass(frozen=True)
class RecognitionDraft:
    """A department's word: the day it accepts, and the day it did so."""

    accepted_on: date
    recognised_on: date
    department_id: int


def recognise(
    session: Session,
    actor: Actor,
    project_id: int,
    milestone: Milestone,
    draft: RecognitionDraft,
    *,
    version: int | None = None,
    now: datetime,
) -> Reached:
    """Enter that a department recognised a milestone; a second time corrects it, the trail keeps both."""
    scope.locked_to_supervise(session, actor, project_id, Permission.RECOGNISE)
    row = _row(session, project_id, milestone)
    if milestone not in RECOGNISED:
        raise Refused(_("A signing needs no recognition."))
    if fault := check_recognition(draft.accepted_on, draft.recognised_on, day_of(now)):
        field = "recognised_on" if draft.recognised_on > day_of(now) else "accepted_on"
        raise Refused(SENTENCES[fault], field)
    department = session.get(Term, draft.department_id)
    if department is None or department.kind is not TermKind.DEPARTMENT:
        raise Refused(_("Choose the department that recognised it."), "department_id")
    take(row, version)
    row.accepted_on, row.recognised_on = draft.accepted_on, draft.recognised_on
    row.recognised_at, row.recognised_by = now, actor.id
    row.department_id = department.id
    record(session, actor, "milestone.recognised", row, now=now, on=("project", project_id))
    hand(session, actor, [project_id], now=now)
    return row


def correct_report(
    session: Session,
    actor: Actor,
    project_id: int,
    draft: ReachDraft,
    why: str,
    *,
    version: int | None = None,
    now: datetime,
) -> Reached:
    """Correct what was reported of a milestone; the due days of what it still owes follow.

    Once recognised it is a reviewer's to correct. The day of the signing stays as signed.
    """
    project = scope.locked(session, actor, project_id)
    row = _row(session, project_id, draft.milestone)
    if row.recognised_on is not None:
        scope.locked_to_supervise(session, actor, project_id, Permission.RECOGNISE)
    if not why:
        raise Refused(_("Say why it is corrected."), "why")
    others = {
        one.milestone: one.reported_on for one in _reached(session, project_id) if one is not row
    }
    fault = check_reach(draft.milestone, draft.day, day_of(now), others)
    later = others.get(Milestone.AT_CAPACITY)
    if draft.milestone is Milestone.COMMISSIONED and later is not None and draft.day > later:
        fault = ReachFault.BEFORE_COMMISSIONED
    if fault is not None:
        raise Refused(SENTENCES[fault], "day")
    code = _checked(draft)
    take(row, version)
    row.reported_on, row.seen = draft.day, draft.seen
    row.registered_name, row.registered_code = draft.registered_name, code
    record(
        session, actor, "milestone.corrected", row, now=now, on=("project", project_id), note=why
    )
    due = _due(session, project, draft.milestone, draft.day)
    for owed in session.scalars(
        select(Owed).where(
            Owed.project_id == project_id,
            Owed.milestone == draft.milestone,
            Owed.settled_on.is_(None),
        )
    ):
        owed.due_on = due.get(owed.demand, owed.due_on)
    hand(session, actor, [project_id], now=now)
    return row


def _checked(draft: ReachDraft) -> str:
    """The registered code, normalised; refused where something needed at the table is missing."""
    given = {name for name in LACKING if getattr(draft, name)}
    for name in missing_now(draft.milestone, given):
        raise Refused(LACKING[name], name)
    code = normal_code(draft.registered_code)
    if code and (fault := code_fault(code)):
        raise Refused(CODE_FAULTS[fault], "registered_code")
    return code


def _due(session: Session, project: Project, milestone: Milestone, day: date) -> dict[str, date]:
    facts = Facts(mainland=project.signing_country == MAINLAND)
    return owed_after(milestone, day, facts, clocks(session))


def _reached(session: Session, project_id: int) -> list[Reached]:
    return list(session.scalars(select(Reached).where(Reached.project_id == project_id)))


def _row(session: Session, project_id: int, milestone: Milestone) -> Reached:
    row = session.scalar(
        select(Reached)
        .where(Reached.project_id == project_id, Reached.milestone == milestone)
        .with_for_update()
    )
    if row is None:
        raise Missing
    return row
