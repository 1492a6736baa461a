"""Putting letters out: composed from reads before, written in one short transaction, each at most once."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from crm.audit.operations import record
from crm.core.actor import Actor
from crm.notices.models import JobRun, Letter
from crm.notices.rules import LetterKind, LetterState

MESSAGE_ID_HOST = "crm.invalid"
"""Behind the @ of a Message-ID where no mail domain is configured; reserved, so nobody's."""


@dataclass(frozen=True)
class LetterDraft:
    """A composed letter.

    Attributes:
        slot: with person and kind what makes it unique.
        skipped: why this person gets none; such a row is kept for the log and never sent.
    """

    person_id: int
    kind: LetterKind
    slot: str
    address: str
    subject: str = ""
    text: str = ""
    html: str = ""
    skipped: str = ""


def put_out(
    session: Session,
    actor: Actor,
    job: str,
    slot: str,
    drafts: Sequence[LetterDraft],
    *,
    now: datetime,
    host: str = MESSAGE_ID_HOST,
) -> int:
    """Put out what a run composed; letters that are there already are left as they are.

    A run may be repeated: the letter job looks every hour for whoever is due and has no row.

    Returns:
        how many letters are new.
    """
    rows = [_row(draft, now, host) for draft in drafts]
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(cast(Table, Letter.__table__)).on_conflict_do_nothing(
        index_elements=["person_id", "kind", "slot"]
    )
    new = set(session.scalars(statement.returning(Letter.message_id), rows)) if rows else set()
    fresh = [row for row in rows if row["message_id"] in new]
    if fresh:
        _note(session, actor, job, slot, fresh, now)
    return sum(row["state"] is LetterState.WAITING for row in fresh)


def _row(draft: LetterDraft, now: datetime, host: str) -> dict[str, Any]:
    return {
        "person_id": draft.person_id,
        "kind": draft.kind,
        "slot": draft.slot,
        "address": draft.address,
        "subject": draft.subject,
        "text": draft.text,
        "html": draft.html,
        "message_id": f"<{draft.kind}.{draft.slot}.{draft.person_id}.{uuid.uuid4().hex[:12]}@{host}>",
        "state": LetterState.SKIPPED if draft.skipped else LetterState.WAITING,
        "attempts": 0,
        "next_try_at": now,
        "claimed_by": "",
        "answer": draft.skipped,
        "written_at": now,
        "version": 1,
    }


def _note(
    session: Session, actor: Actor, job: str, slot: str, fresh: list[dict[str, Any]], now: datetime
) -> None:
    """The run's own row, unique by job and slot; letters caught up later are counted onto it."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    skipped = sum(row["state"] is LetterState.SKIPPED for row in fresh)
    statement = insert(JobRun).values(
        job=job, slot=slot, at=now, written=len(fresh) - skipped, skipped=skipped
    )
    run_id = session.execute(
        statement.on_conflict_do_update(
            index_elements=["job", "slot"],
            set_={
                "written": JobRun.written + statement.excluded.written,
                "skipped": JobRun.skipped + statement.excluded.skipped,
            },
        ).returning(JobRun.id)
    ).scalar_one()
    run = session.get_one(JobRun, run_id, populate_existing=True)
    letters = cast(Table, Letter.__table__)
    session.execute(
        letters.update()
        .where(letters.c.message_id.in_([row["message_id"] for row in fresh]))
        .values(run_id=run_id)
    )
    record(session, actor, "letters.put_out", run, now=now, note=str(len(fresh)))
