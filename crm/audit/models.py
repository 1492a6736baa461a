"""Audit entries and the seals over them; both append-only by triggers on both databases."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from crm.core.columns import Key, Moment
from crm.core.database import Base


class Entry(Base):
    """One change of one row.

    Attributes:
        action: `<subject>.<verb>`, e.g. "lead.moved".
        subject_kind, subject_id: the thing on whose timeline the change stands (a lead).
        row_kind, row_id: the table and id of the row changed (a contact of that lead).
        before, after: the columns changed, as JSON; money in fen, days in ISO.
        transaction_id: groups the entries that one seal covers.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index(None, "subject_kind", "subject_id", "id"),
        Index(None, "row_kind", "row_id", "id"),
        Index(None, "actor_id", "id"),
    )

    id: Mapped[Key]
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    transaction_id: Mapped[str] = mapped_column(String(32), index=True)
    actor_id: Mapped[int | None] = mapped_column(BigInteger)
    actor_name: Mapped[str] = mapped_column(String(60))
    door: Mapped[str] = mapped_column(String(16))
    action: Mapped[str] = mapped_column(String(60), index=True)
    subject_kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int] = mapped_column(BigInteger)
    row_kind: Mapped[str] = mapped_column(String(40))
    row_id: Mapped[int] = mapped_column(BigInteger)
    version: Mapped[int | None]
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(String(500), default="")


class Seal(Base):
    """The hash over one transaction's entries and the seal before it.

    Attributes:
        marks: number and beginning of the digest of each entry, so that a broken seal names the entry;
            the hash covers them whole.
    """

    __tablename__ = "audit_seal"

    id: Mapped[Key]
    transaction_id: Mapped[str] = mapped_column(String(32), unique=True)
    marks: Mapped[list[list[Any]]] = mapped_column(JSON)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class Head(Base):
    """The chain's end, locked last in every writing transaction: a cut tail shows against it."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seals: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[str] = mapped_column(String(64))
