"""Closed meetings with their frozen figures, and decisions to follow (督办)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.accounts.models import Person, Unit
from crm.core.columns import Key, LongText, Moment, looked_up
from crm.core.database import Base

FOREVER = date(9999, 12, 31)
"""The day of a decision that is not carried out yet; a sort key is never NULL."""


class Meeting(Base):
    """A meeting of a unit that was closed; never changed afterwards.

    Attributes:
        since, held_on: the evening from which it looked back, and its own day.
        figures: `rules.frozen`. rows: the numbers of the leads behind each figure, by its name.
        unit_id: whose scope the figures are of.
    """

    __tablename__ = "meeting"
    __table_args__ = (UniqueConstraint("unit_id", "held_on"),)

    id: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    since: Mapped[date]
    held_on: Mapped[date]
    figures: Mapped[dict[str, Any]] = mapped_column(JSON)
    rows: Mapped[dict[str, Any]] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(LongText, default="")
    closed_at: Mapped[datetime] = mapped_column(Moment)
    closed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))

    unit: Mapped[Unit] = looked_up()
    closer: Mapped[Person] = looked_up(foreign_keys=[closed_by])


class Decision(Base):
    """What a meeting decided: who does what by when; it comes back until it is done."""

    __tablename__ = "meeting_decision"
    __table_args__ = (
        Index(None, "unit_id", "done_on", "due_on"),
        Index(None, "owner_id", "done_on", "due_on"),
    )

    id: Mapped[Key]
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    text: Mapped[str] = mapped_column(String(500))
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    due_on: Mapped[date]
    decided_on: Mapped[date]
    decided_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    done_on: Mapped[date] = mapped_column(default=FOREVER)
    result: Mapped[str] = mapped_column(String(300), default="")
    version: Mapped[int] = mapped_column(default=1)

    owner: Mapped[Person] = looked_up(foreign_keys=[owner_id])
