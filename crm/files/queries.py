"""Reads of attachments. Scope is the subject's: the caller has read the lead or project as the actor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from crm.core import pictures, runs
from crm.core.drawing import Fault
from crm.core.errors import Missing
from crm.core.pictures import Pictures
from crm.core.runs import BackgroundRun
from crm.files.models import Attachment
from crm.files.rules import DRAW

TRY_AGAIN = timedelta(minutes=10)
"""Drawing that ended without pictures (cut off, cancelled) is asked for again after this long."""


@dataclass(frozen=True)
class Shown:
    """A file and how it is shown.

    Attributes:
        pictures: None while it is being drawn.
        asked: somebody is at it, or was a moment ago; else it is to be asked for.
    """

    file: Attachment
    pictures: Pictures | None
    asked: bool


def attachments(session: Session, kind: str, subject_id: int) -> list[Attachment]:
    """What hangs on a subject, newest first, with who put it there."""
    return list(
        session.scalars(
            select(Attachment)
            .options(joinedload(Attachment.uploader))
            .where(
                Attachment.subject_kind == kind,
                Attachment.subject_id == subject_id,
                Attachment.removed_at.is_(None),
            )
            .order_by(Attachment.id.desc())
        )
    )


def attachment(session: Session, kind: str, subject_id: int, attachment_id: int) -> Attachment:
    """One file of a subject.

    Raises:
        Missing: it hangs elsewhere, was removed, or never was.
    """
    row = session.scalar(
        select(Attachment).where(
            Attachment.id == attachment_id,
            Attachment.subject_kind == kind,
            Attachment.subject_id == subject_id,
            Attachment.removed_at.is_(None),
        )
    )
    if row is None:
        raise Missing
    return row


def shown(session: Session, folder: Path, rows: Sequence[Attachment], now: datetime) -> list[Shown]:
    """How files are shown, in the order they came: what was drawn, and in one read who is at the rest.

    Args:
        folder: where pictures are kept.
    """
    drawn = {row.id: pictures.known(folder, row.sha256, row.media_type) for row in rows}
    open_keys = [row.sha256 for row in rows if drawn[row.id] is None]
    at_it = runs.newest_of(session, DRAW, open_keys) if open_keys else {}
    return [_shown(row, drawn[row.id], at_it.get(row.sha256), now) for row in rows]


def _shown(
    row: Attachment, drawn: Pictures | None, run: BackgroundRun | None, now: datetime
) -> Shown:
    if drawn is not None or run is None or run.open:
        return Shown(row, drawn, asked=drawn is not None or run is not None)
    just_ended = run.ended_at is not None and run.ended_at > now - TRY_AGAIN
    return Shown(row, Pictures(fault=Fault.TOO_LONG) if just_ended else None, asked=just_ended)
