"""Each form carries a key that is written with its effect: five parallel posts make one row."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import String, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from crm.core.columns import Moment
from crm.core.database import Base


class FormKey(Base):
    """A form that was acted upon, and where its answer led."""

    __tablename__ = "form_key"

    key: Mapped[str] = mapped_column(String(32), primary_key=True)
    person_id: Mapped[int]
    location: Mapped[str] = mapped_column(String(500), default="")
    used_at: Mapped[datetime] = mapped_column(Moment, index=True)


class Repeated(Exception):
    """The form was acted upon before; the answer is the same as then."""

    def __init__(self, location: str) -> None:
        super().__init__(location)
        self.location = location


def new_key() -> str:
    """A key for a form about to be shown."""
    return uuid.uuid4().hex


def claim(session: Session, key: str, person_id: int, now: datetime) -> None:
    """Take the key for this transaction; PostgreSQL waits here for a twin that is still under way.

    Raises:
        Repeated: another post of the same form by the same person was committed before.
    """
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = {"key": key, "person_id": person_id, "location": "", "used_at": now}
    done = session.execute(
        insert(FormKey).values(row).on_conflict_do_nothing().returning(FormKey.key)
    ).first()
    if done is None:
        location = session.scalar(
            select(FormKey.location).where(FormKey.key == key, FormKey.person_id == person_id)
        )
        raise Repeated(location or "/")


def location(session: Session, key: str, person_id: int) -> str | None:
    """Where the answer led if this person's form was acted upon; None if it was not yet."""
    query = select(FormKey.location).where(FormKey.key == key, FormKey.person_id == person_id)
    return session.scalar(query)


def settle(session: Session, key: str, location: str) -> None:
    """Remember where the answer leads, for a late twin of the same post."""
    session.execute(update(FormKey).where(FormKey.key == key).values(location=location))


def forget(session: Session, before: datetime) -> None:
    """Drop the keys of forms that nobody can still have open."""
    session.execute(delete(FormKey).where(FormKey.used_at < before))
