"""Claims on a firm: pairs of leads with one credit code, to be judged by a manager."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from crm.claims.rules import Judgement
from crm.core.columns import Choice, Key, Moment
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
