"""Writing the audit: one entry a change, one seal a transaction."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import Table, insert, inspect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapper, Session

from crm.audit import rules
from crm.audit.models import Entry, Head, Seal
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
        after = _created(row)
    else:
        before, after = _differences(row)
        session.flush()
    record_values(
        session, actor, action, row, now=now, on=on, note=note, before=before, after=after
    )


@dataclass(frozen=True)
class Told:
    """One of several changes of the same kind: the row, whose timeline shows it, and what is said besides.

    Attributes:
        more: what happened with it and is no column of the row, such as the files that came with it.
    """

    row: Base
    on: Subject
    note: str = ""
    more: dict[str, Any] = field(default_factory=dict)


def record_each(
    session: Session, actor: Actor, action: str, changes: Sequence[Told], *, now: datetime
) -> None:
    """As `record` for each of many rows, in few statements for all of them."""
    found = []
    for change in changes:
        state = inspect(change.row)
        fresh = state.transient or state.pending
        found.append(None if fresh else _differences(change.row))
    session.add_all(change.row for change in changes)
    session.flush()
    for change, differences in zip(changes, found, strict=True):
        before, after = differences or ({}, _created(change.row))
        what = _what(session, actor, action, change.row, now, change.on, change.note)
        told = {"before": rules.plain(before), "after": rules.plain(after | change.more)}
        _unsealed(session).add(session, what | told)


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
    what = _what(session, actor, action, row, now, on, note)
    told = {"before": rules.plain(before or {}), "after": rules.plain(after or {})}
    _unsealed(session).add(session, what | told)


class Unsealed:
    """A transaction's entries on their way to its seal: written some hundred at a time, never read back.

    Attributes:
        marks: number and digest of each entry that is written.
    """

    def __init__(self) -> None:
        self.marks: list[tuple[int, str]] = []
        self._waiting: list[dict[str, Any]] = []
        self._last = 0

    def add(self, session: Session, entry: dict[str, Any]) -> None:
        """Take an entry; its number comes with the writing, in the order in which they were taken."""
        self._waiting.append(entry)
        if len(self._waiting) >= TOGETHER:
            self.write(session)

    def write(self, session: Session) -> None:
        """Write what waits. The digest is of the columns as they were given."""
        if not self._waiting:
            return
        connection = session.connection()
        connection.execute(insert(_TABLE), self._waiting)
        numbers = connection.scalars(
            select(_TABLE.c.id)
            .where(_TABLE.c.transaction_id == session.info["transaction"], _TABLE.c.id > self._last)
            .order_by(_TABLE.c.id)
        ).all()
        self.marks += [
            (number, rules.entry_digest(rules.sealed_form(entry | {"id": number})))
            for number, entry in zip(numbers, self._waiting, strict=True)
        ]
        self._last = numbers[-1]
        self._waiting.clear()


TOGETHER = 500
"""Entries that are written at once, and held in memory until then."""

_TABLE = cast(Table, Entry.__table__)


def _unsealed(session: Session) -> Unsealed:
    found: Unsealed = session.info.setdefault("unsealed", Unsealed())
    return found


def seal(session: Session) -> None:
    """Write the transaction's entries and close them under one hash: the commit door's last statement.

    The chain's head is locked only here, after every other row, so writers queue for an instant.
    """
    unsealed = _unsealed(session)
    unsealed.write(session)
    if not unsealed.marks:
        return
    head = _head(session)
    digest = rules.digest(head.hash, unsealed.marks)
    session.add(
        Seal(
            transaction_id=session.info["transaction"],
            marks=[[number, text[: rules.SHORT]] for number, text in unsealed.marks],
            previous=head.hash,
            hash=digest,
        )
    )
    head.seals += 1
    head.hash = digest
    session.flush()


def seal_chapter(session: Session) -> None:
    """Seal what a long transaction did so far and go on under a number of its own.

    For years told at once: `verify` walks them in parts. All of it still stands or falls with the commit.
    """
    session.flush()
    seal(session)
    session.info["transaction"] = uuid.uuid4().hex
    session.info["unsealed"] = Unsealed()


def _head(session: Session) -> Head:
    """The chain's end, locked. Of two first writers one makes it and the other waits for him."""
    head = session.get(Head, 1, with_for_update=True, populate_existing=True)
    if head is None:
        dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
        first = dialect.insert(Head).values(id=1, seals=0, hash=rules.GENESIS)
        session.execute(first.on_conflict_do_nothing())
        head = session.get_one(Head, 1, with_for_update=True, populate_existing=True)
    return head


def _what(
    session: Session,
    actor: Actor,
    action: str,
    row: Base,
    now: datetime,
    on: Subject | None,
    note: str,
) -> dict[str, Any]:
    """Everything of an entry but what changed."""
    row_kind, row_id = row.__tablename__, int(row.id)  # type: ignore[attr-defined]
    kind, subject_id = on or (row_kind, row_id)
    return {
        "at": now,
        "transaction_id": session.info["transaction"],
        "door": session.info["door"],
        "actor_id": actor.id,
        "actor_name": actor.name,
        "action": action,
        "subject_kind": kind,
        "subject_id": subject_id,
        "row_kind": row_kind,
        "row_id": row_id,
        "version": getattr(row, "version", None),
        "note": note,
    }


def _created(row: Base) -> dict[str, Any]:
    """What a new row says: every column that holds something."""
    return {
        name: value
        for name, value in _columns(row).items()
        if value not in (None, "", False) and name != "id"
    }


def _columns(row: Base) -> dict[str, Any]:
    mapper = inspect(row).mapper
    return {
        column.key: "•"
        if column.key in rules.SECRET and getattr(row, column.key)
        else getattr(row, column.key)
        for column in mapper.column_attrs
    }


@cache
def _names(mapper: Mapper[Any]) -> tuple[str, ...]:
    """The names of a row's columns, in their order."""
    return tuple(attribute.key for attribute in mapper.column_attrs)


def _differences(row: Base) -> tuple[dict[str, Any], dict[str, Any]]:
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    state = inspect(row)
    unmodified = state.unmodified
    for name in _names(state.mapper):
        if name in unmodified:
            continue
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
