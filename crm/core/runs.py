"""Long work as rows: asked for in a transaction, claimed by one scheduler, read by any process.

A run is never done twice at once: claiming is one conditional update, and every later word about the run
names the attempt it belongs to. Whoever was taken for dead and comes back finds that it is no longer his,
and what he was about to commit is undone with him (`finish` in the same transaction).

Sentences and errors are kept as English message ids and shown through `said`, in the reader's language.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Index,
    Select,
    String,
    Text,
    delete,
    func,
    select,
    text,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from crm.core.actor import Actor
from crm.core.columns import Choice, Key, Moment, sort_text
from crm.core.database import Base
from crm.core.errors import Missing, Refused

LEASE = timedelta(seconds=60)
"""How long a claimed run is left alone when nothing is heard of whoever claimed it."""

MOST_ATTEMPTS = 3
"""A repeatable run that is cut off is tried so often in all."""


class RunState(StrEnum):
    """How far a run is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN = (RunState.WAITING, RunState.RUNNING)


class BackgroundRun(Base):
    """One piece of long work.

    Attributes:
        kind: what is done: a row of `crm.scheduler.KINDS`, with its words in `accounts.labels.RUNS`.
        key: what it is done to, "" where that does not matter: of a kind and key one is open at a time.
        actor_id: who asked; None for the house itself. The work is done in his name and with his rights.
        done, total, sentence: how far; total 0 while nobody knows.
        result: what the kind's function answered.
        error: why it failed, as a sentence; detail: the same for an administrator.
        attempts: how often it was claimed; names the one who holds it.
        lease_until: from then on it may be taken from whoever holds it.
    """

    __tablename__ = "background_run"
    __table_args__ = (
        Index(None, "state", "id"),
        Index(None, "kind", "key", "id"),
        Index(
            "uq_background_run_open",
            "kind",
            "key",
            unique=True,
            sqlite_where=text("key <> '' AND state IN ('waiting', 'running')"),
            postgresql_where=text("key <> '' AND state IN ('waiting', 'running')"),
        ),
    )

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(sort_text(60))
    key: Mapped[str] = mapped_column(sort_text(120), default="")
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON)
    actor_id: Mapped[int | None] = mapped_column(BigInteger)
    actor_name: Mapped[str] = mapped_column(String(60))
    state: Mapped[RunState] = mapped_column(Choice(RunState), default=RunState.WAITING)
    done: Mapped[int] = mapped_column(BigInteger, default=0)
    total: Mapped[int] = mapped_column(BigInteger, default=0)
    sentence: Mapped[str] = mapped_column(String(200), default="")
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    error: Mapped[str] = mapped_column(String(300), default="")
    detail: Mapped[str] = mapped_column(Text, default="")
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(Moment)
    created_at: Mapped[datetime] = mapped_column(Moment)
    started_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)

    @property
    def open(self) -> bool:
        """Whether it is still to be done, or under way."""
        return self.state in OPEN


@dataclass(frozen=True)
class Claim:
    """A run in the hands of one process; `attempt` tells it from those who held it before."""

    id: int
    kind: str
    key: str
    arguments: dict[str, Any]
    actor_id: int | None
    attempt: int


class Lost(Exception):
    """The run is no longer ours: cancelled, or taken for dead and given to another."""


# --- asking and reading ------------------------------------------------------------------------


def enqueue(
    session: Session,
    actor: Actor,
    kind: str,
    arguments: dict[str, Any],
    *,
    now: datetime,
    key: str = "",
) -> int:
    """Ask for work, in the transaction that makes it needed; it starts after the commit.

    Args:
        arguments: JSON that the kind's function understands; rows by number, no contents.
        key: with one, a run of the same kind and key that is still open is the answer, and no second.

    Returns:
        the run's number.
    """
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = {
        "kind": kind,
        "key": key,
        "arguments": arguments,
        "actor_id": actor.id,
        "actor_name": actor.name,
        "created_at": now,
    }
    made = insert(BackgroundRun).values(row).on_conflict_do_nothing()
    while True:
        number = session.scalar(made.returning(BackgroundRun.id))
        if number is None:  # there is an open one, unless it ended this very moment
            number = session.scalar(select(BackgroundRun.id).where(*_of(kind, key), _is(*OPEN)))
        if number is not None:
            return number


def newest(session: Session, kind: str, key: str) -> BackgroundRun | None:
    """The latest run of a kind and key, whatever became of it."""
    query = select(BackgroundRun).where(*_of(kind, key)).order_by(BackgroundRun.id.desc())
    return session.scalars(query.limit(1)).first()


def newest_of(session: Session, kind: str, keys: Collection[str]) -> dict[str, BackgroundRun]:
    """The latest run of a kind for each of some keys, in one read; those without one are left out."""
    latest = (
        select(func.max(BackgroundRun.id))
        .where(BackgroundRun.kind == kind, BackgroundRun.key.in_(keys))
        .group_by(BackgroundRun.key)
    )
    found = session.scalars(select(BackgroundRun).where(BackgroundRun.id.in_(latest)))
    return {row.key: row for row in found}


def get(session: Session, run_id: int) -> BackgroundRun:
    """One run. Missing if there is none; who may know of it is the caller's question."""
    found = session.get(BackgroundRun, run_id)
    if found is None:
        raise Missing
    return found


def all_runs(state: RunState | None = None) -> Select[BackgroundRun]:
    """Every run, or those of a state, to be paged by id."""
    query = select(BackgroundRun)
    return query if state is None else query.where(_is(state))


# --- doing ---------------------------------------------------------------------------------------


def waiting(session: Session) -> bool:
    """Whether anything waits: asked before a write transaction is opened for it."""
    return (
        session.scalar(select(BackgroundRun.id).where(_is(RunState.WAITING)).limit(1)) is not None
    )


def claim(session: Session, now: datetime) -> Claim | None:
    """Take the run that has waited longest; of two schedulers one gets it. None: nothing waits."""
    first = select(BackgroundRun.id).where(_is(RunState.WAITING)).order_by(BackgroundRun.id)
    for number in session.scalars(first.limit(10)).all():
        taken = session.execute(
            update(BackgroundRun)
            .where(BackgroundRun.id == number, _is(RunState.WAITING))
            .values(
                state=RunState.RUNNING,
                attempts=BackgroundRun.attempts + 1,
                lease_until=now + LEASE,
                started_at=now,
            )
            .returning(
                BackgroundRun.id,
                BackgroundRun.kind,
                BackgroundRun.key,
                BackgroundRun.arguments,
                BackgroundRun.actor_id,
                BackgroundRun.attempts,
            )
            .execution_options(synchronize_session=False)
        ).first()
        if taken is not None:
            return Claim(*taken)
    return None


def held(session: Session, run_id: int, attempt: int) -> Claim | None:
    """The claim as the process that does the work reads it; None if the run is no longer its own."""
    row = session.get(BackgroundRun, run_id, populate_existing=True)
    if row is None or row.state is not RunState.RUNNING or row.attempts != attempt:
        return None
    return Claim(row.id, row.kind, row.key, row.arguments, row.actor_id, attempt)


def renew(session: Session, mine: Claim, now: datetime) -> bool:
    """Say that it is being worked on; False if it is no longer ours."""
    return _set(session, mine, lease_until=now + LEASE)


def tell(session: Session, mine: Claim, done: int, total: int, sentence: str) -> None:
    """Say how far it is. Raises Lost."""
    if not _set(session, mine, done=done, total=total, sentence=sentence[:200]):
        raise Lost


def finish(session: Session, mine: Claim, result: dict[str, Any] | None, now: datetime) -> None:
    """It is done: in the transaction of its effect, so that both are there or neither. Raises Lost."""
    whole = BackgroundRun.total
    if not _end(session, mine, RunState.DONE, now, result=result, sentence="", done=whole):
        raise Lost


def fail(session: Session, mine: Claim, error: str, now: datetime, detail: str = "") -> bool:
    """It cannot be done, and trying again would not help."""
    return _end(session, mine, RunState.FAILED, now, error=error[:300], detail=detail[-4000:])


def crashed(session: Session, mine: Claim, repeatable: bool, now: datetime, detail: str) -> bool:
    """Its process is gone without a word: it waits again if it may be repeated, else it failed."""
    if repeatable and mine.attempt < MOST_ATTEMPTS:
        return _set(session, mine, state=RunState.WAITING, lease_until=None, done=0, sentence="")
    error = _("It was cut off. Start it again.")
    return fail(session, mine, error, now, detail)


def abandoned(session: Session, now: datetime) -> list[Claim]:
    """Runs of which nothing was heard for longer than a lease: their scheduler is gone."""
    rows = session.scalars(
        select(BackgroundRun).where(_is(RunState.RUNNING), BackgroundRun.lease_until < now)
    )
    return [
        Claim(row.id, row.kind, row.key, row.arguments, row.actor_id, row.attempts) for row in rows
    ]


def cancel(session: Session, run_id: int, now: datetime) -> BackgroundRun:
    """Stop a run, before it begins or in its midst: what it has not committed is undone.

    Raises:
        Refused: it is over.
    """
    row = session.get(BackgroundRun, run_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise Missing
    if not row.open:
        raise Refused(_("This task is over already."))
    row.state, row.ended_at, row.lease_until = RunState.CANCELLED, now, None
    session.flush()
    return row


def forget(session: Session, before: datetime) -> None:
    """Drop what was over long ago."""
    session.execute(delete(BackgroundRun).where(BackgroundRun.ended_at < before))


# --- one row -------------------------------------------------------------------------------------


def _is(*states: RunState) -> ColumnElement[bool]:
    return BackgroundRun.state.in_(states)


def _of(kind: str, key: str) -> tuple[ColumnElement[bool], ...]:
    return BackgroundRun.kind == kind, BackgroundRun.key == key


def _end(session: Session, mine: Claim, state: RunState, now: datetime, **values: Any) -> bool:
    return _set(session, mine, state=state, ended_at=now, lease_until=None, **values)


def _set(session: Session, mine: Claim, **values: Any) -> bool:
    """Change the run as long as it is this claim's: one statement, which waits for others on the row."""
    changed = session.execute(
        update(BackgroundRun)
        .where(
            BackgroundRun.id == mine.id,
            BackgroundRun.attempts == mine.attempt,
            _is(RunState.RUNNING),
        )
        .values(**values)
        .returning(BackgroundRun.id)
        .execution_options(synchronize_session=False)
    )
    return changed.first() is not None
