"""Targets of a year, their split over districts and months, and figures that departments report."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Person
from crm.catalog.models import District
from crm.core.columns import Choice, Key, Moment, sort_text
from crm.core.database import Base
from crm.counting.rules.goals import Comparator, GoalKind
from crm.goals.rules.kinds import Measured


class Goal(Base):
    """What the city's plan promises of a year.

    Attributes:
        key: by what the house knows it in every year; see `rules.kinds`.
        target: exact, in the smallest part of `unit` (`rules.units`): fen for 亿元.
        scope: 全市, or the industry it is about. strength: 力争 / 力保.
        quote: the plan's own words. demo_note: says that the target is only a demonstration's.
    """

    __tablename__ = "goal"
    __table_args__ = (
        UniqueConstraint("year", "key"),
        CheckConstraint("target >= 0", name="target"),
    )

    id: Mapped[Key]
    year: Mapped[int]
    key: Mapped[str] = mapped_column(sort_text(40))
    section: Mapped[str] = mapped_column(String(30))
    name: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(120), default="")
    kind: Mapped[GoalKind] = mapped_column(Choice(GoalKind))
    comparator: Mapped[Comparator] = mapped_column(Choice(Comparator))
    target: Mapped[int] = mapped_column(BigInteger)
    unit: Mapped[str] = mapped_column(String(10))
    scope: Mapped[str] = mapped_column(String(30), default="")
    strength: Mapped[str] = mapped_column(String(10), default="")
    measured: Mapped[Measured] = mapped_column(Choice(Measured))
    quote: Mapped[str] = mapped_column(String(200), default="")
    sort: Mapped[int]
    demo_note: Mapped[str] = mapped_column(String(60), default="")
    version: Mapped[int] = mapped_column(default=1)

    parts: Mapped[list[GoalPart]] = relationship(lazy="raise")


class GoalPart(Base):
    """A part of a goal's target: see `rules.parts`.

    Attributes:
        district_id: the district; the city's own row for the months of the city.
        month: 1 to 12, an increment; 0: a district's whole year.
    """

    __tablename__ = "goal_part"
    __table_args__ = (
        UniqueConstraint("goal_id", "district_id", "month"),
        CheckConstraint("month BETWEEN 0 AND 12", name="month"),
        CheckConstraint("amount >= 0", name="amount"),
    )

    id: Mapped[Key]
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"))
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"))
    month: Mapped[int]
    amount: Mapped[int] = mapped_column(BigInteger)

    district: Mapped[District] = relationship(lazy="raise")


class ReportedFigure(Base):
    """What a department says of a goal that we do not measure. Never changed: a later row supersedes it.

    Attributes:
        month: from January to the end of this month; of a level, pool or stock, as it stood then.
        value: in the smallest part of the goal's unit; growth may be negative.
        method: how it was made (快报, 年报, 测算 …). source: whose figure, in which paper.
    """

    __tablename__ = "reported_figure"
    __table_args__ = (
        Index(None, "goal_id", "month", "id"),
        CheckConstraint("month BETWEEN 1 AND 12", name="month"),
    )

    id: Mapped[Key]
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"))
    month: Mapped[int]
    value: Mapped[int] = mapped_column(BigInteger)
    method: Mapped[str] = mapped_column(String(120))
    source: Mapped[str] = mapped_column(String(200))
    reported_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)
    demo_note: Mapped[str] = mapped_column(String(60), default="")

    goal: Mapped[Goal] = relationship(lazy="raise")
    reporter: Mapped[Person | None] = relationship(lazy="raise")


class AssessmentShare(Base):
    """A district's share of a project for assessment, in hundredths of a per cent; see `rules.shares`.

    A project without rows belongs to the district where it lands, whole. Shares are as known today.
    """

    __tablename__ = "assessment_share"
    __table_args__ = (
        UniqueConstraint("project_id", "district_id"),
        CheckConstraint("share BETWEEN 1 AND 9999", name="share"),
    )

    id: Mapped[Key]
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"))
    share: Mapped[int]
