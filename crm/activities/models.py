"""Follow-ups."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Person
from crm.activities.rules import ActivityKind
from crm.core.columns import Choice, Key, LongText, Moment, looked_up
from crm.core.database import Base
from crm.files.models import Attachment

activity_file = Table(
    "activity_file",
    Base.metadata,
    Column("activity_id", ForeignKey("activity.id"), primary_key=True),
    Column("attachment_id", ForeignKey("attachment.id"), primary_key=True, index=True),
)
"""Which files of the lead or project came with which follow-up."""


class Activity(Base):
    """A contact by a person, on exactly one lead or project.

    Attributes:
        held_on: the day it took place; it may be back-dated, never in the future.
        with_whom: the people on the other side; who_went: ours.
        next_step, next_step_on: what was agreed, as written into the lead or project.
    """

    __tablename__ = "activity"
    __table_args__ = (
        CheckConstraint("(lead_id IS NULL) <> (project_id IS NULL)", name="one_subject"),
        Index(None, "lead_id", "held_on"),
        Index(None, "project_id", "held_on"),
        Index(None, "author_id", "held_on"),
    )

    id: Mapped[Key]
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("lead.id"))
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"))
    kind: Mapped[ActivityKind] = mapped_column(Choice(ActivityKind))
    held_on: Mapped[date]
    who_went: Mapped[str] = mapped_column(String(200), default="")
    with_whom: Mapped[str] = mapped_column(String(200), default="")
    said: Mapped[str] = mapped_column(LongText)
    result: Mapped[str] = mapped_column(String(300), default="")
    next_step: Mapped[str] = mapped_column(String(200), default="")
    next_step_on: Mapped[date | None]
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)

    author: Mapped[Person] = looked_up()
    files: Mapped[list[Attachment]] = relationship(
        secondary=activity_file, lazy="raise", order_by="Attachment.id"
    )
