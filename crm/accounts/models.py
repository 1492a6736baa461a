"""Units, people, sign-ins, invitations, failed tries."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from crm.accounts.rules import Role, UnitKind
from crm.core.columns import Choice, Key, Moment, sort_text
from crm.core.database import Base


class Unit(Base):
    """An office in the tree; `path` makes everything below it one indexed range."""

    __tablename__ = "unit"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(60), unique=True)
    kind: Mapped[UnitKind] = mapped_column(Choice(UnitKind))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    path: Mapped[str] = mapped_column(sort_text(200), unique=True)
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)


class Person(Base):
    """Somebody who can sign in (once he has set a password through his invitation).

    Attributes:
        username: casefolded (`rules.username_key`), so that it is unique in any case.
        name_pinyin: the name in full pinyin, a blank, its initials: the sort key, and what a search finds.
        demo: comes with the demonstration; on loopback the sign-in page lets in as him by one click.
    """

    __tablename__ = "person"
    __table_args__ = (Index(None, "unit_id", "active"),)

    id: Mapped[Key]
    username: Mapped[str] = mapped_column(sort_text(60), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    name_pinyin: Mapped[str] = mapped_column(sort_text(400), default="")
    email: Mapped[str] = mapped_column(String(200), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    role: Mapped[Role] = mapped_column(Choice(Role))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(8), default="zh_CN")
    active: Mapped[bool] = mapped_column(default=True)
    demo: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime | None] = mapped_column(Moment)
    version: Mapped[int] = mapped_column(default=1)

    unit: Mapped[Unit] = relationship(lazy="raise")


class SignIn(Base):
    """A session on the server: the cookie holds a random token, the database its hash; ending it is final."""

    __tablename__ = "sign_in"

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    started_at: Mapped[datetime] = mapped_column(Moment)
    seen_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    address: Mapped[str] = mapped_column(String(45))
    agent: Mapped[str] = mapped_column(String(200), default="")


class KnownDevice(Base):
    """A browser that once signed in as a person: its tries are counted by themselves."""

    __tablename__ = "known_device"
    __table_args__ = (UniqueConstraint("person_id", "device_hash"),)

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    device_hash: Mapped[str] = mapped_column(String(64))
    since: Mapped[datetime] = mapped_column(Moment)


class Attempt(Base):
    """Tries at the password of an account from one place since the last right one; forgotten after an hour.

    Attributes:
        username: as typed, folded; it need not exist.
        place: a network address, or a browser that signed in as this person before (`rules.place_of`).
        failures: counted up before the password is looked at, so that parallel tries all count.
    """

    __tablename__ = "sign_in_attempt"
    __table_args__ = (UniqueConstraint("username", "place"),)

    id: Mapped[Key]
    username: Mapped[str] = mapped_column(sort_text(60))
    place: Mapped[str] = mapped_column(sort_text(80))
    failures: Mapped[int] = mapped_column(default=0)
    last: Mapped[datetime | None] = mapped_column(Moment, index=True)


class Invitation(Base):
    """A link that works once: a new person sets his first password with it, or a new one after a reset."""

    __tablename__ = "invitation"

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
