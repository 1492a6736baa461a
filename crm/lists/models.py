"""Saved views, and what a person chose for a list."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from crm.accounts.models import Person, Unit
from crm.core.columns import Choice, Key, Moment, looked_up
from crm.core.database import Base
from crm.lists.rules import LONGEST, ListName


class SavedView(Base):
    """A filter and an order under a name: a tab of its list.

    Attributes:
        query: the arguments of the list's address; what they name is read in the reader's own scope.
        unit_id: the unit whose people, and those below, have the tab as well; None: its owner alone.
    """

    __tablename__ = "saved_view"

    id: Mapped[Key]
    list_name: Mapped[ListName] = mapped_column(Choice(ListName))
    name: Mapped[str] = mapped_column(String(40))
    query: Mapped[str] = mapped_column(String(LONGEST))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)

    person: Mapped[Person] = looked_up()
    unit: Mapped[Unit | None] = looked_up()


class ListChoice(Base):
    """How a person has a list: its columns in order (none: the usual ones), the view it opens with."""

    __tablename__ = "list_choice"
    __table_args__ = (UniqueConstraint("person_id", "list_name"),)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    list_name: Mapped[ListName] = mapped_column(Choice(ListName))
    columns: Mapped[list[str]] = mapped_column(JSON, default=list)
    view_id: Mapped[int | None] = mapped_column(ForeignKey("saved_view.id"), index=True)
