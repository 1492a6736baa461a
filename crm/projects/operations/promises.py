"""Promised conditions: written by managers; their trail is on the promise, not on the project's timeline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.audit.operations import record
from crm.core.actor import Actor
from crm.core.errors import Missing, Refused
from crm.core.versions import take
from crm.projects.models import Promise
from crm.projects.queries import scope
from crm.projects.rules.kinds import FairReview, PromiseState


@dataclass(frozen=True)
class PromiseDraft:
    """A condition promised to an investor, and the document that allows it."""

    what: str
    basis: str
    fair_review: FairReview = FairReview.MISSING
    fair_review_number: str = ""
    fair_review_why: str = ""
    due_on: date | None = None
    state: PromiseState = PromiseState.OPEN
    state_note: str = ""


def promise(
    session: Session, actor: Actor, project_id: int, draft: PromiseDraft, *, now: datetime
) -> Promise:
    """Enter a promised condition."""
    scope.locked_to_promise(session, actor, project_id)
    _check(draft)
    row = Promise(project_id=project_id, **vars(draft))
    record(session, actor, "promise.entered", row, now=now)
    return row


def edit_promise(
    session: Session,
    actor: Actor,
    project_id: int,
    promise_id: int,
    draft: PromiseDraft,
    *,
    version: int | None = None,
    now: datetime,
) -> Promise:
    """Change a promised condition, or say that it was kept or broken."""
    scope.locked_to_promise(session, actor, project_id)
    row = session.scalar(
        select(Promise)
        .where(Promise.id == promise_id, Promise.project_id == project_id)
        .with_for_update()
    )
    if row is None:
        raise Missing
    _check(draft)
    take(row, version)
    for name, value in vars(draft).items():
        setattr(row, name, value)
    record(session, actor, "promise.edited", row, now=now)
    return row


def _check(draft: PromiseDraft) -> None:
    if not draft.what:
        raise Refused(_("Say what was promised."), "what")
    if not draft.basis:
        raise Refused(_("Name the document that it rests on."), "basis")
    reviewed = draft.fair_review is FairReview.REVIEWED
    if reviewed and not draft.fair_review_number:
        raise Refused(_("Enter the number of the review."), "fair_review_number")
    if draft.fair_review is FairReview.NOT_NEEDED and not draft.fair_review_why:
        raise Refused(_("Say why no review is needed."), "fair_review_why")
    if draft.state is PromiseState.BROKEN and not draft.state_note:
        raise Refused(_("Say what happened."), "state_note")
