"""Follow-ups; problems and what departments answered."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Person
from crm.activities.rules import ActivityKind, Level, ProblemKind
from crm.catalog.models import Term
from crm.core.columns import Choice, Key, LongText, Moment, looked_up
from crm.core.database import Base
from crm.files.models import Attachment
from crm.leads.models import Lead
from crm.projects.models import Project

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
        with_whom: the people on the other side; who_went: ours; level: the highest of ours, if it was said.
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
    level: Mapped[Level | None] = mapped_column(Choice(Level))
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


class Problem(Base):
    """What exactly one lead or project is short of, and which department is asked for it.

    Attributes:
        asked: what is asked of the department.
        due_on: by when.
        solved_on: the day from which the officer says that it is solved; None: it is not.
    """

    __tablename__ = "problem"
    __table_args__ = (
        CheckConstraint("(lead_id IS NULL) <> (project_id IS NULL)", name="one_subject"),
        Index(None, "lead_id", "due_on"),
        Index(None, "project_id", "due_on"),
        Index(None, "solved_on", "due_on", "id"),
        Index(None, "department_id"),
    )

    id: Mapped[Key]
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("lead.id"))
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"))
    kind: Mapped[ProblemKind] = mapped_column(Choice(ProblemKind))
    asked: Mapped[str] = mapped_column(String(500))
    department_id: Mapped[int] = mapped_column(ForeignKey("term.id"))
    due_on: Mapped[date]
    solved_on: Mapped[date | None]
    solved_note: Mapped[str] = mapped_column(String(500), default="")
    raised_on: Mapped[date]
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)

    lead: Mapped[Lead | None] = looked_up()
    project: Mapped[Project | None] = looked_up()
    department: Mapped[Term] = looked_up()
    author: Mapped[Person] = looked_up()
    answers: Mapped[list[ProblemAnswer]] = looked_up(
        order_by="ProblemAnswer.answered_on, ProblemAnswer.id"
    )


class ProblemAnswer(Base):
    """What was answered to a problem, as the officer wrote it down."""

    __tablename__ = "problem_answer"

    id: Mapped[Key]
    problem_id: Mapped[int] = mapped_column(ForeignKey("problem.id"), index=True)
    answered_on: Mapped[date]
    said: Mapped[str] = mapped_column(String(1000))
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)

    author: Mapped[Person] = looked_up()
