"""Attachments: a name and a place to hang, and the content by its hash."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Person
from crm.core.columns import Key, Moment
from crm.core.database import Base


class Attachment(Base):
    """A file on a subject; it is read by whoever may read the subject, and by nobody else.

    Attributes:
        subject_kind, subject_id: what it hangs on, e.g. ("lead", 42).
        sha256: the content's address in the store; equal contents are stored once.
        kind: what it proves, where it is evidence (a `projects.rules.EvidenceKind`); "" otherwise.
        removed_at: set when it was taken off the page; what was evidence is never removed.
    """

    __tablename__ = "attachment"
    __table_args__ = (Index(None, "subject_kind", "subject_id"),)

    id: Mapped[Key]
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(String(200))
    size: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(32), default="")
    uploaded_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    uploaded_at: Mapped[datetime] = mapped_column(Moment)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)

    uploader: Mapped[Person] = relationship(lazy="raise")
