"""Receipts as lines of a project's monthly report, their steps and papers; published figures."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Dialect,
    ForeignKey,
    Index,
    String,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.models import Person
from crm.catalog.models import District
from crm.core.columns import Choice, Fen, Key, Moment, looked_up, sort_text
from crm.core.database import Base
from crm.counting.rules.facts import MoneyFrom, ReceiptState
from crm.files.models import Attachment
from crm.ledger.rules import CENTS, RATE_PLACES, Paper, RateRule, ReceiptKind, Step
from crm.projects.models import Project
from crm.values.money import Money


class Scaled(TypeDecorator[Decimal]):
    """An exact decimal of so many places as a whole number: no float on the way to any database."""

    impl = BigInteger
    cache_ok = True

    def __init__(self, places: int) -> None:
        super().__init__()
        self.places = places

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        whole = value.scaleb(self.places)
        if whole != whole.to_integral_value():
            raise ValueError(f"{value} has more than {self.places} places")
        return int(whole)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(int(value)).scaleb(-self.places)


class MonthlyReport(Base):
    """What a project reports of a booking month: one, with a line for each receipt."""

    __tablename__ = "monthly_report"
    __table_args__ = (UniqueConstraint("project_id", "year", "month"), Index(None, "year"))

    id: Mapped[Key]
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    year: Mapped[int]
    month: Mapped[int]
    opened_at: Mapped[datetime] = mapped_column(Moment)
    opened_by: Mapped[int] = mapped_column(ForeignKey("person.id"))


class Receipt(Base):
    """Money that arrived, or what takes it back. Confirmed, it is never edited: a trigger refuses it.

    Attributes:
        number: what people call it, "DZ-2025-0042".
        arrived_on: a reversal's is that of what it reverses.
        currency, entered, rate, rate_rule: as entered; rate and rule empty for yuan.
        amount: in yuan, converted once at entry; negative for a reversal.
        fiscal: a line of fiscal money.
        reported_by, reported_at: the last time it was reported; every one is a step.
        owed_until: the last day on which its papers are not late.
        why_late, why_above, sure: what was said where the entry asked.
        reverses_id: the receipt that this one takes back.
    """

    __tablename__ = "receipt"
    __table_args__ = (
        CheckConstraint("(reverses_id IS NULL) = (amount > 0)", name="sign"),
        CheckConstraint("amount <> 0", name="amount"),
        CheckConstraint(
            "confirmed_by IS NULL OR (confirmed_by <> reported_by AND confirmed_by <> reviewed_by)",
            name="confirmer",
        ),
        CheckConstraint(
            "(state = 'confirmed') = (confirmed_at IS NOT NULL) "
            "AND (confirmed_at IS NULL) = (confirmed_by IS NULL) "
            "AND (confirmed_by IS NULL OR reviewed_by IS NOT NULL)",
            name="confirmed",
        ),
        CheckConstraint(
            "(currency = 'CNY') = (rate IS NULL) AND (rate IS NULL) = (rate_rule IS NULL)",
            name="rate",
        ),
        Index(None, "project_id", "arrived_on", "id"),
        Index(None, "state", "reported_at", "id"),
        Index(None, "report_id"),
    )

    id: Mapped[Key]
    number: Mapped[str] = mapped_column(sort_text(20), unique=True)
    report_id: Mapped[int] = mapped_column(ForeignKey("monthly_report.id"))
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    arrived_on: Mapped[date]
    currency: Mapped[str] = mapped_column(String(3))
    entered: Mapped[Decimal] = mapped_column(Scaled(CENTS))
    rate: Mapped[Decimal | None] = mapped_column(Scaled(RATE_PLACES))
    rate_rule: Mapped[RateRule | None] = mapped_column(Choice(RateRule))
    amount: Mapped[Money] = mapped_column(Fen)
    kind: Mapped[ReceiptKind] = mapped_column(Choice(ReceiptKind))
    origin: Mapped[MoneyFrom] = mapped_column(Choice(MoneyFrom))
    payer: Mapped[str] = mapped_column(String(120))
    fiscal: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(String(300), default="")
    why_late: Mapped[str] = mapped_column(String(300), default="")
    why_above: Mapped[str] = mapped_column(String(300), default="")
    sure: Mapped[bool] = mapped_column(default=False)
    state: Mapped[ReceiptState] = mapped_column(Choice(ReceiptState))
    reported_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reported_at: Mapped[datetime] = mapped_column(Moment)
    reviewed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reviewed_at: Mapped[datetime | None] = mapped_column(Moment)
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    confirmed_at: Mapped[datetime | None] = mapped_column(Moment)
    owed_until: Mapped[date]
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("receipt.id"))
    demo_note: Mapped[str] = mapped_column(String(60), default="")
    version: Mapped[int] = mapped_column(default=1)

    project: Mapped[Project] = looked_up()
    report: Mapped[MonthlyReport] = looked_up()
    reverses: Mapped[Receipt | None] = looked_up(remote_side="Receipt.id")
    reporter: Mapped[Person] = looked_up(foreign_keys=[reported_by])
    reviewer: Mapped[Person | None] = looked_up(foreign_keys=[reviewed_by])
    confirmer: Mapped[Person | None] = looked_up(foreign_keys=[confirmed_by])
    papers: Mapped[list[ReceiptPaper]] = relationship(lazy="raise", order_by="ReceiptPaper.id")
    steps: Mapped[list[ReceiptStep]] = relationship(lazy="raise", order_by="ReceiptStep.id")


Index(
    "uq_receipt_reverses",
    Receipt.reverses_id,
    unique=True,
    sqlite_where=Receipt.state != ReceiptState.WITHDRAWN,
    postgresql_where=Receipt.state != ReceiptState.WITHDRAWN,
)


class ReceiptStep(Base):
    """One thing somebody did to a receipt; never changed. Whoever handled it does not confirm it."""

    __tablename__ = "receipt_step"
    __table_args__ = (Index(None, "receipt_id", "id"),)

    id: Mapped[Key]
    receipt_id: Mapped[int] = mapped_column(ForeignKey("receipt.id"))
    step: Mapped[Step] = mapped_column(Choice(Step))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    reason: Mapped[str] = mapped_column(String(300), default="")

    by: Mapped[Person] = looked_up()


class ReceiptPaper(Base):
    """A paper given for a receipt; never removed.

    Attributes:
        total: what the vouchers of a list come to, which is the receipt's amount.
    """

    __tablename__ = "receipt_paper"
    __table_args__ = (Index(None, "receipt_id", "id"),)

    id: Mapped[Key]
    receipt_id: Mapped[int] = mapped_column(ForeignKey("receipt.id"))
    kind: Mapped[Paper] = mapped_column(Choice(Paper))
    attachment_id: Mapped[int] = mapped_column(ForeignKey("attachment.id"))
    total: Mapped[Money | None] = mapped_column(Fen)
    given_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(Moment)

    attachment: Mapped[Attachment] = looked_up()


class PublishedFunds(Base):
    """上年公布数: funds in place from January to a month, of a district or (its own row) the city."""

    __tablename__ = "published_funds"
    __table_args__ = (
        UniqueConstraint("year", "month", "district_id"),
        CheckConstraint("month BETWEEN 1 AND 12", name="month"),
        CheckConstraint("cumulative >= 0", name="cumulative"),
    )

    id: Mapped[Key]
    year: Mapped[int]
    month: Mapped[int]
    district_id: Mapped[int] = mapped_column(ForeignKey("district.id"))
    cumulative: Mapped[Money] = mapped_column(Fen)
    source: Mapped[str] = mapped_column(String(200))
    entered_at: Mapped[datetime] = mapped_column(Moment)
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)

    district: Mapped[District] = looked_up()
