"""Attaching, taking off, noting a download. The caller has checked what the actor may do to the subject."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from crm.accounts.models import Person
from crm.audit.operations import Subject, record, record_values
from crm.core import runs
from crm.core.actor import Actor
from crm.core.errors import Missing, Refused
from crm.core.pictures import SHOWN
from crm.core.store import Stored
from crm.core.workbooks import Sheet
from crm.files.models import Attachment
from crm.files.rules import DRAW, TYPES, ending, file_name


@dataclass(frozen=True)
class Received:
    """A content already in the store, not yet attached to anything."""

    stored: Stored
    name: str

    @property
    def sha256(self) -> str:
        """The content's address in the store."""
        return self.stored.sha256

    @property
    def media_type(self) -> str:
        """What its ending says, which the content was found to be when it came in."""
        return TYPES.get(ending(self.name), "application/octet-stream")


class Content(Protocol):
    """A stored content of a known type: one just received, or an attachment."""

    @property
    def sha256(self) -> str:
        """The content's address in the store."""

    @property
    def media_type(self) -> str:
        """What it is."""


def attach(
    session: Session,
    actor: Actor,
    stored: Stored,
    name: str,
    *,
    on: Subject,
    now: datetime,
    kind: str = "",
) -> Attachment:
    """Hang a stored content on a subject.

    Args:
        name: as the person called the file; its ending was checked against the content before.
        on: what it hangs on, e.g. ("lead", 42): whoever reads that, reads the file.
        kind: what it proves, where it is evidence; such a file is never removed.
    """
    row = _attachment(actor, Received(stored, name), on, kind, now)
    record(session, actor, "file.attached", row, now=now, on=on)
    return row


@dataclass(frozen=True)
class Hung:
    """One of several files: what it is, what it hangs on, what it proves."""

    file: Received
    on: Subject
    kind: str


def hang(
    session: Session, actor: Actor, files: Sequence[Hung], *, now: datetime
) -> list[Attachment]:
    """Hang the files of a bulk entry on their subjects, in one statement.

    It leaves no entry of its own: that of each subject names its files and their hashes.
    """
    rows = [_attachment(actor, one.file, one.on, one.kind, now) for one in files]
    session.add_all(rows)
    session.flush()
    return rows


def ask_for_pictures(
    session: Session, actor: Actor, files: Iterable[Content], *, now: datetime
) -> None:
    """Have contents drawn in the background, so that pages can show them; each is asked for once."""
    for sha256, media_type in sorted({(one.sha256, one.media_type) for one in files}):
        if media_type in SHOWN:
            told = {"sha256": sha256, "media_type": media_type}
            runs.enqueue(session, actor, DRAW, told, key=sha256, now=now)


def remove(
    session: Session, actor: Actor, attachment_id: int, *, on: Subject, now: datetime
) -> None:
    """Take a file off its subject's page; the content stays, and the trail says who did it.

    Raises:
        Missing: there is no such file on this subject.
        Refused: it is evidence, or belongs to a follow-up that is history.
    """
    row = _of_subject(session, attachment_id, on)
    if row.kind:
        raise Refused(_("This file is evidence and stays. Add a corrected one beside it."))
    row.removed_at = now
    record(session, actor, "file.removed", row, now=now, on=on, note=row.name)


def note_download(
    session: Session, actor: Actor, attachment_id: int, *, on: Subject, now: datetime
) -> None:
    """Note in the audit that somebody took a copy."""
    row = _of_subject(session, attachment_id, on)
    record_values(session, actor, "file.downloaded", row, now=now, on=on, after={"name": row.name})


def note_table(
    session: Session, actor: Actor, *, name: str, conditions: str, rows: int, now: datetime
) -> None:
    """Note in the audit that somebody took a table out of the house: which, of what, how many rows."""
    person = session.get_one(Person, actor.id)
    told = {"name": name, "conditions": conditions, "rows": rows}
    record_values(session, actor, "table.downloaded", person, now=now, after=told)


def note_sheet(session: Session, actor: Actor, sheet: Sheet, *, now: datetime) -> None:
    """The same of a workbook: its title, the filter that stands under it, its rows."""
    rows = len(list(sheet.rows))
    note_table(session, actor, name=sheet.title, conditions=sheet.notes[0], rows=rows, now=now)


def _attachment(actor: Actor, file: Received, on: Subject, kind: str, now: datetime) -> Attachment:
    if actor.id is None:
        raise ValueError("a file is attached by a person")
    return Attachment(
        subject_kind=on[0],
        subject_id=on[1],
        sha256=file.stored.sha256,
        name=file_name(file.name),
        size=file.stored.size,
        media_type=file.media_type,
        kind=kind,
        uploaded_by=actor.id,
        uploaded_at=now,
    )


def _of_subject(session: Session, attachment_id: int, on: Subject) -> Attachment:
    row = session.scalar(
        select(Attachment)
        .where(
            Attachment.id == attachment_id,
            Attachment.subject_kind == on[0],
            Attachment.subject_id == on[1],
            Attachment.removed_at.is_(None),
        )
        .with_for_update()
    )
    if row is None:
        raise Missing
    return row
