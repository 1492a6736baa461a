"""Logging a follow-up and what it means for its lead or project; raising problems, answered and solved."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import crm.files.operations
import crm.leads.operations.care
import crm.leads.operations.protection
import crm.leads.queries.scope
import crm.projects.operations.changes
import crm.projects.queries.scope
from crm.activities.models import Activity, Problem, ProblemAnswer
from crm.activities.queries import problem_locked
from crm.activities.rules import (
    ActivityKind,
    DayFault,
    Level,
    ProblemKind,
    held_fault,
    next_fault,
)
from crm.audit.operations import Subject, record
from crm.catalog.models import Term
from crm.catalog.rules import TermKind
from crm.core.actor import Actor
from crm.core.clock import day_of
from crm.core.errors import Refused
from crm.core.versions import take
from crm.files.operations import Received
from crm.leads.models import FOREVER


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
    level: Level | None = None
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
        level=draft.level,
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


# --- problems ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class ProblemDraft:
    """A problem as a person tells it: what is asked of which department, by when."""

    kind: ProblemKind
    asked: str
    department_id: int
    due_on: date


def raise_problem(
    session: Session, actor: Actor, draft: ProblemDraft, *, on: Subject, now: datetime
) -> Problem:
    """Put a problem of a lead or project before the department that can solve it.

    Raises:
        Missing, Forbidden: the actor may not read, or not write, the subject.
        Refused: no such department, or a day that has gone by.
    """
    if actor.id is None:
        raise ValueError("a problem is raised by a person")
    _writable(session, actor, on)
    _check_problem(session, draft, day_of(now))
    kind, subject_id = on
    row = Problem(
        lead_id=subject_id if kind == "lead" else None,
        project_id=subject_id if kind == "project" else None,
        raised_on=day_of(now),
        author_id=actor.id,
        recorded_at=now,
        **asdict(draft),
    )
    record(session, actor, "problem.raised", row, now=now, on=on)
    _count(session, row)
    return row


def revise_problem(
    session: Session,
    actor: Actor,
    problem_id: int,
    draft: ProblemDraft,
    *,
    version: int | None = None,
    now: datetime,
) -> Problem:
    """Ask otherwise, another department, or by another day (one that has gone by may stay)."""
    row = _locked(session, actor, problem_id)
    take(row, version)
    _check_problem(session, draft, day_of(now), row.due_on)
    for name, value in asdict(draft).items():
        setattr(row, name, value)
    record(session, actor, "problem.revised", row, now=now, on=_subject(row))
    _count(session, row)
    return row


def answer_problem(
    session: Session, actor: Actor, problem_id: int, said: str, day: date, *, now: datetime
) -> ProblemAnswer:
    """Write down what was answered, and on which day."""
    problem = _locked(session, actor, problem_id)
    _check_past(day, problem.raised_on, day_of(now), "answered_on")
    row = ProblemAnswer(
        problem_id=problem_id,
        said=said,
        answered_on=day,
        author_id=actor.id,
        recorded_at=now,
    )
    record(session, actor, "problem.answered", row, now=now, on=_subject(problem))
    return row


def solve_problem(
    session: Session,
    actor: Actor,
    problem_id: int,
    day: date,
    note: str = "",
    *,
    version: int | None = None,
    now: datetime,
) -> Problem:
    """Say that a problem is solved since a day: the officer says it, not the department."""
    row = _locked(session, actor, problem_id)
    take(row, version)
    if row.solved_on is not None:
        raise Refused(_("This is solved already."))
    _check_past(day, row.raised_on, day_of(now), "solved_on")
    row.solved_on, row.solved_note = day, note
    record(session, actor, "problem.solved", row, now=now, on=_subject(row))
    _count(session, row)
    return row


def reopen_problem(
    session: Session,
    actor: Actor,
    problem_id: int,
    why: str,
    due_on: date,
    *,
    version: int | None = None,
    now: datetime,
) -> Problem:
    """It was not solved after all: open again until another day."""
    row = _locked(session, actor, problem_id)
    take(row, version)
    if row.solved_on is None:
        raise Refused(_("This is open."))
    if next_fault(due_on, day_of(now)):
        raise Refused(_("Choose today or a later day."), "due_on")
    row.solved_on, row.solved_note, row.due_on = None, "", due_on
    record(session, actor, "problem.reopened", row, now=now, on=_subject(row), note=why)
    _count(session, row)
    return row


def _locked(session: Session, actor: Actor, problem_id: int) -> Problem:
    """A problem about to be changed by somebody who may write its lead or project."""
    if actor.id is None:
        raise ValueError("a problem is a person's")
    row = problem_locked(session, actor, problem_id)
    _writable(session, actor, _subject(row))
    return row


def _subject(row: Problem) -> Subject:
    return ("lead", row.lead_id) if row.lead_id is not None else ("project", row.project_id or 0)


def _writable(session: Session, actor: Actor, on: Subject) -> None:
    locked = {
        "lead": crm.leads.queries.scope.locked,
        "project": crm.projects.queries.scope.locked,
    }
    locked[on[0]](session, actor, on[1])


def _check_problem(
    session: Session, draft: ProblemDraft, today: date, before: date | None = None
) -> None:
    department = session.get(Term, draft.department_id)
    if department is None or department.kind is not TermKind.DEPARTMENT:
        raise Refused(_("Choose one of the list."), "department_id")
    if draft.due_on != before and next_fault(draft.due_on, today):
        raise Refused(_("Choose today or a later day."), "due_on")


def _check_past(day: date, first: date, today: date, field: str) -> None:
    if day > today:
        raise Refused(_("This day is still to come."), field)
    if day < first:
        raise Refused(_("The problem was raised later. Choose that day or a later one."), field)


def _count(session: Session, row: Problem) -> None:
    """Keep the lead's own columns in step; a project has none."""
    if row.lead_id is None:
        return
    open_ones = select(func.count(), func.min(Problem.due_on)).where(
        Problem.lead_id == row.lead_id, Problem.solved_on.is_(None)
    )
    count, due_on = session.execute(open_ones).one()
    crm.leads.operations.care.note_problems(
        session, row.lead_id, count=count, due_on=FOREVER if count == 0 else due_on
    )
