"""What somebody is typing, kept on the server: it survives a reload, a lost connection, an expired sign-in.

One row for each opened form (its one-time key), so that two windows with the same draft are one row, and two
new leads in two windows are two. Only its writer reads it. It goes with the save of its form.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from crm.core.columns import Key, Moment
from crm.core.database import Base

MOST_OF_A_FORM = 20
"""Drafts of one form that a person keeps; the oldest one beyond them goes."""

MOST_FIELDS, LONGEST_VALUE, MOST_FILES = 100, 5_000, 20


class FormDraft(Base):
    """A form being filled.

    Attributes:
        name: which form, e.g. "lead.quick".
        key: the form's one-time key.
        values: field → what was typed, as the browser sends it.
        files: contents already in the store, [{sha256, size, name}], to be attached with the save.
    """

    __tablename__ = "form_draft"
    __table_args__ = (
        UniqueConstraint("person_id", "key"),
        Index(None, "person_id", "name", "saved_at"),
    )

    id: Mapped[Key]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(32))
    values: Mapped[dict[str, list[str]]] = mapped_column(JSON)
    files: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    saved_at: Mapped[datetime] = mapped_column(Moment, index=True)


@dataclass(frozen=True)
class Writer:
    """Whose draft of which opened form it is."""

    person_id: int
    name: str
    key: str


def of_form(session: Session, person_id: int, *names: str) -> list[FormDraft]:
    """A person's drafts of one form or some, the last one touched first."""
    query = select(FormDraft).where(FormDraft.person_id == person_id, FormDraft.name.in_(names))
    return list(session.scalars(query.order_by(FormDraft.saved_at.desc(), FormDraft.id.desc())))


def by_key(session: Session, person_id: int, key: str) -> FormDraft | None:
    """The draft of one opened form."""
    query = select(FormDraft).where(FormDraft.person_id == person_id, FormDraft.key == key)
    return session.scalar(query)


def save(
    session: Session,
    writer: Writer,
    told: Mapping[str, list[str]],
    changed: Collection[str],
    *,
    now: datetime,
) -> FormDraft:
    """Put what a window changed over what the draft holds: two windows undo nothing of each other.

    Args:
        told: every field as the window shows it; what the draft does not know yet is taken from here.
        changed: the fields that were typed in since this window last saved.
    """
    row = _locked(session, writer, now)
    values = dict(row.values)
    for name in [*told, *changed]:
        if name in changed or name not in values:
            values[name[:40]] = [one[:LONGEST_VALUE] for one in told.get(name, [])[:MOST_FIELDS]]
    row.values = dict(list(values.items())[:MOST_FIELDS])
    row.name = writer.name  # the quick form may have gone on as the long one
    row.saved_at = now
    session.flush()
    return row


def add_files(
    session: Session, writer: Writer, files: Iterable[Mapping[str, Any]], *, now: datetime
) -> FormDraft:
    """Keep files that came before their form was saved."""
    row = _locked(session, writer, now)
    there = {one["sha256"] for one in row.files}
    new = [dict(one) for one in files if one["sha256"] not in there]
    row.files = (row.files + new)[:MOST_FILES]
    row.saved_at = now
    session.flush()
    return row


def remove_file(session: Session, writer: Writer, sha256: str, *, now: datetime) -> FormDraft:
    """Take a file out of a draft."""
    row = _locked(session, writer, now)
    row.files = [one for one in row.files if one["sha256"] != sha256]
    session.flush()
    return row


def drop(session: Session, person_id: int, key: str) -> None:
    """The form was saved, or its writer wants nothing of it."""
    session.execute(delete(FormDraft).where(FormDraft.person_id == person_id, FormDraft.key == key))


def forget(session: Session, before: datetime) -> None:
    """Drop drafts that nobody has touched for long."""
    session.execute(delete(FormDraft).where(FormDraft.saved_at < before))


def _locked(session: Session, writer: Writer, now: datetime) -> FormDraft:
    """The draft's row, made if need be; a window saving at the same moment waits."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = vars(writer) | {"values": {}, "files": [], "saved_at": now}
    session.execute(insert(FormDraft).values(row).on_conflict_do_nothing())
    found = session.scalars(
        select(FormDraft)
        .where(FormDraft.person_id == writer.person_id, FormDraft.key == writer.key)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    for old in of_form(session, writer.person_id, writer.name)[MOST_OF_A_FORM:]:
        session.delete(old)
    return found
