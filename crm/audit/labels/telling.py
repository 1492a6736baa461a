"""An entry told in words: what was done, and what changed from what to what."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Boolean

from crm.audit.labels.words import ACTIONS, FIELDS, KINDS
from crm.audit.models import Entry
from crm.audit.queries import Names, link_of
from crm.core.clock import SHANGHAI
from crm.core.columns import Choice, Fen, Moment
from crm.core.database import Base
from crm.core.errors import Change
from crm.values.money import Money, exact_yuan

UNTOLD = frozenset(
    {
        "name_key", "name_pinyin", "pinyin", "initials", "path", "token_hash", "device_hash", "sha256",
        "search_text", "version", "agent", "person_id", "made_at", "seen_at", "lead_id", "project_id",
        "core_key", "group_key", "other_id", "firm_key", "protection_id",
    }
)  # fmt: skip
"""Columns that say nothing to a reader: keys derived from others, and what the subject says already."""

MOST = 400
"""How much of a long text is shown."""

Label = Callable[[Any], Any]


@dataclass(frozen=True)
class Told:
    """One entry in words; what changed is (name of the column, before, after), '' where there was nothing."""

    id: int
    when: datetime
    who: str
    title: str
    note: str
    subject: str
    changes: list[tuple[str, str, str]]


def action_words(action: str) -> Any:
    """What was done."""
    return ACTIONS.get(action, action)


def subject_words(kind: str) -> Any:
    """What it was done to."""
    return KINDS.get(kind, kind)


def field_words(name: str) -> Any:
    """What a column is called."""
    return FIELDS.get(name, name)


def tell(entries: Iterable[Entry], names: Names, label: Label) -> list[Told]:
    """Entries in the reader's language.

    Args:
        names: of the rows that columns point to (`queries.names`).
        label: the words of enums.
    """
    return [_told(entry, names, label) for entry in entries]


def _told(entry: Entry, names: Names, label: Label) -> Told:
    columns = [name for name in {**entry.before, **entry.after} if name not in UNTOLD]
    return Told(
        id=entry.id,
        when=entry.at,
        who=_("the system") if entry.actor_id is None else entry.actor_name,
        title=str(action_words(entry.action)),
        note=entry.note,
        subject=f"{subject_words(entry.subject_kind)} {_called(entry, names)}",
        changes=[
            (
                str(field_words(name)),
                in_words(entry.row_kind, name, entry.before.get(name), names, label),
                in_words(entry.row_kind, name, entry.after.get(name), names, label),
            )
            for name in columns
        ],
    )


def _called(entry: Entry, names: Names) -> str:
    return names.get((entry.subject_kind, entry.subject_id), str(entry.subject_id))


def in_words(table: str, column: str, value: Any, names: Names, label: Label) -> str:
    """A value as the audit keeps it, as people read it: an enum's word, a row's name, an amount in yuan."""
    if value is None or value == "":
        return ""
    if isinstance(value, list):
        return str(_(", ")).join(in_words(table, column, one, names, label) for one in value)
    known = Base.metadata.tables.get(table)
    kind = known.c[column].type if known is not None and column in known.c else None
    if isinstance(kind, Choice) and value in set(kind.kind):
        return str(label(kind.kind(value)))
    if isinstance(kind, Fen) and isinstance(value, int):
        return str(_("%(amount)s yuan", amount=exact_yuan(Money(value))))
    if isinstance(kind, Moment) and isinstance(value, str):
        return datetime.fromisoformat(value).astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
    if isinstance(kind, Boolean) or isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, int) and (target := link_of(table, column)):
        return names.get((target, value), f"#{value}")
    text = str(value)
    return text if len(text) <= MOST else text[:MOST] + "…"


def changes_in_words(
    changes: Iterable[Change], table: str, names: Names, label: Label
) -> list[Change]:
    """What others did to a row, for the second of two editors."""
    return [
        Change(
            change.who,
            change.when,
            str(field_words(change.field)),
            in_words(table, change.field, change.before, names, label),
            in_words(table, change.field, change.after, names, label),
        )
        for change in changes
        if change.field not in UNTOLD
    ]
