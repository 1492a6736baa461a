"""Writing the audit: one entry a change, one seal a transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from crm.audit import rules
from crm.audit.models import Entry, Head, Seal
from crm.audit.queries import sealed_form
from crm.core.actor import Actor
from crm.core.database import Base

Subject = tuple[str, int]
"""(kind, id) of the thing on whose timeline an entry stands, e.g. ("lead", 42)."""


def record(
    session: Session,
    actor: Actor,
    action: str,
    row: Base,
    *,
    now: datetime,
    on: Subject | None = None,
    note: str = "",
) -> None:
    """Note what this transaction does to a row: call it after changing (or adding) the row, before any flush.

    What changed is read from the row's pending attributes: a new row gives all its columns, a changed one
    the columns that differ. The session is flushed, so the row has its id afterwards.

    Args:
        on: the subject whose timeline shows it, where it is not the row itself.
        note: why, in the person's words.
    """
    state = inspect(row)
    created = state.transient or state.pending
    if created:
        session.add(row)
        session.flush()
        before: dict[str, Any] = {}
        after = {
            name: value
            for name, value in _columns(row).items()
            if value not in (None, "", False) and name != "id"
        }
    else:
        before, after = _differences(row)
        session.flush()
    record_values(
        session, actor, action, row, now=now, on=on, note=note, before=before, after=after
    )


def record_values(
    session: Session,
    actor: Actor,
    action: str,
    row: Base,
    *,
    now: datetime,
    on: Subject | None = None,
    note: str = "",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Note a change whose before and after the caller knows (a set of tags, a removed row, a reading)."""
    row_kind, row_id = row.__tablename__, int(row.id)  # type: ignore[attr-defined]
    kind, subject_id = on or (row_kind, row_id)
    session.add(
        Entry(
            at=now,
            transaction_id=session.info["transaction"],
            door=session.info["door"],
            actor_id=actor.id,
            actor_name=actor.name,
            action=action,
            subject_kind=kind,
            subject_id=subject_id,
            row_kind=row_kind,
            row_id=row_id,
            version=getattr(row, "version", None),
            before=rules.plain(before or {}),
            after=rules.plain(after or {}),
            note=note,
        )
    )
    session.flush()


def seal(session: Session) -> None:
    """Close the transaction's entries under one hash: the commit door's last statement.

    The chain's head is locked only here, after every other row, so writers queue for an instant.
    """
    transaction = session.info["transaction"]
    entries = session.scalars(
        select(Entry).where(Entry.transaction_id == transaction).order_by(Entry.id)
    ).all()
    if not entries:
        return
    marks = [(entry.id, rules.entry_digest(sealed_form(entry))) for entry in entries]
    head = _head(session)
    digest = rules.digest(head.hash, marks)
    session.add(
        Seal(
            transaction_id=transaction,
            marks=[[number, text[: rules.SHORT]] for number, text in marks],
            previous=head.hash,
            hash=digest,
        )
    )
    head.seals += 1
    head.hash = digest
    session.flush()


def _head(session: Session) -> Head:
    """The chain's end, locked. Of two first writers one makes it and the other waits for him."""
    head = session.get(Head, 1, with_for_update=True, populate_existing=True)
    if head is None:
        insert = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
        first = insert.insert(Head).values(id=1, seals=0, hash=rules.GENESIS)
        session.execute(first.on_conflict_do_nothing())
        head = session.get_one(Head, 1, with_for_update=True, populate_existing=True)
    return head


def _columns(row: Base) -> dict[str, Any]:
    mapper = inspect(row).mapper
    return {
        column.key: "•"
        if column.key in rules.SECRET and getattr(row, column.key)
        else getattr(row, column.key)
        for column in mapper.column_attrs
    }


def _differences(row: Base) -> tuple[dict[str, Any], dict[str, Any]]:
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    state = inspect(row)
    for attribute in state.mapper.column_attrs:
        name = attribute.key
        history = state.attrs[name].load_history()
        if not history.has_changes() or name == "version":
            continue
        old = history.deleted[0] if history.deleted else None
        new = history.added[0] if history.added else None
        if old == new:
            continue
        secret = name in rules.SECRET
        before[name] = "•" if secret and old else old
        after[name] = "•" if secret and new else new
    return before, after
