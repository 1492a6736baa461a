"""Reading the audit: a subject's timeline, what changed since a version, whether the seals hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from crm.audit import rules
from crm.audit.models import Entry, Head, Seal
from crm.core.errors import Change


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
    """The auditor's selection, to be paged by id."""
    query = select(Entry)
    if kind:
        query = query.where(Entry.subject_kind == kind)
    if subject_id is not None:
        query = query.where(Entry.subject_id == subject_id)
    if actor_id is not None:
        query = query.where(Entry.actor_id == actor_id)
    if action:
        query = query.where(Entry.action == action)
    if since is not None:
        query = query.where(Entry.at >= since)
    if until is not None:
        query = query.where(Entry.at < until)
    return query


@dataclass(frozen=True)
class Verdict:
    """What `crm audit verify` found: `broken` names the first thing wrong, empty when all holds."""

    seals: int
    entries: int
    head: str
    broken: str = ""


def verify(session: Session) -> Verdict:
    """Walk the whole chain, in constant memory, and name the first entry changed, removed, reordered or cut."""
    previous, seals, count = rules.GENESIS, 0, 0
    last_entry = 0
    for seal, group in _sealed(session):
        seals += 1
        count += len(group)
        where = f"seal {seal.id} (entries {[entry.id for entry in group] or 'none'})"
        if seal.previous != previous:
            return Verdict(seals, count, previous, f"{where} does not follow the seal before it")
        if len(group) != seal.entries:
            return Verdict(
                seals, count, previous, f"{where} covers {seal.entries} entries, {len(group)} are there"
            )
        if rules.digest(previous, [sealed_form(entry) for entry in group]) != seal.hash:
            return Verdict(seals, count, previous, f"{where} no longer matches its entries")
        previous = seal.hash
        last_entry = max(last_entry, *(entry.id for entry in group))
    return Verdict(seals, count, previous, _tail(session, seals, previous))


def _sealed(session: Session) -> Iterator[tuple[Seal, list[Entry]]]:
    seals = session.scalars(select(Seal).order_by(Seal.id).execution_options(yield_per=500))
    for batch in seals.partitions():
        keys = [seal.transaction_id for seal in batch]
        groups: dict[str, list[Entry]] = {key: [] for key in keys}
        found = session.scalars(
            select(Entry).where(Entry.transaction_id.in_(keys)).order_by(Entry.id)
        )
        for entry in found:
            groups[entry.transaction_id].append(entry)
        for seal in batch:
            yield seal, groups[seal.transaction_id]
        session.expunge_all()


def _tail(session: Session, seals: int, last: str) -> str:
    head = session.get(Head, 1)
    if head is None:
        return "" if seals == 0 else "the chain's head is missing"
    if (head.seals, head.hash) != (seals, last):
        return f"the tail was cut: the head knows {head.seals} seals, {seals} are there"
    stray = session.scalar(
        select(Entry.id)
        .where(Entry.transaction_id.not_in(select(Seal.transaction_id)))
        .order_by(Entry.id)
        .limit(1)
    )
    return "" if stray is None else f"entry {stray} stands under no seal"


def sealed_form(entry: Entry) -> dict[str, Any]:
    """Everything of an entry that its seal covers."""
    form = {
        column.key: getattr(entry, column.key) for column in Entry.__mapper__.column_attrs
    }
    form["at"] = entry.at.astimezone(UTC).isoformat()
    return form
