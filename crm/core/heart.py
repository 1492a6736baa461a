"""The scheduler's heartbeat: one row that says it lives, what it does next and what went wrong last.

Written each minute by whatever scheduler runs; of several the last one is told: one that lives is enough.
Of an error only its kind and its job are kept: a message may hold what is not for everybody; the log has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from crm.core.columns import Key, Moment
from crm.core.database import Base

BEAT_SECONDS = 60

QUIET = timedelta(minutes=5)
"""Not heard of for so long, the scheduler is taken for dead."""

ONLY = 1
"""The number of the row."""


class SchedulerBeat(Base):
    """The heartbeat.

    Attributes:
        next_runs: when each job runs next, ISO moments by the job's name.
        error: the kind of the last error, "" without one; error_job: where it happened.
    """

    __tablename__ = "scheduler_beat"

    id: Mapped[Key]
    at: Mapped[datetime] = mapped_column(Moment)
    next_runs: Mapped[dict[str, str]] = mapped_column(JSON)
    error: Mapped[str] = mapped_column(String(100), default="")
    error_job: Mapped[str] = mapped_column(String(100), default="")
    error_at: Mapped[datetime | None] = mapped_column(Moment)


class Pulse(StrEnum):
    """Whether the scheduler lives."""

    OK = "ok"
    QUIET = "quiet"
    NEVER = "never"


@dataclass(frozen=True)
class Failure:
    """A job that ended with an error."""

    job: str
    error: str
    at: datetime


@dataclass(frozen=True)
class Health:
    """How the scheduler is, for whoever looks after the house.

    Attributes:
        at: when it was last heard of. next_runs: by the job's name, the earliest first.
        failure: the last one, however long ago.
    """

    pulse: Pulse
    at: datetime | None = None
    next_runs: Mapping[str, datetime] = field(default_factory=dict)
    failure: Failure | None = None


def beat(
    session: Session,
    next_runs: Mapping[str, datetime | None],
    failure: Failure | None,
    now: datetime,
) -> None:
    """Say that the scheduler lives; an earlier failure stays until there is a later one."""
    row = session.get(SchedulerBeat, ONLY)
    if row is None:
        row = SchedulerBeat(id=ONLY, at=now, next_runs={})
        session.add(row)
    row.at = now
    row.next_runs = {name: at.isoformat() for name, at in next_runs.items() if at is not None}
    if failure is not None:
        row.error, row.error_job = failure.error[:100], failure.job[:100]
        row.error_at = failure.at


def health(session: Session, now: datetime) -> Health:
    """One query."""
    row = session.get(SchedulerBeat, ONLY)
    if row is None:
        return Health(Pulse.NEVER)
    runs = {name: datetime.fromisoformat(at) for name, at in row.next_runs.items()}
    failure = Failure(row.error_job, row.error, row.error_at) if row.error_at else None
    return Health(
        Pulse.OK if now - row.at <= QUIET else Pulse.QUIET,
        row.at,
        dict(sorted(runs.items(), key=lambda pair: pair[1])),
        failure,
    )
