"""Reading the audit: a subject's timeline, what changed since a version, whether the seals hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import Session

from crm.audit import rules
from crm.audit.models import Entry, Head, Seal
from crm.core.database import Base
from crm.core.errors import Change, Missing
from crm.core.paging import Page, Sort, turn


def timeline(session: Session, kind: str, subject_id: int, limit: int = 200) -> list[Entry]:
    """A subject's entries, newest first. The caller has checked that the reader may see the subject."""
    return list(
        session.scalars(
            select(Entry)
            .where(Entry.subject_kind == kind, Entry.subject_id == subject_id)
            .order_by(Entry.id.desc())
            .limit(limit)
        )
    )


def changes_since(session: Session, row_kind: str, row_id: int, version: int) -> list[Change]:
    """What others did to a row after it had this version, oldest first; for the second of two editors."""
    entries = session.scalars(
        select(Entry)
        .where(Entry.row_kind == row_kind, Entry.row_id == row_id, Entry.version > version)
        .order_by(Entry.id)
        .limit(50)
    )
    return [
        Change(entry.actor_name, entry.at, name, entry.before.get(name), value)
        for entry in entries
        for name, value in entry.after.items()
    ]


def entries(
    *,
    kind: str = "",
    subject_id: int | None = None,
    actor_id: int | None = None,
    action: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> Select[Entry]:
    """The auditor's selection, to be paged by id.

    Args:
        actor_id: whose doing; 0 for the system's own.
        since, until: from this instant on, and before that one.
    """
    query = select(Entry)
    if kind:
        query = query.where(Entry.subject_kind == kind)
    if subject_id is not None:
        query = query.where(Entry.subject_id == subject_id)
    if actor_id is not None:
        query = query.where(Entry.actor_id == actor_id if actor_id else Entry.actor_id.is_(None))
    if action:
        query = query.where(Entry.action == action)
    if since is not None:
        query = query.where(Entry.at >= since)
    if until is not None:
        query = query.where(Entry.at < until)
    return query


def newest(
    session: Session, query: Select[Entry], after: str | None, before: str | None
) -> Page[Entry]:
    """One page of a selection, newest first."""
    newest_first = Sort(Entry.id, Entry.id, descending=True)  # type: ignore[arg-type]
    return turn(session, query, newest_first, after=after, before=before)


def entry(session: Session, entry_id: int) -> Entry:
    """One entry.

    Raises:
        Missing: there is none.
    """
    found = session.get(Entry, entry_id)
    if found is None:
        raise Missing
    return found


# --- names of what entries mention -------------------------------------------------------------

Names = dict[tuple[str, int], str]
"""(table, number) → name."""

NAMED = frozenset(
    {
        "attraction_model", "chain", "chain_node", "cluster", "district", "park", "person", "scenario",
        "term", "unit",
    }
)  # fmt: skip
"""Tables whose names are no secret inside the house; rows of others are told by number."""

TITLE = {"scenario": "title"}


def link_of(table: str, column: str) -> str:
    """The table that a column points to; '' where it points to none."""
    known = Base.metadata.tables.get(table)
    if known is None or column not in known.c:
        return ""
    return next((key.column.table.name for key in known.c[column].foreign_keys), "")


def names(session: Session, rows: Iterable[Entry]) -> Names:
    """The names of the rows that entries are about and point to: one query for each table mentioned."""
    wanted: dict[str, set[int]] = {}
    for row in rows:
        if row.subject_kind in NAMED:
            wanted.setdefault(row.subject_kind, set()).add(row.subject_id)
        for side in (row.before, row.after):
            for column, value in side.items():
                _want(wanted, row.row_kind, column, value)
    return _names(session, wanted)


def names_of_changes(session: Session, table: str, changes: Iterable[Change]) -> Names:
    """The names of the rows that changes of one table's row point to."""
    wanted: dict[str, set[int]] = {}
    for change in changes:
        _want(wanted, table, change.field, change.before)
        _want(wanted, table, change.field, change.after)
    return _names(session, wanted)


def _want(wanted: dict[str, set[int]], table: str, column: str, value: Any) -> None:
    if isinstance(value, int) and not isinstance(value, bool):
        target = link_of(table, column)
        if target in NAMED:
            wanted.setdefault(target, set()).add(value)


def _names(session: Session, wanted: dict[str, set[int]]) -> Names:
    found: Names = {}
    for name, numbers in sorted(wanted.items()):
        table = Base.metadata.tables[name]
        query = select(table.c.id, table.c[TITLE.get(name, "name")]).where(table.c.id.in_(numbers))
        found |= {(name, number): text for number, text in session.execute(query)}
    return found


# --- does the chain hold? ----------------------------------------------------------------------


@dataclass(frozen=True)
class Verdict:
    """What `crm audit verify` found: `broken` names the first thing wrong, empty when all holds.

    Attributes:
        head: the hash of the last good seal. Kept elsewhere, it shows later whether somebody who
            could rewrite everything, head and all, has done so.
    """

    seals: int
    entries: int
    head: str
    broken: str = ""


BATCH = 500


def verify(session: Session) -> Verdict:
    """Walk the chain in constant memory; name the first entry changed, removed, reordered or cut."""
    previous, seals, count = rules.GENESIS, 0, 0
    for seal, group in _sealed(session):
        if wrong := _wrong(seal, group, previous):
            return Verdict(seals, count, previous, wrong)
        seals += 1
        count += len(group)
        previous = seal.hash
    return Verdict(seals, count, previous, _tail(session, seals, previous))


def _wrong(seal: Seal, group: list[Entry], previous: str) -> str:
    """What does not fit in one sealed transaction; '' when all does."""
    first = seal.marks[0][0] if seal.marks else "?"
    if seal.previous != previous:
        return f"entry {first}: seal {seal.id} does not follow the seal before it"
    found = {entry.id: rules.entry_digest(sealed_form(entry)) for entry in group}
    known = {number for number, _ in seal.marks}
    for number, short in seal.marks:
        if number not in found:
            return f"entry {number} was removed (seal {seal.id})"
        if found[number][: rules.SHORT] != short:
            return f"entry {number} was changed (seal {seal.id})"
    if added := sorted(found.keys() - known):
        return f"entry {added[0]} was put under seal {seal.id} later"
    if rules.digest(previous, [(number, found[number]) for number, _ in seal.marks]) != seal.hash:
        return f"entry {first}: seal {seal.id} was changed"
    return ""


def _sealed(session: Session) -> Iterator[tuple[Seal, list[Entry]]]:
    """Each seal with the entries under it, some hundred seals at a time."""
    last = 0
    while batch := session.scalars(
        select(Seal).where(Seal.id > last).order_by(Seal.id).limit(BATCH)
    ).all():
        last = batch[-1].id
        groups: dict[str, list[Entry]] = {seal.transaction_id: [] for seal in batch}
        found = select(Entry).where(Entry.transaction_id.in_(groups)).order_by(Entry.id)
        for entry in session.scalars(found):
            groups[entry.transaction_id].append(entry)
        for seal in batch:
            yield seal, groups[seal.transaction_id]
        session.expunge_all()


def _tail(session: Session, seals: int, last: str) -> str:
    stray = session.scalar(
        select(Entry.id)
        .where(Entry.transaction_id.not_in(select(Seal.transaction_id)))
        .order_by(Entry.id)
        .limit(1)
    )
    if stray is not None:
        return f"entry {stray} stands under no seal"
    head = session.get(Head, 1)
    if head is None:
        return "" if seals == 0 else "the chain's head was removed"
    if (head.seals, head.hash) == (seals, last):
        return ""
    end = session.scalar(select(func.max(Entry.id))) or 0
    return (
        f"the tail was cut after entry {end}: the head knows {head.seals} seals, {seals} are there"
    )


def sealed_form(entry: Entry | Row[Any]) -> dict[str, Any]:
    """Everything of an entry that its seal covers."""
    return rules.sealed_form(
        {column.key: getattr(entry, column.key) for column in Entry.__mapper__.column_attrs}
    )
