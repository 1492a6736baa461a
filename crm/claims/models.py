"""Claims on a firm: pairs of leads with one credit code, first reports, contests of them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from crm.claims.rules import Days, Ending, Judgement, Ruling
from crm.core.columns import Choice, Key, Moment, sort_text
from crm.core.database import Base


class TwinCase(Base):
    """Two leads in hand whose firms have one credit code (重复研判): open until a manager judges it.

    Attributes:
        lead_id: the one entered later; other_id: the one that was in hand.
        code: the credit code both name, as it stood then.
    """

    __tablename__ = "twin_case"
    __table_args__ = (
        UniqueConstraint("lead_id", "other_id"),
        CheckConstraint("lead_id <> other_id", name="two_leads"),
        CheckConstraint(
            "(judgement IS NULL) = (judged_at IS NULL) AND (judged_at IS NULL) = (judged_by IS NULL)",
            name="judged",
        ),
        Index(
            "ix_twin_case_open",
            "opened_at",
            "id",
            sqlite_where=text("judgement IS NULL"),
            postgresql_where=text("judgement IS NULL"),
        ),
    )

    id: Mapped[Key]
    lead_id: Mapped[int] = mapped_column(ForeignKey("lead.id"))
    other_id: Mapped[int] = mapped_column(ForeignKey("lead.id"), index=True)
    code: Mapped[str] = mapped_column(String(18))
    opened_at: Mapped[datetime] = mapped_column(Moment)
    opened_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    judgement: Mapped[Judgement | None] = mapped_column(Choice(Judgement))
    why: Mapped[str] = mapped_column(String(500), default="")
    judged_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    judged_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)


class Protection(Base):
    """A first report (首报首谈) of a lead: the days it is good for, see `rules.Days`.

    Whether it holds is read off its days and its lead: no job ends it. A row whose days are over is set
    aside (ending "lapsed") when the same firm is filed again, so that one living row stands for a firm.

    Attributes:
        company_id: the investor as it was filed; a lead that names another one holds nothing.
        firm_key: its name's key: one firm under two numbers is one firm.
        renewals: how often it was extended.
        ending, ended_on, why: how it was ended before its days were over.
    """

    __tablename__ = "protection"
    __table_args__ = (
        Index(
            "uq_protection_living",
            "firm_key",
            unique=True,
            sqlite_where=text("ending IS NULL"),
            postgresql_where=text("ending IS NULL"),
        ),
        Index(None, "lead_id", "id"),
        Index(None, "company_id"),
        Index(None, "holds_until"),
        CheckConstraint("(ending IS NULL) = (ended_on IS NULL)", name="ended"),
        CheckConstraint(
            "(since IS NULL) = (until IS NULL) AND (until IS NULL) = (contact_on IS NULL)",
            name="begun",
        ),
    )

    id: Mapped[Key]
    lead_id: Mapped[int] = mapped_column(ForeignKey("lead.id"))
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    firm_key: Mapped[str] = mapped_column(sort_text(120))
    filed_on: Mapped[date]
    filed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    filed_at: Mapped[datetime] = mapped_column(Moment)
    reserve_until: Mapped[date]
    since: Mapped[date | None]
    until: Mapped[date | None]
    contact_on: Mapped[date | None]
    holds_until: Mapped[date]
    warn_from: Mapped[date]
    renewals: Mapped[int] = mapped_column(default=0)
    ending: Mapped[Ending | None] = mapped_column(Choice(Ending))
    ended_on: Mapped[date | None]
    why: Mapped[str] = mapped_column(String(500), default="")
    version: Mapped[int] = mapped_column(default=1)

    @property
    def days(self) -> Days:
        """Its days as the rules take them."""
        return Days(**{name: getattr(self, name) for name in Days.__dataclass_fields__})

    def take_days(self, days: Days) -> None:
        """Put the rules' answer into the row."""
        for name, value in vars(days).items():
            if getattr(self, name) != value:
                setattr(self, name, value)


class Contest(Base):
    """Somebody disputes a first report for his own lead; open until a city manager rules."""

    __tablename__ = "contest"
    __table_args__ = (
        Index(
            "uq_contest_open",
            "protection_id",
            "lead_id",
            unique=True,
            sqlite_where=text("ruling IS NULL"),
            postgresql_where=text("ruling IS NULL"),
        ),
        Index(None, "lead_id"),
        CheckConstraint(
            "(ruling IS NULL) = (ruled_at IS NULL) AND (ruled_at IS NULL) = (ruled_by IS NULL)",
            name="ruled",
        ),
    )

    id: Mapped[Key]
    protection_id: Mapped[int] = mapped_column(ForeignKey("protection.id"))
    lead_id: Mapped[int] = mapped_column(ForeignKey("lead.id"))
    reason: Mapped[str] = mapped_column(String(500))
    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    ruling: Mapped[Ruling | None] = mapped_column(Choice(Ruling))
    why: Mapped[str] = mapped_column(String(500), default="")
    ruled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ruled_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)
