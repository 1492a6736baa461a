"""Rule sets, closed and reopened books, facts as handed over, decisions, what stands, and its sums."""

from __future__ import annotations

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from crm.accounts.models import Person
from crm.core.columns import Choice, Fen, Key, Moment, looked_up, sort_text
from crm.core.database import Base
from crm.counting.rules.decisions import Measure, Reason, Verdict
from crm.values.money import Money

ALWAYS = datetime(9999, 12, 31, tzinfo=UTC)
"""The end of what is known still."""


class Subject(StrEnum):
    """What is decided on."""

    PROJECT = "project"
    RECEIPT = "receipt"


class RuleSetVersion(Base):
    """A year's rule set. Published, it is never edited: a trigger refuses it; a new version is made.

    Attributes:
        number: 1, 2, … of the year; the highest published one is in force.
        parameters: a `rules.sets.RuleSet` as JSON.
    """

    __tablename__ = "rule_set"
    __table_args__ = (UniqueConstraint("year", "number"),)

    id: Mapped[Key]
    year: Mapped[int]
    number: Mapped[int]
    parameters: Mapped[dict[str, Any]] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime] = mapped_column(Moment)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime | None] = mapped_column(Moment)
    published_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)

    creator: Mapped[Person | None] = looked_up(foreign_keys=[created_by])
    publisher: Mapped[Person | None] = looked_up(foreign_keys=[published_by])


class BookEventRow(Base):
    """A month closed early or reopened, a year (month 0) reopened or closed again; never changed."""

    __tablename__ = "book_event"
    __table_args__ = (CheckConstraint("month BETWEEN 0 AND 12", name="month"),)

    id: Mapped[Key]
    year: Mapped[int] = mapped_column(index=True)
    month: Mapped[int]
    opens: Mapped[bool]
    at: Mapped[datetime] = mapped_column(Moment)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(String(300))

    by: Mapped[Person | None] = looked_up()


class CountedProject(Base):
    """A project's facts, whole, as `projects` handed them over last; `rules.facts.ProjectFacts`."""

    __tablename__ = "counted_project"

    project_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    fingerprint: Mapped[str] = mapped_column(String(64))
    handed_at: Mapped[datetime] = mapped_column(Moment)


class CountedReceipt(Base):
    """A receipt's facts, as `ledger` handed them over last; decided anew when its project's change."""

    __tablename__ = "counted_receipt"

    receipt_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    project_id: Mapped[int] = mapped_column(ForeignKey("counted_project.project_id"), index=True)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    fingerprint: Mapped[str] = mapped_column(String(64))
    handed_at: Mapped[datetime] = mapped_column(Moment)


class DecisionRow(Base):
    """Whether a project or receipt counts, and why; a new row when the answer changes.

    Attributes:
        decided_at, replaced_at: between these it was what the house said; ALWAYS for today's.
        rules_of: the year whose rules decided; rule_set_id: the version that first answered so,
            None for the defaults. An answer that a new version does not change keeps its row.
        stands_on, year, month, late, terminated_later, owed, looked_at: see `rules.decisions.Decision`.
        fingerprint: of the whole facts decided on.
    """

    __tablename__ = "decision"
    __table_args__ = (
        Index(None, "subject", "subject_id", "id"),
        Index(None, "project_id"),
        Index(
            "ix_decision_listed",
            "rules_of",
            sqlite_where=text("reason = 'year_closed'"),
            postgresql_where=text("reason = 'year_closed'"),
        ),
        Index(
            "uq_decision_current",
            "subject",
            "subject_id",
            unique=True,
            sqlite_where=text("replaced_at = '9999-12-31 00:00:00.000000'"),
            postgresql_where=text("replaced_at = '9999-12-31 00:00:00+00'"),
        ),
    )

    id: Mapped[Key]
    subject: Mapped[Subject] = mapped_column(Choice(Subject))
    subject_id: Mapped[int] = mapped_column(BigInteger)
    project_id: Mapped[int] = mapped_column(BigInteger)
    decided_at: Mapped[datetime] = mapped_column(Moment)
    replaced_at: Mapped[datetime] = mapped_column(Moment, default=ALWAYS)
    verdict: Mapped[Verdict] = mapped_column(Choice(Verdict))
    reason: Mapped[Reason] = mapped_column(Choice(Reason))
    rules_of: Mapped[int]
    rule_set_id: Mapped[int | None] = mapped_column(ForeignKey("rule_set.id"))
    amount: Mapped[Money] = mapped_column(Fen)
    year: Mapped[int | None]
    stands_on: Mapped[date | None]
    month: Mapped[int | None]
    late: Mapped[bool]
    terminated_later: Mapped[bool]
    owed: Mapped[list[str]] = mapped_column(JSON)
    looked_at: Mapped[dict[str, Any]] = mapped_column(JSON)
    fingerprint: Mapped[str] = mapped_column(String(64))

    rule_set: Mapped[RuleSetVersion | None] = looked_up()


_KNOWN = ("day_until", "known_until", "known_from", "district_id", "amount")
_TOLD = ("chain", "node", "anchor")
"""What a sum asks of a row stands in the index, so that it is made without the row itself."""


class StandingRow(Base):
    """One row of a figure: a project or receipt that stands in a measure for some days.

    Figures as known today are the rows with known_until ALWAYS; as known then, those known at the
    instant. Day sums are made of the former.

    Attributes:
        day_from, day_until: the last one excluded; see `rules.decisions.Standing`.
        district_id … cohort: what it is split by, as of the decision.
    """

    __tablename__ = "standing"
    __table_args__ = (
        Index(None, "subject", "subject_id", "known_until"),
        Index("ix_standing_by_day", "measure", "day_from", "id", *_KNOWN, "project_id"),
        Index("ix_standing_by_amount", "measure", "amount", "id", "day_from", "known_until"),
        Index("ix_standing_of_chain", "measure", "chain", "day_from", "id"),
        Index("ix_standing_of_node", "measure", "node", "day_from", "id"),
        Index("ix_standing_of_anchor", "measure", "anchor", "day_from", "id"),
        Index("ix_standing_of_project", "project_id", "measure", "day_from", *_KNOWN, *_TOLD),
    )

    id: Mapped[Key]
    subject: Mapped[Subject] = mapped_column(Choice(Subject))
    subject_id: Mapped[int] = mapped_column(BigInteger)
    project_id: Mapped[int] = mapped_column(BigInteger)
    measure: Mapped[Measure] = mapped_column(Choice(Measure))
    day_from: Mapped[date]
    day_until: Mapped[date]
    amount: Mapped[Money] = mapped_column(Fen)
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"))
    cluster: Mapped[str] = mapped_column(sort_text(20))
    chain: Mapped[str] = mapped_column(sort_text(20))
    node: Mapped[str] = mapped_column(sort_text(20))
    position: Mapped[str] = mapped_column(sort_text(32))
    model: Mapped[str] = mapped_column(sort_text(20))
    anchor: Mapped[str] = mapped_column(sort_text(40))
    origin: Mapped[str] = mapped_column(sort_text(32))
    cohort: Mapped[str] = mapped_column(sort_text(32))
    known_from: Mapped[datetime] = mapped_column(Moment)
    known_until: Mapped[datetime] = mapped_column(Moment, default=ALWAYS)


class DaySum(Base):
    """The rows that begin on a day, less those that end on it: a figure is a sum of these."""

    __tablename__ = "day_sum"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012

    measure: Mapped[str] = mapped_column(sort_text(32), primary_key=True)
    dimension: Mapped[str] = mapped_column(sort_text(32), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sort_text(40), primary_key=True)
    district_id: Mapped[int] = mapped_column(
        ForeignKey("district.id"), primary_key=True, autoincrement=False
    )
    count: Mapped[int] = mapped_column(BigInteger)
    fen: Mapped[int] = mapped_column(BigInteger)


class MonthSum(Base):
    """Day sums by calendar month (its first day), so that a year is twelve rows and not 365."""

    __tablename__ = "month_sum"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012

    measure: Mapped[str] = mapped_column(sort_text(32), primary_key=True)
    dimension: Mapped[str] = mapped_column(sort_text(32), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(sort_text(40), primary_key=True)
    district_id: Mapped[int] = mapped_column(
        ForeignKey("district.id"), primary_key=True, autoincrement=False
    )
    count: Mapped[int] = mapped_column(BigInteger)
    fen: Mapped[int] = mapped_column(BigInteger)


class CountingHead(Base):
    """One row, locked by whoever changes what counts, so that sums and decisions agree."""

    __tablename__ = "counting_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    recounted_at: Mapped[datetime | None] = mapped_column(Moment)
