"""How people want their letters, and for how many weeks a line has stood in one."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from crm.agenda.rules import Kind, Source
from crm.core.columns import BIG, Choice, Key, sort_text
from crm.core.database import Base


class LetterWishes(Base):
    """A person's own settings; without a row the house's hold (`rules.schedule.Wishes`)."""

    __tablename__ = "letter_wishes"

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), unique=True)
    weekday: Mapped[int | None]
    hour: Mapped[int | None]
    paused_until: Mapped[date | None]
    when_empty: Mapped[bool] = mapped_column(default=False)
    friday: Mapped[bool] = mapped_column(default=True)
    daily: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)


class LetterLine(Base):
    """A line of somebody's weekly letter: the week it last stood there, and for how many weeks running."""

    __tablename__ = "letter_line"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    source: Mapped[Source] = mapped_column(Choice(Source), primary_key=True)
    subject_id: Mapped[int] = mapped_column(BIG, primary_key=True)
    part: Mapped[int] = mapped_column(BIG, primary_key=True)
    kind: Mapped[Kind] = mapped_column(Choice(Kind), primary_key=True)
    week: Mapped[str] = mapped_column(sort_text(8), index=True)
    weeks: Mapped[int]
