"""Runs of the letter jobs, and the letters themselves from writing to the server's last answer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Person
from crm.core.columns import Choice, Key, LongText, Moment, sort_text
from crm.core.database import Base
from crm.notices.rules import LetterKind, LetterState


class JobRun(Base):
    """A slot of a job that was done: whoever inserts it first has done it, all others discard.

    Attributes:
        slot: "2026-W48" of a weekly letter, a day of a brief.
        written, skipped: how many letters it made, and how many people got none, with a reason each.
    """

    __tablename__ = "job_run"
    __table_args__ = (UniqueConstraint("job", "slot"),)

    id: Mapped[Key]
    job: Mapped[str] = mapped_column(sort_text(40))
    slot: Mapped[str] = mapped_column(sort_text(40))
    at: Mapped[datetime] = mapped_column(Moment)
    written: Mapped[int]
    skipped: Mapped[int]


class Letter(Base):
    """One letter to one person: unique by person, kind and slot, so that nobody gets it twice.

    Attributes:
        message_id: kept through every try, so that a mailbox can tell a twin.
        reply_to: who answers; "" for the sender's own address.
        claimed_by, claimed_at: the sender that has it in hand, from before the conversation on.
        answer: the server's last words, or why it was skipped.
    """

    __tablename__ = "letter"
    __table_args__ = (
        UniqueConstraint("person_id", "kind", "slot"),
        Index(None, "state", "next_try_at", "id"),
        Index(None, "run_id"),
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[LetterKind] = mapped_column(Choice(LetterKind))
    slot: Mapped[str] = mapped_column(sort_text(40))
    run_id: Mapped[int | None] = mapped_column(ForeignKey("job_run.id"))
    address: Mapped[str] = mapped_column(String(200))
    subject: Mapped[str] = mapped_column(String(300), default="")
    text: Mapped[str] = mapped_column(LongText, default="")
    html: Mapped[str] = mapped_column(LongText, default="")
    message_id: Mapped[str] = mapped_column(String(200), unique=True)
    state: Mapped[LetterState] = mapped_column(Choice(LetterState))
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime] = mapped_column(Moment)
    claimed_by: Mapped[str] = mapped_column(String(40), default="")
    claimed_at: Mapped[datetime | None] = mapped_column(Moment)
    answer: Mapped[str] = mapped_column(String(500), default="")
    written_at: Mapped[datetime] = mapped_column(Moment)
    settled_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)

    person: Mapped[Person] = relationship(lazy="raise")
    run: Mapped[JobRun | None] = relationship(lazy="raise")
