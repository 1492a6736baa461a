"""Reads of attachments. Scope is the subject's: the caller has read the lead or project as the actor."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from crm.core.errors import Missing
from crm.files.models import Attachment


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
