"""The mail log: letters by run, person, kind and state. For who manages mail; contents are not shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, defer, joinedload

from crm.core.errors import Missing
from crm.core.forms import row_number
from crm.notices.models import Letter
from crm.notices.rules import LEASE, LetterKind, LetterState


@dataclass(frozen=True)
class LogFilter:
    """What of the log is shown; None: all."""

    state: LetterState | None = None
    kind: LetterKind | None = None
    person: int | None = None
    slot: str = ""

    @classmethod
    def from_args(cls, args: Mapping[str, str]) -> LogFilter:
        """The filter in an address; what cannot be read is no filter."""
        state, kind = args.get("state", ""), args.get("kind", "")
        return cls(
            LetterState(state) if state in list(LetterState) else None,
            LetterKind(kind) if kind in list(LetterKind) else None,
            row_number(args.get("person", "")),
            args.get("slot", "").strip()[:40],
        )


def log(wanted: LogFilter, now: datetime) -> Select[Letter]:
    """The letters of a filter, for a page of them; a letter whose sender died counts as doubtful."""
    query = select(Letter).options(
        joinedload(Letter.person), defer(Letter.text), defer(Letter.html)
    )
    conditions: list[ColumnElement[bool]] = []
    if wanted.state is LetterState.DOUBTFUL:
        conditions.append(doubtful(now))
    elif wanted.state is not None:
        conditions.append(Letter.state == wanted.state)
    if wanted.kind is not None:
        conditions.append(Letter.kind == wanted.kind)
    if wanted.person is not None:
        conditions.append(Letter.person_id == wanted.person)
    if wanted.slot:
        conditions.append(Letter.slot == wanted.slot)
    return query.where(*conditions)


def doubtful(now: datetime) -> ColumnElement[bool]:
    """Letters of which nobody knows whether they arrived: `rules.lost` as a condition among them."""
    return or_(
        Letter.state == LetterState.DOUBTFUL,
        and_(Letter.state == LetterState.SENDING, Letter.claimed_at < now - LEASE),
    )


def letter(session: Session, letter_id: int) -> Letter:
    """One letter with its person. Missing if there is none."""
    found = session.get(Letter, letter_id, options=[joinedload(Letter.person)])
    if found is None:
        raise Missing
    return found


def counts(session: Session) -> dict[LetterState, int]:
    """How many letters stand where."""
    rows = session.execute(select(Letter.state, func.count()).group_by(Letter.state))
    return dict(rows.all())
